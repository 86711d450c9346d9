/** What the chosen actor knows at the moment shown, what of it changed with its last event, and that event. */
import { computed } from "@preact/signals";
import { contextPath } from "../../../../shared/context-path.js";
import { readableType } from "../model/actor-names.js";
import { differences } from "../model/context.js";
import type { Entry } from "../model/entry.js";
import { chosen, chosenMoment, cursor, momentBefore, recording, shownPlace, timezone } from "../model/shown.js";
import { Scrolls } from "./scrolls.js";
import { oneLine, ValueTree } from "./value-tree.js";

/** None of an actor that has just begun: all of it is new. */
const changes = computed(() =>
  momentBefore.value === undefined ? [] : differences(momentBefore.value.context, chosenMoment.value?.context, 40),
);
const changedPaths = computed((): ReadonlySet<string> => new Set(changes.value.map(({ path }) => contextPath(path))));

/** The chosen actor's last event at the moment shown: looked for a little way back. */
const lastEvent = computed((): Entry | undefined => {
  const actor = chosen.value;
  const { entry } = recording.value;
  const from = cursor.value ?? chosenMoment.value?.place ?? -1;
  for (let place = Math.min(from, shownPlace.value), looked = 0; place >= 0 && looked < 500; place -= 1, looked += 1) {
    const one = entry(place);
    if (one !== undefined && one.actor === actor?.id && one.kind === "event") return one;
  }
  return undefined;
});

export function ContextPanel() {
  const moment = chosenMoment.value;
  return (
    <section class="panel context" aria-label="Context" data-panel="context">
      <header>
        <h2>Context</h2>
        {chosen.value !== undefined && <span class="small soft">{chosen.value.id}</span>}
      </header>
      {moment === undefined ? (
        <p class="nothing small soft">No actor is chosen, or it was not there at this moment.</p>
      ) : (
        <Scrolls className="scrolls" label="Context, scrolls">
          <LastEvent />
          {momentBefore.value !== undefined && <Changes />}
          <h3>All it knows</h3>
          <ValueTree value={moment.context} changed={changedPaths.value} />
        </Scrolls>
      )}
    </section>
  );
}

function LastEvent() {
  const entry = lastEvent.value;
  if (entry === undefined) return null;
  return (
    <details class="last-event">
      <summary>
        <strong>{readableType(entry.type, timezone.value)}</strong>{" "}
        <span class="soft small">{entry.from === null ? "" : `from ${entry.from}`}</span>
      </summary>
      {entry.topic !== undefined && <p class="small soft">{entry.topic}</p>}
      <ValueTree value={entry.payload} changed={new Set()} />
    </details>
  );
}

function Changes() {
  const all = changes.value;
  return (
    <>
      <h3>Changed last</h3>
      {all.length === 0 ? (
        <p class="small soft">Nothing of its context.</p>
      ) : (
        <dl class="changes" data-testid="changes">
          {all.map(({ path, before, after }) => (
            <div key={contextPath(path)}>
              <dt>{path.join(" › ")}</dt>
              <dd>
                <del>{shortened(before)}</del> <span aria-hidden="true">→</span> <ins>{shortened(after)}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

function shortened(value: unknown): string {
  const text = oneLine(value);
  return text.length <= 140 ? text : `${text.slice(0, 139)}…`;
}
