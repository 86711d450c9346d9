/** Earlier, later, or any of a list of periods. */
import { time } from "../../page/formats.js";
import { timezone } from "../model/market.js";

/** A list of more is no help. */
const mostOffered = 96;

export interface PeriodChoiceProps {
  /** Newest first, ISO 8601 UTC. */
  readonly periods: readonly string[];
  readonly shown: string | undefined;
  /** Undefined: the newest, whichever that is. */
  readonly onChoose: (period: string | undefined) => void;
}

export function PeriodChoice({ periods, shown, onChoose }: PeriodChoiceProps) {
  const at = shown === undefined ? -1 : periods.indexOf(shown);
  const go = (to: number) => onChoose(to <= 0 ? undefined : periods[to]);
  return (
    <>
      <button type="button" class="small" disabled={at < 0 || at >= periods.length - 1} onClick={() => go(at + 1)}>
        <span aria-hidden="true">‹</span>
        <span class="hidden">Earlier period</span>
      </button>
      <select
        class="small"
        aria-label="Delivery period"
        value={shown ?? ""}
        disabled={periods.length === 0}
        onChange={({ currentTarget }) => go(periods.indexOf(currentTarget.value))}
      >
        {shown === undefined && <option value="">no period yet</option>}
        {periods.slice(0, Math.max(mostOffered, at + 1)).map((period) => (
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
