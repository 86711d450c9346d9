/** Reliability at the bidding desk: what the gate promised, what the meters say of it, and the lists that show the rating. */
import { whFromKwh } from "../../../shared/decimal.js";
import type { ManageMetered } from "../../../shared/messages/manage.js";
import { instantFromIso, minuteMs } from "../../../shared/time.js";
import type { Trade } from "../../facts.js";
import { lostAfterCuts } from "../../rules/lost-after-cuts.js";
import type { TradesAfterCuts } from "../../rules/operating-cuts.js";
import { forgetPromises, promise, rate, reliability, withdrawPromises } from "../../rules/reliability.js";
import { contractsOf } from "../../rules/settlement-position.js";
import { correctionLimitMs } from "../calendar.js";
import type { BiddingDesk } from "./desk.js";

export function promiseContracts(desk: BiddingDesk, periodMs: number, trades: readonly Trade[]): void {
  promise(desk.ratings, periodMs, contractsOf(trades));
}

/** After the DSO's cuts: nothing is metered before the exchange, so no reading has counted yet. */
export function promiseAnew(desk: BiddingDesk, periodMs: number, after: TradesAfterCuts): void {
  withdrawPromises(desk.ratings, periodMs);
  promise(desk.ratings, periodMs, contractsOf(after.trades), lostAfterCuts(after));
}

export function learnMetered(desk: BiddingDesk, { period, readings }: ManageMetered): void {
  const periodMs = instantFromIso(period);
  if (periodMs === undefined || !desk.ratings.promised.has(periodMs)) return;
  // Without meters of their own nobody's reading, once given, is outranked by another.
  const final = ![...desk.reception.members.values()].some(({ role }) => role === "meter");
  for (const { participant, importKwh, exportKwh, generationKwh, quality } of readings) {
    const reading = {
      ...{ participant, quality },
      importWh: whFromKwh(importKwh),
      exportWh: whFromKwh(exportKwh),
      generationWh: whFromKwh(generationKwh),
    };
    if (rate(desk.ratings, periodMs, reading, final)) showOnLists(desk, participant);
  }
  const { calendar } = desk.terms;
  const lengthMs = calendar.periodMinutes * minuteMs;
  forgetPromises(desk.ratings, desk.ports.clock.now() - correctionLimitMs(calendar) - lengthMs);
}

/** Share of promised energy that was kept, as the item list shows it: 0 to 1, three decimals. */
export function publicRating(desk: BiddingDesk, participant: string): number {
  return reliability(desk.ratings, participant) / 1000;
}

/** Lists with an item of the participant's are published anew, under a number of their own. */
function showOnLists(desk: BiddingDesk, participant: string): void {
  for (const period of desk.periods.values()) {
    const { items, liveOf } = period.book;
    if (period.closed || ![...(liveOf.get(participant) ?? [])].some((id) => items.has(id))) continue;
    period.itemChanges += 1;
    period.itemsChanged = true;
    desk.tellSoon();
  }
}
