/**
 * The DSO's cuts applied to a period's trades (elecbay.md 0, rule 4, and 1.4): what of them stands, and who lost how much.
 *
 * Unit: Wh. An order that the DSO names loses what is asked, never more for that than it traded; named more than once, the sum, and it is
 * told the largest cut. A trade of the list shrinks on both sides. An auction's trades at one and the same pair of prices are one pot:
 * there the other side shrinks last on, first off (latest arrival first) among orders that are not named, and only where these do not
 * suffice among the named. No price changes, for within a pot all have the same one; where pairs have prices of their own each is a pot of
 * its own. Where both sides of a pot are named one cut serves both, and such pots come first. Pots: the auction's before the list's, later
 * trades before earlier ones, on the list the later order first. Nothing is rounded. Trades of a pot that shrank are paired anew in the
 * order in which its orders stood.
 */
import { type Wh, wh } from "../../shared/units.js";
import type { CutCause, CutOrder, Side, Trade } from "../facts.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";
import { neededOf, type Pot, potsOf, standingTrades, takeNamed, takeOthers } from "./operating-cut-pots.js";
import { type OwnLoss, ownLossesOf } from "./own-losses.js";

/** What the DSO asks of one order. */
export interface OperatingCut extends CutCause {
  readonly orderId: string;
  readonly cutWh: Wh;
}

export interface TradesAfterCuts {
  /** Each still moves energy. */
  readonly trades: readonly Trade[];
  /** In the order in which their orders first traded, of a trade the buyer first. */
  readonly cuts: readonly CutOrder[];
  readonly ownLosses: readonly OwnLoss[];
}

/**
 * @param arrivals of all orders that traded: the later, the larger
 * @throws Error where an order that traded has no arrival, or the two sides would not be equal.
 */
export function applyCuts(
  trades: readonly Trade[],
  arrivals: ReadonlyMap<string, number>,
  asked: readonly OperatingCut[],
): TradesAfterCuts {
  const pots = potsOf(trades, arrivals);
  const needs = new Map<string, number>();
  for (const { orderId, cutWh } of asked) if (cutWh > 0) needs.set(orderId, (needs.get(orderId) ?? 0) + cutWh);
  const named = new Set(needs.keys());
  for (const { buyers, sellers } of pots) {
    const bothWh = Math.min(neededOf(buyers, needs), neededOf(sellers, needs));
    takeNamed(buyers, bothWh, needs);
    takeNamed(sellers, bothWh, needs);
  }
  for (const { buyers, sellers } of pots) {
    for (const [own, other] of [[buyers, sellers] as const, [sellers, buyers] as const]) {
      const ownWh = neededOf(own, needs);
      takeNamed(own, ownWh, needs);
      takeOthers(other, ownWh, named);
    }
  }
  return { trades: standingTrades(trades, pots), cuts: lossesOf(trades, pots, asked), ownLosses: ownLossesOf(pots) };
}

/** What the DSO asked, from what came of it: applied to the same trades it gives the same again. */
export function askedBy(cuts: readonly CutOrder[]): OperatingCut[] {
  return cuts.flatMap(({ orderId, askedWh, cause }) =>
    cause === undefined ? [] : [{ orderId, cutWh: askedWh, ...cause }],
  );
}

function lossesOf(trades: readonly Trade[], pots: readonly Pot[], asked: readonly OperatingCut[]): CutOrder[] {
  const losses = new Map<string, Loss>();
  for (const { buyOrder, buyer, sellOrder, seller } of trades) {
    if (!losses.has(buyOrder)) losses.set(buyOrder, { participant: buyer, side: "buy", cutWh: 0, askedWh: 0 });
    if (!losses.has(sellOrder)) losses.set(sellOrder, { participant: seller, side: "sell", cutWh: 0, askedWh: 0 });
  }
  const lost = { buy: 0, sell: 0 };
  for (const { orderId, askedWh, otherWh } of pots.flatMap(({ buyers, sellers }) => [...buyers, ...sellers])) {
    const loss = losses.get(orderId) ?? brokenInvariant(`${orderId} has no trade to be cut`);
    loss.askedWh += askedWh;
    loss.cutWh += askedWh + otherWh;
    lost[loss.side] += askedWh + otherWh;
  }
  assertInvariant(lost.buy === lost.sell, `both sides are cut alike, not by ${lost.buy} and ${lost.sell} Wh`);
  const causes = causesOf(asked);
  return [...losses]
    .filter(([, { cutWh }]) => cutWh > 0)
    .map(([orderId, { participant, side, cutWh, askedWh }]) => ({
      ...{ orderId, participant, side, cutWh: wh(cutWh), askedWh: wh(askedWh) },
      cause: askedWh > 0 ? causes.get(orderId) : undefined,
    }));
}

interface Loss {
  readonly participant: string;
  readonly side: Side;
  cutWh: number;
  askedWh: number;
}

/** Of each named order the largest of its cuts, of equal ones the first. */
function causesOf(asked: readonly OperatingCut[]): Map<string, CutCause> {
  const largest = new Map<string, OperatingCut>();
  for (const cut of asked) {
    const known = largest.get(cut.orderId);
    if (known === undefined || known.cutWh < cut.cutWh) largest.set(cut.orderId, cut);
  }
  return new Map([...largest].map(([orderId, { element, limit, value }]) => [orderId, { element, limit, value }]));
}
