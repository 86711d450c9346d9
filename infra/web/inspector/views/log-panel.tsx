/** The event log: the newest lines while it runs, all of them once it is frozen. A click on a line goes to its moment and actor. */
import { time } from "../../page/formats.js";
import { readableName, readableType, stateText } from "../model/actor-names.js";
import type { Entry } from "../model/entry.js";
import type { LogFilter } from "../model/filter.js";
import { cursorRow, freeze, isFrozen, listEnd, logRows, unfreeze } from "../model/log-rows.js";
import { openPanel } from "../model/panels.js";
import { backToLive, chosenId, cursor, filter, goTo, places, recording, timezone } from "../model/shown.js";
import { file } from "../model/source.js";
import { VirtualList } from "./virtual-list.js";

const rowHeight = 26;

export function LogPanel() {
  const rows = logRows.value;
  const inSight = cursor.value === undefined ? rows.length - 1 : cursorRow.value;
  const missed = recording.value.missed.value;
  return (
    <section class="panel log" aria-label="Event log" data-panel="log">
      <header>
        <h2>Log</h2>
        <span class="small soft" data-testid="log-count">
          {heard()}
        </span>
        {missed > 0 && (
          <span class="tag badge warn" title="Events that did not fit on their way: inspect fewer actors">
            {missed.toLocaleString("en-GB")} missed
          </span>
        )}
        <Filters />
        <span class="header-end">{file.value === undefined && <FreezeButton />}</span>
      </header>
      {rows.length === 0 ? (
        <p class="nothing small soft">
          {places.value.last < places.value.first ? "Nothing was heard yet." : "Nothing passes the filter."}
        </p>
      ) : (
        <Rows rows={rows} inSight={inSight} />
      )}
    </section>
  );
}

function Rows({ rows, inSight }: { readonly rows: readonly Entry[]; readonly inSight: number }) {
  const current = cursor.value === undefined ? -1 : cursorRow.value;
  return (
    <VirtualList
      {...{ rows, rowHeight, className: "log-rows", inSight }}
      listed={`${rows.length} ${cursor.value ?? rows.at(-1)?.place}`}
      attributes={{
        ...{ role: "listbox", "aria-label": "Events, oldest first; arrow keys move in time" },
        "aria-activedescendant": current === -1 ? undefined : `entry-${rows[current]?.place}`,
        onWheel(event) {
          if (event.deltaY < 0) freeze();
        },
        onTouchMove: freeze,
        onKeyDown(event) {
          if (walk(event.key, rows, current)) event.preventDefault();
        },
      }}
      draw={(entry) => <Row key={entry.place} entry={entry} isCurrent={rows[current]?.place === entry.place} />}
    />
  );
}

function heard(): string {
  const { first, last } = places.value;
  const all = last - first + 1;
  const listed = listEnd.value === undefined ? "" : `${logRows.value.length.toLocaleString("en-GB")} of `;
  return `${listed}${all.toLocaleString("en-GB")} ${all === 1 ? "event" : "events"}`;
}

function FreezeButton() {
  return isFrozen.value ? (
    <button
      type="button"
      class="small main"
      onClick={() => {
        unfreeze();
        backToLive();
      }}
    >
      Go on
    </button>
  ) : (
    <button type="button" class="small" onClick={freeze}>
      Freeze
    </button>
  );
}

function Filters() {
  const change = (part: Partial<LogFilter>) => {
    filter.value = { ...filter.value, ...part };
  };
  const { actor, type, pulse, actions } = filter.value;
  return (
    <div class="filters">
      <input
        type="search"
        placeholder="Actor: bidding, -peer"
        aria-label="Filter by actor; a minus leaves out"
        value={actor}
        onInput={({ currentTarget }) => change({ actor: currentTarget.value })}
      />
      <input
        type="search"
        placeholder="Type or topic: ALARM, orders"
        aria-label="Filter by type of event or topic; a minus leaves out"
        value={type}
        onInput={({ currentTarget }) => change({ type: currentTarget.value })}
      />
      <label
        class="tick small"
        title="The clock, heartbeats, alarms that are set and go off, and what is done upon them"
      >
        <input
          type="checkbox"
          checked={pulse}
          onChange={({ currentTarget }) => change({ pulse: currentTarget.checked })}
        />
        Ticks
      </label>
      <label class="tick small" title="What actors do besides changing their state">
        <input
          type="checkbox"
          checked={actions}
          onChange={({ currentTarget }) => change({ actions: currentTarget.checked })}
        />
        Actions
      </label>
    </div>
  );
}

function show(entry: Entry): void {
  freeze();
  if (entry.kind !== "missed") chosenId.value = entry.actor;
  goTo(entry.place);
}

/** @returns whether the key means something here */
function walk(key: string, rows: readonly Entry[], current: number): boolean {
  const from = current === -1 ? rows.length : current;
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: rows.length - 1 },
    ...{ PageDown: from + 10, PageUp: from - 10 },
  };
  const to = steps[key];
  if (key === "Enter") openPanel.value = "centre";
  if (to === undefined) return key === "Enter";
  const next = rows[Math.min(Math.max(0, to), rows.length - 1)];
  if (next !== undefined) show(next);
  return true;
}

const signs: Readonly<Record<Entry["kind"], string>> = {
  ...{ event: "→", transition: "⇒", action: "·", started: "+", stopped: "×", missed: "!" },
};

function Row({ entry, isCurrent }: { readonly entry: Entry; readonly isCurrent: boolean }) {
  const { place, kind, actor, type, from, topic, value, missed, ts, at } = entry;
  const [node = ""] = actor.split("/");
  const name = readableName(recording.value.actor(actor)?.name ?? "", timezone.value);
  const classes = ["entry", kind, ...(isCurrent ? ["current"] : []), ...(actor === chosenId.value ? ["own"] : [])];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list around it hears the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list around it has the focus and names this one as its active descendant
    <div
      id={`entry-${place}`}
      role="option"
      aria-selected={isCurrent}
      class={classes.join(" ")}
      onClick={() => show(entry)}
    >
      <span class="when" title={`market ${ts}, wall ${new Date(at).toISOString()}`}>
        {time(Date.parse(ts), "seconds", timezone.value)}
      </span>
      <span class="who" title={actor}>
        {actor} {name !== node && <span class="soft">{name.replace(`${node} `, "")}</span>}
      </span>
      <span class="sign" title={kind}>
        {signs[kind]}
      </span>
      <span class="what">
        {kind === "missed" ? `${missed} events did not fit and are missing here` : readableType(type, timezone.value)}
        {kind === "transition" && <strong> {stateText(value)}</strong>}
      </span>
      <span class="from soft">
        {[from === null ? "" : `from ${from}`, topic ?? ""].filter((part) => part !== "").join(" on ")}
      </span>
    </div>
  );
}
