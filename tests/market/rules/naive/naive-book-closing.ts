/**
 * The gate once more, slow and obvious: the list first, then every Wh of the leftovers as an order of its own.
 *
 * Uniform and pay-as-bid: all Wh sorted by price, then arrival; the k-th bid meets the k-th ask as long as it reaches it. Where the
 * tie rule is `pro-rata`, the last price of each side is shared out again by largest remainder. Continuous: leftovers of the list
 * come one by one, in order of arrival, to what rests. Source: elecbay.md 0 (rule 1), 3.1, 3.5, 3.7.
 */
import type { Side, Trade } from "../../../../market/facts.js";
import type { Item } from "../../../../market/rules/item.js";
import type { Order } from "../../../../market/rules/order.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { betterBy, type NaiveBook, openOf, resting } from "./naive-book.js";

/** An order, or an item's leftover, at the gate. */
interface Entrant {
  readonly id: string;
  readonly participant: string;
  readonly side: Side;
  readonly price: number;
  readonly arrival: number;
  energy: number;
}

/** The period's trades in order: fills before the gate, those of the list, then those of the mechanism. */
export function naiveClose(book: NaiveBook): Trade[] {
  const left = new Map<string, number>();
  for (const object of [...book.items, ...book.orders]) {
    if (object.live) left.set(object.id, object.kind === "order" ? openOf(object) : object.energyWh);
  }
  const listed = naiveListTrades(book, left);
  const { mechanism } = book.terms;
  if (mechanism === "listing") return listed;
  const entrants = [...book.items, ...book.orders]
    .filter((object) => object.live && object.auction && mayEnter(book, object, left.get(object.id) ?? 0))
    .map((object) => entrant(object, left.get(object.id) ?? 0));
  if (mechanism === "continuous") return [...book.fills, ...listed, ...naiveContinuous(book, entrants)];
  return [...listed, ...naiveAuction(book, entrants)];
}

function mayEnter(book: NaiveBook, object: Item | Order, energy: number): boolean {
  if (energy === 0) return false;
  if (object.kind === "item") return energy >= object.minEnergyWh;
  const restsAlready = book.terms.mechanism === "continuous" && object.itemId === undefined;
  return restsAlready || energy >= book.terms.minEnergyWh;
}

function entrant(object: Item | Order, energy: number): Entrant {
  const { id, participant, side, priceMicroPerKwh: price, arrival } = object;
  return { id, participant, side, price, arrival, energy };
}

/** Takes what is given from `left`. */
function naiveListTrades(book: NaiveBook, left: Map<string, number>): Trade[] {
  const trades: Trade[] = [];
  const byArrival = <T extends { arrival: number }>(objects: readonly T[]) =>
    [...objects].sort((one, other) => one.arrival - other.arrival);
  for (const item of byArrival(book.items.filter(({ live }) => live))) {
    const orders = byArrival(book.orders.filter(({ live, itemId }) => live && itemId === item.id));
    const other = item.side === "sell" ? "buy" : "sell";
    // Sorting is stable: equal offers stay in order of arrival.
    if (item.sale === "best-offer") orders.sort((a, b) => betterBy(other, b.priceMicroPerKwh, a.priceMicroPerKwh));
    for (const order of orders) {
      let gets: number = order.reservedWh;
      if (item.sale === "best-offer") {
        gets = Math.min(order.energyWh, left.get(item.id) ?? 0);
        if (gets < order.energyWh && gets < item.minEnergyWh) gets = 0;
      }
      if (gets === 0) continue;
      for (const id of [item.id, order.id]) left.set(id, (left.get(id) ?? 0) - gets);
      const price = item.sale === "fixed" ? item.priceMicroPerKwh : order.priceMicroPerKwh;
      const [bid, ask] = item.side === "sell" ? [order, item] : [item, order];
      trades.push(traded(bid, ask, gets, price, "listing"));
    }
  }
  return trades;
}

