/** Which delivery period is traded for: those whose gate is open, with the time that is left. */
import { span, time } from "../../page/formats.js";
import { chosenPeriod } from "../model/chosen-period.js";
import { marketMs, timezone } from "../model/market.js";
import { biddingPeriods, tradePeriod } from "../model/trading.js";

export function TradePeriod({ label }: { readonly label: string }) {
  const open = biddingPeriods.value;
  const shown = tradePeriod.value;
  const isOpen = open.some(({ period }) => period === shown);
  return (
    <select
      class="small"
      aria-label={label}
      value={shown ?? ""}
      onChange={({ currentTarget }) => {
        chosenPeriod.value = currentTarget.value;
      }}
    >
      {!isOpen && (
        <option value={shown ?? ""}>{shown === undefined ? "no gate is open" : `${at(shown)}, closed`}</option>
      )}
      {open.map(({ period, untilMs }) => (
        <option key={period} value={period}>
          {at(period)}, gate in{" "}
          {untilMs === undefined || marketMs.value === undefined ? "–" : coarse(untilMs - marketMs.value)}
        </option>
      ))}
    </select>
  );
}

const at = (period: string): string => time(Date.parse(period), "day-time", timezone.value);

/** Whole minutes: a list that changes under the pointer cannot be read. */
const coarse = (leftMs: number): string => span(Math.ceil(leftMs / 60_000) * 60_000).replace(/ 00 s$/, "");
