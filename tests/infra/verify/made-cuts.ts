/** The DSO's word on a made-up period: one order of its first trade, and sometimes another one, loses energy; facts as bidding tells them. */
import type { Fact, LostEnergy, NotifiedPosition, Trade } from "../../../market/facts.js";
import { cutOf, energyOf, type PeriodCut } from "../../../market/rules/cut-figures.js";
import { lostAfterCuts } from "../../../market/rules/lost-after-cuts.js";
import { applyCuts, type OperatingCut } from "../../../market/rules/operating-cuts.js";
import { positionsAfterCuts } from "../../../market/rules/positions-after-cuts.js";
import { nearestAveragePrice, turnoverOf } from "../../../market/rules/value.js";
import type { RandomStream } from "../../../shared/random-stream.js";
import { type Wh, wh } from "../../../shared/units.js";

export interface AfterDso {
  readonly trades: readonly Trade[];
  readonly positions: readonly NotifiedPosition[];
  readonly lost: readonly LostEnergy[];
  readonly cut: PeriodCut | undefined;
}

/** @param isFull positions count @returns what is handed on */
export function cutSome(
  periodMs: number,
  trades: readonly Trade[],
  isFull: boolean,
  chance: RandomStream,
  record: (fact: Fact) => void,
): AfterDso {
  const [first] = trades;
  const last = trades.at(-1);
  if (first === undefined || last === undefined || chance.integer(0, 2) === 0)
    return { trades, positions: [], lost: [], cut: undefined };
  const some = (energyWh: number): Wh => wh(chance.integer(1, energyWh));
  const cause = { element: "line R3-R11, phase a", limit: 32, value: chance.integer(321, 399) / 10 };
  const asked: OperatingCut[] = [{ orderId: first.buyOrder, cutWh: some(first.energyWh), ...cause }];
  if (chance.integer(0, 1) === 1) asked.push({ orderId: last.sellOrder, cutWh: some(2 * last.energyWh), ...cause });
  const arrivals = new Map(trades.flatMap(({ buyOrder, sellOrder }) => [buyOrder, sellOrder].map(withNumber)));
  const after = applyCuts(trades, arrivals, asked);
  record({ type: "cut", periodMs, orders: after.cuts });
  const priceMicroPerKwh = nearestAveragePrice(turnoverOf(trades), energyOf(trades));
  record({ type: "cleared", price: { periodMs, priceMicroPerKwh, volumeWh: wh(energyOf(after.trades)) } });
  const positions = isFull ? positionsAfterCuts([], trades, after) : [];
  if (positions.length > 0) record({ type: "notified", periodMs, positions });
  const lost = isFull ? [] : lostAfterCuts(after);
  return { trades: after.trades, positions, lost, cut: cutOf(trades, after) };
}

/** Orders are numbered as they arrive. */
const withNumber = (orderId: string): [string, number] => [orderId, Number(orderId.slice(1))];
