/** Pause, back and forth through what was heard, and back to live. */
import { time } from "../../page/formats.js";
import { clock, timeline, timezone } from "../model/market.js";

export function TimeBar() {
  const paused = timeline.paused.value;
  const { first, last } = timeline.span.value;
  const isEmpty = last < first;
  const at = paused ?? last;
  const shownMs = clock.value === undefined ? undefined : Date.parse(clock.value.ts);
  return (
    <footer class={`time-bar${paused === undefined ? "" : " paused"}`}>
      {paused === undefined ? (
        <button type="button" class="small" disabled={isEmpty} onClick={() => timeline.pause()}>
          <PauseSign /> Pause
        </button>
      ) : (
        <button type="button" class="small main" onClick={() => timeline.resume()}>
          Back to live
        </button>
      )}
      <input
        type="range"
        aria-label="Moment shown"
        aria-valuetext={`${time(shownMs, "day-time", timezone.value)} market time`}
        min={first}
        max={Math.max(first, last)}
        value={at}
        disabled={isEmpty}
        onInput={({ currentTarget }) => timeline.goTo(Number(currentTarget.value))}
      />
      <span class="small moment">
        {paused === undefined ? (
          <span class="soft">every change kept since {time(timeline.wallMsOf(first), "time")}</span>
        ) : (
          <>
            <strong>{time(shownMs, "day-time", timezone.value)}</strong>{" "}
            <span class="soft">heard {time(timeline.wallMsOf(paused), "seconds")}</span>
          </>
        )}
      </span>
    </footer>
  );
}

function PauseSign() {
  return (
    <svg viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">
      <path d="M2 1h3v10H2zM7 1h3v10H7z" fill="currentColor" />
    </svg>
  );
}
