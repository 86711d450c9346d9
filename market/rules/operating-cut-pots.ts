/**
 * Pots of trades for the DSO's cuts: within one the orders of a side stand for each other, for all trade at the same prices.
 *
 * A trade of the list is a pot of its own: it is between these two. What is taken of an order is taken last on, first off: the latest
 * arrival first, of equal ones the larger id. Convention and source: operating-cuts.ts. Units: Wh.
 */
import { wh } from "../../shared/units.js";
import type { Trade } from "../facts.js";
import { brokenInvariant } from "./invariants.js";
import { byArrival } from "./merit-order.js";

/** One order in one pot. */
export interface Stake {
  readonly orderId: string;
  readonly participant: string;
  readonly arrival: number;
  leftWh: number;
  /** Taken because the DSO named it. */
  askedWh: number;
  /** Taken because the other side was cut. */
  otherWh: number;
}

export interface Pot {
  /** In the order in which they were made; all at the same prices. */
  readonly trades: readonly Trade[];
  /** Latest arrival first. */
  readonly buyers: readonly Stake[];
  readonly sellers: readonly Stake[];
}

/** In the order in which cuts go through them. @throws Error where an order has no arrival. */
export function potsOf(trades: readonly Trade[], arrivals: ReadonlyMap<string, number>): Pot[] {
  const gathered = new Map<string, Trade[]>();
  for (const [place, trade] of trades.entries()) {
    const name = potName(trade, place);
    const known = gathered.get(name);
    if (known === undefined) gathered.set(name, [trade]);
    else known.push(trade);
  }
  const pots = [...gathered.values()].reverse().map((own) => potOf(own, arrivals));
  const ofAuction = pots.filter(({ trades: [first] }) => first?.mechanism !== "listing");
  const ofList = pots.filter(({ trades: [first] }) => first?.mechanism === "listing");
  return [...ofAuction, ...ofList.sort((one, other) => latestArrival(other) - latestArrival(one))];
}

function potName({ mechanism, priceMicroPerKwh: paid, sellerPriceMicroPerKwh: got }: Trade, place: number): string {
  return mechanism === "listing" ? `list ${place}` : `${mechanism} ${paid} ${got ?? paid}`;
}

function potOf(trades: readonly Trade[], arrivals: ReadonlyMap<string, number>): Pot {
  const buyers = new Map<string, Stake>();
  const sellers = new Map<string, Stake>();
  const add = (side: Map<string, Stake>, orderId: string, participant: string, energyWh: number): void => {
    const known = side.get(orderId);
    if (known !== undefined) {
      known.leftWh += energyWh;
      return;
    }
    const arrival = arrivals.get(orderId) ?? brokenInvariant(`who traded has arrived, ${orderId} has not`);
    side.set(orderId, { orderId, participant, arrival, leftWh: energyWh, askedWh: 0, otherWh: 0 });
  };
  for (const { buyOrder, sellOrder, buyer, seller, energyWh } of trades) {
    add(buyers, buyOrder, buyer, energyWh);
    add(sellers, sellOrder, seller, energyWh);
  }
  const lastOnFirst = (one: Stake, other: Stake): number => byArrival(other, one);
  return { trades, buyers: [...buyers.values()].sort(lastOnFirst), sellers: [...sellers.values()].sort(lastOnFirst) };
}

/** An order on an item comes after the item. */
function latestArrival({ buyers, sellers }: Pot): number {
  return Math.max(buyers[0]?.arrival ?? 0, sellers[0]?.arrival ?? 0);
}

/** What of the named orders' needs one side of a pot can bear. */
export function neededOf(side: readonly Stake[], needs: ReadonlyMap<string, number>): number {
  let energyWh = 0;
  for (const { orderId, leftWh } of side) energyWh += Math.min(needs.get(orderId) ?? 0, leftWh);
  return energyWh;
}

/** Takes so much of the named orders, no more of each than its need, and lowers the needs. */
export function takeNamed(side: readonly Stake[], energyWh: number, needs: Map<string, number>): void {
  let restWh = energyWh;
  for (const stake of side) {
    const needWh = needs.get(stake.orderId) ?? 0;
    const takenWh = Math.min(restWh, needWh, stake.leftWh);
    if (takenWh === 0) continue;
    stake.leftWh -= takenWh;
    stake.askedWh += takenWh;
    needs.set(stake.orderId, needWh - takenWh);
    restWh -= takenWh;
  }
}

/** Takes so much of a side whose other side was cut: of orders that are not named, then of the named. */
export function takeOthers(side: readonly Stake[], energyWh: number, named: ReadonlySet<string>): void {
  let restWh = energyWh;
  for (const ofNamed of [false, true]) {
    for (const stake of side) {
      if (named.has(stake.orderId) !== ofNamed) continue;
      const takenWh = Math.min(restWh, stake.leftWh);
      stake.leftWh -= takenWh;
      stake.otherWh += takenWh;
      restWh -= takenWh;
    }
  }
}

/** What stands of all trades, each pot's at the place of its first; pots that lost nothing keep theirs as they were. */
export function standingTrades(trades: readonly Trade[], pots: readonly Pot[]): Trade[] {
  const shrunk = new Map<Trade, Pot>();
  for (const pot of pots) {
    if (pot.buyers.some(({ askedWh, otherWh }) => askedWh + otherWh > 0)) {
      for (const trade of pot.trades) shrunk.set(trade, pot);
    }
  }
  return trades.flatMap((trade) => {
    const pot = shrunk.get(trade);
    if (pot === undefined) return [trade];
    return trade === pot.trades[0] ? pairedAnew(pot) : [];
  });
}

/** The orders' rests of both sides, in the order in which they first traded, matched Wh by Wh. */
function pairedAnew({ trades, buyers, sellers }: Pot): Trade[] {
  const bids = inOrderOfTrading(buyers, trades, "buyOrder");
  const asks = inOrderOfTrading(sellers, trades, "sellOrder");
  const paired: Trade[] = [];
  const [first] = trades;
  let [bidAt, askAt, bidTakenWh, askTakenWh] = [0, 0, 0, 0];
  // By places: to shift what was sold out off a long list takes as long as the list.
  for (let [bid, ask] = [bids[0], asks[0]]; first && bid && ask; bid = bids[bidAt], ask = asks[askAt]) {
    const energyWh = wh(Math.min(bid.leftWh - bidTakenWh, ask.leftWh - askTakenWh));
    const [buyer, seller] = [bid.participant, ask.participant];
    paired.push({ ...first, buyer, seller, energyWh, buyOrder: bid.orderId, sellOrder: ask.orderId });
    bidTakenWh += energyWh;
    askTakenWh += energyWh;
    if (bidTakenWh === bid.leftWh) [bidAt, bidTakenWh] = [bidAt + 1, 0];
    if (askTakenWh === ask.leftWh) [askAt, askTakenWh] = [askAt + 1, 0];
  }
  return paired;
}

function inOrderOfTrading(side: readonly Stake[], trades: readonly Trade[], id: "buyOrder" | "sellOrder"): Stake[] {
  const stakes = new Map(side.map((stake) => [stake.orderId, stake]));
  return [...new Set(trades.map((trade) => trade[id]))].flatMap((orderId) => {
    const stake = stakes.get(orderId);
    return stake === undefined || stake.leftWh === 0 ? [] : [stake];
  });
}
