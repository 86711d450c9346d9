/**
 * Maximum welfare as a linear program: the yardstick of the other mechanisms, found by a general solver instead of by sorting.
 *
 * One variable (Wh) for each price of a side, up to its energy; energy bought equals energy sold. A bid counts half a millionth above its
 * price (major units), so that a bid and an ask at one price trade, as in the uniform auction, and no worse pair does. The solver's energies
 * are rounded to Wh, a Wh by which the sides then differ is taken from the longer side's worst price, and the result is checked to be
 * optimal, exactly. Price: the dual of the balance, rounded to a millionth and moved into the interval of clearing prices: anywhere in it.
 * Ties within a price as in the uniform auction; pairs best with best; buyers pay what sellers get, nothing is left over.
 * Who bids on both sides may trade with itself. Source: elecbay.md 3.1.
 */
import { microPerKwh, wh } from "../../../shared/units.js";
import type { LinearProgram, Solver } from "../../ports.js";
import { checkOrders } from "../auction-input.js";
import { share } from "../largest-remainder.js";
import { type AuctionOrder, meritOrder, type Step, steps } from "../merit-order.js";
import { pairedTrades } from "../pairing.js";
import type { Auction, AuctionClearing, AuctionTerms } from "./mechanism.js";

/** @param solver whose energies are within half a Wh of an optimum */
export function optimal(solver: Solver): Auction {
  return { kind: "auction", name: "optimal", clears: "gate", clear: (orders, terms) => clearBy(solver, orders, terms) };
}

/** The price steps of a side, best first, and how much of each trades. */
interface SolvedSide {
  readonly steps: readonly Step[];
  readonly tradedWh: number[];
}

function clearBy(solver: Solver, orders: readonly AuctionOrder[], { tie }: AuctionTerms): AuctionClearing {
  checkOrders(orders);
  const bids = meritOrder(orders, "buy");
  const asks = meritOrder(orders, "sell");
  const bidSteps = steps(bids);
  const askSteps = steps(asks);
  const nothing = { trades: [], priceMicroPerKwh: null, lowMicroPerKwh: null, highMicroPerKwh: null, volumeWh: wh(0) };
  if (bidSteps.length === 0 || askSteps.length === 0) return nothing;

  const { values, duals } = solver(programOf(bidSteps, askSteps));
  const whole = values.map(Math.round);
  const buying: SolvedSide = { steps: bidSteps, tradedWh: whole.slice(0, bidSteps.length) };
  const selling: SolvedSide = { steps: askSteps, tradedWh: whole.slice(bidSteps.length) };
  level(buying, selling);
  const { lowMicroPerKwh: low, highMicroPerKwh: high } = interval(buying, selling);
  const volumeWh = wh(sum(buying.tradedWh));
  if (volumeWh === 0) return nothing;

  const [dual = Number.NaN] = duals;
  const price = microPerKwh(Math.min(Math.max(Math.round(dual * 1_000_000), low), high));
  const matching = {
    ...{ bids, asks, volumeWh, lowMicroPerKwh: microPerKwh(low), highMicroPerKwh: microPerKwh(high) },
    bidWh: sharedOut(buying, bids, tie),
    askWh: sharedOut(selling, asks, tie),
  };
  return {
    trades: pairedTrades(matching, () => price),
    ...{ priceMicroPerKwh: price, lowMicroPerKwh: matching.lowMicroPerKwh, highMicroPerKwh: matching.highMicroPerKwh },
    ...{ volumeWh, matching },
  };
}

function programOf(bidSteps: readonly Step[], askSteps: readonly Step[]): LinearProgram {
  const buying = bidSteps.map(([price, energyWh]) => ({ objective: (2 * price + 1) / 2_000_000, upper: energyWh }));
  const selling = askSteps.map(([price, energyWh]) => ({ objective: -price / 1_000_000, upper: energyWh }));
  const coefficients = [...buying.map(() => 1), ...selling.map(() => -1)];
  return {
    variables: [...buying, ...selling],
    equalities: [{ coefficients: coefficients.map((coefficient, variable) => [variable, coefficient]), equals: 0 }],
  };
}

/** Takes a Wh by which rounding made the sides differ from the longer one's worst price that trades. */
function level(buying: SolvedSide, selling: SolvedSide): void {
  const difference = sum(buying.tradedWh) - sum(selling.tradedWh);
  if (!(Math.abs(difference) <= 1)) throw new Error(`the solver buys ${difference} Wh more than it sells`);
  if (difference === 0) return;
  const { tradedWh } = difference > 0 ? buying : selling;
  const worst = tradedWh.findLastIndex((energyWh) => energyWh > 0);
  tradedWh[worst] = (tradedWh[worst] ?? 0) - 1;
}

/**
 * Between the worst that trades and the best that does not: a price there proves that no other matching is worth more.
 * @throws Error where there is none, or more could trade.
 */
function interval(buying: SolvedSide, selling: SolvedSide): { lowMicroPerKwh: number; highMicroPerKwh: number } {
  const bid = ends(buying);
  const ask = ends(selling);
  const low = Math.max(ask.worstTrading ?? -Infinity, bid.bestLeft ?? -Infinity);
  const high = Math.min(bid.worstTrading ?? Infinity, ask.bestLeft ?? Infinity);
  const moreCouldTrade = (bid.bestLeft ?? -Infinity) >= (ask.bestLeft ?? Infinity);
  if (low > high || moreCouldTrade) throw new Error(`the solver's matching is not the best: ${low} to ${high}`);
  return { lowMicroPerKwh: low, highMicroPerKwh: high };
}

function ends(side: SolvedSide): { worstTrading: number | undefined; bestLeft: number | undefined } {
  let worstTrading: number | undefined;
  let bestLeft: number | undefined;
  for (const [index, [price, energyWh]] of side.steps.entries()) {
    const traded = side.tradedWh[index];
    if (traded === undefined || !(traded >= 0 && traded <= energyWh)) {
      throw new Error(`the solver trades ${traded} Wh of ${energyWh} at ${price}`);
    }
    if (traded > 0) worstTrading = price;
    if (traded < energyWh) bestLeft ??= price;
  }
  return { worstTrading, bestLeft };
}

/** What each order of a side trades: every price's energy among those who named it. */
function sharedOut(side: SolvedSide, orders: readonly AuctionOrder[], tie: AuctionTerms["tie"]): number[] {
  const all: number[] = [];
  for (const [index, [price]] of side.steps.entries()) {
    const energies: number[] = [];
    for (let at = all.length; orders[at]?.priceMicroPerKwh === price; at += 1) energies.push(orders[at]?.energyWh ?? 0);
    let leftWh = side.tradedWh[index] ?? 0;
    if (tie === "pro-rata") all.push(...share(leftWh, energies));
    else {
      for (const energyWh of energies) {
        all.push(Math.min(energyWh, leftWh));
        leftWh -= Math.min(energyWh, leftWh);
      }
    }
  }
  return all;
}

function sum(energiesWh: readonly number[]): number {
  return energiesWh.reduce((total, energyWh) => total + energyWh, 0);
}