function naiveContinuous(book: NaiveBook, entrants: readonly Entrant[]): Trade[] {
  const rests = (["buy", "sell"] as const)
    .flatMap((side) => resting(book, side))
    .map((order) => entrant(order, openOf(order)));
  const late = entrants
    .filter(({ id }) => !rests.some((order) => order.id === id))
    .sort((one, other) => one.arrival - other.arrival);
  const trades: Trade[] = [];
  for (const taker of late) {
    for (;;) {
      const [best] = sortedSide(
        rests.filter(({ energy }) => energy > 0),
        taker.side === "buy" ? "sell" : "buy",
      );
      const [bid, ask] = taker.side === "buy" ? [taker, best] : [best, taker];
      if (best === undefined || bid === undefined || ask === undefined) break;
      const gets = Math.min(bid.energy, ask.energy);
      if (gets === 0 || bid.price < ask.price) break;
      trades.push(traded(bid, ask, gets, best.price, "continuous"));
      bid.energy -= gets;
      ask.energy -= gets;
    }
    rests.push(taker);
  }
  return trades;
}

function sortedSide(entrants: readonly Entrant[], side: Side): Entrant[] {
  return entrants
    .filter((own) => own.side === side)
    .sort((one, other) => betterBy(side, other.price, one.price) || one.arrival - other.arrival);
}

function naiveAuction(book: NaiveBook, entrants: readonly Entrant[]): Trade[] {
  const { k, tie, mechanism } = book.terms;
  const bids = eachWh(sortedSide(entrants, "buy"));
  const asks = eachWh(sortedSide(entrants, "sell"));
  const meets = (at: number): boolean => (bids[at]?.price ?? -Infinity) >= (asks[at]?.price ?? Infinity);
  let volume = 0;
  while (volume < Math.min(bids.length, asks.length) && meets(volume)) volume += 1;
  if (volume === 0) return [];
  const low = Math.max(asks[volume - 1]?.price ?? NaN, bids[volume]?.price ?? -Infinity);
  const high = Math.min(bids[volume - 1]?.price ?? NaN, asks[volume]?.price ?? Infinity);
  const between = (from: number, to: number): number => from + Math.floor((Math.round(k * 1e6) * (to - from)) / 1e6);
  const [buyers, sellers] = [bids, asks].map((side) => {
    return tie === "time" ? side.slice(0, volume) : sharedMargin(side, volume);
  });
  const trades: Trade[] = [];
  for (let at = 0; at < volume; at += 1) {
    const [bid, ask] = [buyers?.[at], sellers?.[at]];
    if (bid === undefined || ask === undefined) throw new Error("the sides do not agree on the volume");
    const price = mechanism === "pay-as-bid" ? between(ask.price, bid.price) : between(low, high);
    const last = trades.at(-1);
    if (last?.buyOrder === bid.id && last.sellOrder === ask.id) {
      trades[trades.length - 1] = { ...last, energyWh: wh(last.energyWh + 1) };
    } else trades.push(traded(bid, ask, 1, price, mechanism));
  }
  return trades;
}

const eachWh = (side: readonly Entrant[]): Entrant[] =>
  side.flatMap((own) => Array.from({ length: own.energy }, () => own));

/** The first `volume` Wh, with what the last price gets shared out among all at that price, in order of arrival. */
function sharedMargin(side: readonly Entrant[], volume: number): Entrant[] {
  const price = side[volume - 1]?.price;
  const before = side.filter((own, at) => at < volume && own.price !== price);
  const margin = [...new Set(side.filter((own) => own.price === price))];
  const energy = margin.reduce((sum, own) => sum + own.energy, 0);
  const shares = margin.map((own) => {
    const exact = (volume - before.length) * own.energy;
    return { own, gets: Math.floor(exact / energy), remainder: exact % energy };
  });
  let rest = volume - before.length - shares.reduce((sum, { gets }) => sum + gets, 0);
  for (const share of [...shares].sort((one, other) => other.remainder - one.remainder)) {
    if (rest > 0) share.gets += 1;
    rest -= 1;
  }
  return [...before, ...shares.flatMap(({ own, gets }) => Array.from({ length: gets }, () => own))];
}

function traded(
  bid: Pick<Entrant, "id" | "participant">,
  ask: Pick<Entrant, "id" | "participant">,
  energy: number,
  price: number,
  mechanism: string,
): Trade {
  const sides = { buyer: bid.participant, seller: ask.participant, buyOrder: bid.id, sellOrder: ask.id };
  return { ...sides, energyWh: wh(energy), priceMicroPerKwh: microPerKwh(price), mechanism };
}
