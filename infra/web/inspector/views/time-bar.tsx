/** Time travel: back and forth through the log, event by event or by the slider, and back to live. */
import { time, zoneName } from "../../page/formats.js";
import { freeze, unfreeze } from "../model/log-rows.js";
import { backToLive, cursor, goTo, places, recording, shownPlace, step, timezone } from "../model/shown.js";
import { file } from "../model/source.js";

export function TimeBar() {
  const { first, last } = places.value;
  const isEmpty = last < first;
  const entry = recording.value.entry(shownPlace.value);
  const isPast = cursor.value !== undefined;
  const isFile = file.value !== undefined;
  const move = (by: -1 | 1) => () => {
    freeze();
    step(by);
  };
  return (
    <footer class={`time-bar${isPast && !isFile ? " paused" : ""}`}>
      <button type="button" class="small" disabled={isEmpty} aria-label="Event before" onClick={move(-1)}>
        ‹
      </button>
      <button type="button" class="small" disabled={isEmpty || !isPast} aria-label="Event after" onClick={move(1)}>
        ›
      </button>
      <input
        type="range"
        aria-label="Moment shown"
        aria-valuetext={entry === undefined ? "nothing heard yet" : `${entry.ts}, ${entry.actor} ${entry.type}`}
        min={first}
        max={Math.max(first, last)}
        value={shownPlace.value}
        disabled={isEmpty}
        data-testid="slider"
        onInput={({ currentTarget }) => {
          freeze();
          goTo(Number(currentTarget.value));
        }}
      />
      <span class="small moment">
        {entry === undefined ? (
          <span class="soft">nothing heard yet</span>
        ) : (
          <span title={entry.ts}>
            <strong data-testid="shown-time">{time(Date.parse(entry.ts), "seconds", timezone.value)}</strong>{" "}
            <span class="soft">market time, {zoneName(Date.parse(entry.ts), timezone.value)}</span>
          </span>
        )}
      </span>
      {!isFile && (
        <button
          type="button"
          class={isPast ? "small main" : "small"}
          disabled={!isPast}
          onClick={() => {
            backToLive();
            unfreeze();
          }}
        >
          {isPast ? "Back to live" : "Live"}
        </button>
      )}
    </footer>
  );
}
