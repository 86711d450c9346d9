/** Goes from one cleared period to the next, or to any of them. */
import { time } from "../../page/formats.js";
import { chosenPeriod } from "../model/chosen-period.js";
import { timezone } from "../model/market.js";
import { clearedPeriods, resultsPeriod } from "../model/past-results.js";

/** Further back the results list leads. */
const mostOffered = 96;

export function PeriodPicker() {
  const all = clearedPeriods.value;
  const shown = resultsPeriod.value;
  const at = shown === undefined ? -1 : all.indexOf(shown);
  const offered = all.slice(0, Math.max(mostOffered, at + 1));
  const go = (to: number) => {
    // Newest first; the newest of all is what is shown when none is picked.
    chosenPeriod.value = to <= 0 ? undefined : all[to];
  };
  return (
    <>
      <button type="button" class="small" disabled={at < 0 || at >= all.length - 1} onClick={() => go(at + 1)}>
        <span aria-hidden="true">‹</span>
        <span class="hidden">Earlier period</span>
      </button>
      <select
        class="small"
        aria-label="Delivery period"
        value={shown ?? ""}
        disabled={all.length === 0}
        onChange={({ currentTarget }) => go(all.indexOf(currentTarget.value))}
      >
        {shown === undefined && <option value="">no period yet</option>}
        {offered.map((period) => (
          <option key={period} value={period}>
            {time(Date.parse(period), "day-time", timezone.value)}
          </option>
        ))}
      </select>
      <button type="button" class="small" disabled={at <= 0} onClick={() => go(at - 1)}>
        <span aria-hidden="true">›</span>
        <span class="hidden">Later period</span>
      </button>
    </>
  );
}
