/** All actors with the state that each is in, by node and by who made them. Arrow keys walk through it. */
import { computed, signal } from "@preact/signals";
import { zoneName } from "../../page/formats.js";
import { isOperator } from "../../page/session.js";
import { type ActorLine, type TreeLine, treeLines } from "../model/actor-tree.js";
import { openPanel } from "../model/panels.js";
import { chosenId, recording, shownPlace, timezone } from "../model/shown.js";
import { file } from "../model/source.js";
import { VirtualList } from "./virtual-list.js";

const words = signal("");
const ended = signal(false);
const helpers = signal(false);
const closed = signal<ReadonlySet<string>>(new Set());
/** The line that the keyboard is at. */
const at = signal<string | undefined>(undefined);

const lines = computed(() => {
  recording.value.version.value;
  const options = { words: words.value, ended: ended.value, helpers: helpers.value, closed: closed.value };
  return treeLines(recording.value.actors(), { ...options, place: shownPlace.value, timezone: timezone.value });
});

const rowHeight = 42;

export function ActorTree() {
  const current = lines.value.findIndex(
    ({ id, kind }) => id === (at.value ?? (kind === "actor" ? chosenId.value : "")),
  );
  return (
    <section class="panel actors" aria-label="Actors" data-panel="actors">
      <header>
        <h2>Actors</h2>
        <span class="small soft" data-testid="actor-count">
          {count(lines.value)}
          {lines.value.some((line) => line.kind === "actor" && line.start !== undefined) && zoneShown()}
        </span>
      </header>
      <div class="filters">
        <input
          type="search"
          class="small"
          placeholder="Filter"
          aria-label="Filter actors by name, machine or state; a minus leaves out"
          value={words.value}
          onInput={({ currentTarget }) => {
            words.value = currentTarget.value;
          }}
        />
        <Tick on={helpers} label="Alarms" title="Alarms and other actors that are no state machines" />
        <Tick on={ended} label="Ended" title="Actors that are over" />
      </div>
      {lines.value.length === 0 ? (
        <p class="nothing small soft">
          {recording.value.actors().length > 0
            ? "No actor passes the filter."
            : isOperator.value || file.value !== undefined
              ? "No actor has been told of yet."
              : "None yet: sign in as the operator, or open a log."}
        </p>
      ) : (
        <VirtualList
          {...{ rows: lines.value, rowHeight, className: "tree", inSight: current, listed: "" }}
          attributes={{
            ...{ role: "tree", "aria-label": "Actors by node" },
            "aria-activedescendant": current === -1 ? undefined : `line-${current}`,
            onKeyDown(event) {
              if (walk(event.key, current)) event.preventDefault();
            },
          }}
          draw={(line, index) => <Line key={line.id} {...{ line, index, isCurrent: index === current }} />}
        />
      )}
    </section>
  );
}

function Tick({ on, label, title }: { readonly on: typeof ended; readonly label: string; readonly title: string }) {
  return (
    <label class="tick small" title={title}>
      <input
        type="checkbox"
        checked={on.value}
        onChange={({ currentTarget }) => {
          on.value = currentTarget.checked;
        }}
      />
      {label}
    </label>
  );
}

function count(all: readonly TreeLine[]): string {
  const tops = all.filter(({ depth }) => depth === 0);
  const living = tops.reduce((sum, line) => sum + line.living, 0);
  return `${living} in ${tops.length} ${tops.length === 1 ? "node" : "nodes"}`;
}

/** What the market's clocks are called at the moment shown; empty before there is one. */
function zoneShown(): string {
  const entry = recording.value.entry(shownPlace.value);
  return entry === undefined ? "" : `, times ${zoneName(Date.parse(entry.ts), timezone.value)}`;
}

function choose(line: TreeLine): void {
  at.value = line.id;
  if (line.kind === "actor") chosenId.value = line.id;
}

function turn(id: string, isOpen: boolean): void {
  const now = new Set(closed.value);
  if (isOpen) now.delete(id);
  else now.add(id);
  closed.value = now;
}

/** @returns whether the key means something here */
function walk(key: string, current: number): boolean {
  const all = lines.peek();
  const line = all[current];
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: all.length - 1 },
    ...{ PageDown: current + 10, PageUp: current - 10 },
  };
  const to = steps[key];
  if (to !== undefined) {
    const next = all[Math.min(Math.max(0, to), all.length - 1)];
    if (next !== undefined) choose(next);
    return true;
  }
  if (line === undefined) return false;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    turn(line.id, key === "ArrowRight");
    return true;
  }
  if (line.kind === "node" && (key === "Enter" || key === " ")) {
    turn(line.id, line.isOpen === false);
    return true;
  }
  if (key === "Enter") {
    openPanel.value = "centre";
    return true;
  }
  return false;
}

interface LineProps {
  readonly line: TreeLine;
  readonly index: number;
  readonly isCurrent: boolean;
}

function Line({ line, index, isCurrent }: LineProps) {
  const id = `line-${index}`;
  const current = isCurrent ? " current" : "";
  if (line.kind === "node") {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it hears the keys
      // biome-ignore lint/a11y/useFocusableInteractive: the tree around it has the focus and names this one as its active descendant
      <div
        id={id}
        role="treeitem"
        class={`line node${current}`}
        {...{ "aria-level": 1, "aria-expanded": line.isOpen, "aria-selected": false }}
        onClick={() => {
          at.value = line.id;
          turn(line.id, line.isOpen === false);
        }}
      >
        <Twist line={line} />
        <strong>{line.id}</strong>
        <span class="small soft">{line.living}</span>
      </div>
    );
  }
  return <Actor {...{ line, id, current }} />;
}

function Actor({ line, id, current }: { readonly line: ActorLine; readonly id: string; readonly current: string }) {
  const isChosen = chosenId.value === line.id;
  const isFresh = line.changedAt === shownPlace.value;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it hears the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the tree around it has the focus and names this one as its active descendant
    <div
      id={id}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-expanded={line.isOpen}
      aria-selected={isChosen}
      class={`line actor ${line.status}${current}${isChosen ? " chosen" : ""}${isFresh ? " fresh" : ""}`}
      style={{ paddingInlineStart: `${0.4 + line.depth * 0.9}rem` }}
      title={[line.id, line.machine === null ? "" : `machine ${line.machine}`, line.start ?? ""]
        .filter((part) => part !== "")
        .join(", ")}
      data-actor={line.id}
      onClick={() => {
        choose(line);
        openPanel.value = "centre";
      }}
    >
      <Twist line={line} />
      <span class="standing" aria-hidden="true" />
      <span class="name">
        {line.depth === 0 ? <strong>{line.name}</strong> : line.name}{" "}
        <span class="small soft">
          {line.depth === 0 && line.name !== line.id.split("/")[0] ? line.id : line.id.split("/")[1]}
        </span>
      </span>
      <span class="state small" data-testid="actor-state">
        {line.status === "active" ? line.state || "running" : line.status}
      </span>
    </div>
  );
}

/** Opens and closes what is below a line. */
function Twist({ line: { id, isOpen } }: { readonly line: TreeLine }) {
  if (isOpen === undefined) return <span class="twist none" />;
  return (
    <span
      class={`twist${isOpen ? " open" : ""}`}
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation();
        turn(id, !isOpen);
      }}
    />
  );
}
