/** `public/market-state`: every live period and its phase, put together from what the managers report. */
import type { ManageStatus } from "../../../shared/messages/manage.js";
import type { MarketState } from "../../../shared/messages/public.js";
import type { ProcessRole } from "../../../shared/participant-id.js";
import { instantFromIso, isoUtc } from "../../../shared/time.js";
import type { CalendarTerms } from "../../terms.js";
import { biddingCycle, timesOf } from "../calendar.js";

type Reports = ReadonlyMap<ProcessRole, ManageStatus>;

export function marketState(reports: Reports, calendar: CalendarTerms, nowMs: number): MarketState {
  const bidding = [];
  const closed = [];
  for (const { period, phase, orderCount = 0, itemCount = 0, contractCount = 0 } of reports.get("bidding")?.periods ??
    []) {
    const times = timesAt(period, calendar);
    if (phase === "bidding") {
      const cycle = biddingCycle(nowMs, times, calendar);
      const instants = { opensAt: isoUtc(times.opensAtMs), gateAt: isoUtc(times.gateAtMs) };
      bidding.push({ period, biddingCycle: cycle, ...instants, orderCount, itemCount });
    } else {
      const stage = phase === "network-check" ? ("network-check" as const) : ("contracted" as const);
      closed.push({ period, stage, contractCount });
    }
  }
  let exchange = null;
  const metering = [];
  for (const { period, phase } of reports.get("exchange")?.periods ?? []) {
    const times = timesAt(period, calendar);
    if (phase === "exchange") exchange = { period, endsAt: isoUtc(times.endMs) };
    else metering.push({ period, dueAt: isoUtc(times.dueAtMs) });
  }
  return { v: 1, ts: isoUtc(nowMs), bidding, closed, exchange, metering, settling: settling(reports, calendar) };
}

function settling(reports: Reports, calendar: CalendarTerms): MarketState["settling"] {
  const periods = reports.get("settlement")?.periods ?? [];
  const first = periods[0];
  const last = periods.at(-1);
  if (first === undefined || last === undefined) return null;
  const orderCount = periods.reduce((sum, period) => sum + (period.orderCount ?? 0), 0);
  const nextBillAt = isoUtc(timesAt(first.period, calendar).billAtMs);
  return { from: first.period, to: last.period, nextBillAt, orderCount };
}

function timesAt(period: string, calendar: CalendarTerms) {
  return timesOf(instantFromIso(period) ?? 0, calendar);
}
