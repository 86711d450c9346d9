/**
 * What a market of listings makes of a flat book: a posted-offer market. Sell rows are items at their fixed price, on the list from the
 * start; buy rows are orders, served in order of arrival (ties: the smaller id).
 *
 * An order takes from the cheapest item that it can afford (ties: earlier arrival, then id), at the item's price, then from the next, until
 * it is filled. A part of less than `minEnergyWh` is made only where it is all that the order still wants: an item that has less left
 * than that is passed over otherwise, as on the live list (../listing.ts), which differs in that an order names its one item.
 * Nothing is rounded, nothing is left over: the buyer pays what the seller gets. Who buys and sells may trade with itself.
 * Source: elecbay.md 0, rule 1; 1.3.
 */
import { type Wh, wh } from "../../../shared/units.js";
import { checkOrders } from "../auction-input.js";
import { type AuctionOrder, arrivalOrder, meritOrder } from "../merit-order.js";
import type { Auction, AuctionClearing, AuctionTerms, AuctionTrade } from "./mechanism.js";
import { tradedRange } from "./traded-range.js";

export const listing: Auction = { kind: "auction", name: "listing", clears: "list", clear: clearListing };

/** The items, cheapest first, with what is left of each. */
interface List {
  readonly items: readonly AuctionOrder[];
  readonly leftWh: number[];
  /** An item at or after the one asked about that may have something left: skips runs of sold ones. */
  readonly next: number[];
}

function clearListing(orders: readonly AuctionOrder[], { minEnergyWh }: AuctionTerms): AuctionClearing {
  checkOrders(orders);
  const items = meritOrder(orders, "sell");
  const list: List = { items, leftWh: items.map(({ energyWh }) => energyWh), next: items.map((_, at) => at) };
  const trades: AuctionTrade[] = [];
  for (const order of arrivalOrder(orders)) if (order.side === "buy") serve(order, list, minEnergyWh, trades);
  const volumeWh = wh(trades.reduce((sum, { energyWh }) => sum + energyWh, 0));
  return { trades, priceMicroPerKwh: null, ...tradedRange(trades), volumeWh };
}

function serve(order: AuctionOrder, list: List, minEnergyWh: number, trades: AuctionTrade[]): void {
  let wantedWh: number = order.energyWh;
  for (let at = nextOpen(list, 0); wantedWh > 0; at = nextOpen(list, at + 1)) {
    const item = list.items[at];
    if (item === undefined || item.priceMicroPerKwh > order.priceMicroPerKwh) return;
    const leftWh = list.leftWh[at] as number;
    const energyWh = Math.min(wantedWh, leftWh);
    if (energyWh < minEnergyWh && energyWh < wantedWh) continue;
    trades.push({
      ...{ buyer: order.participant, seller: item.participant, energyWh: energyWh as Wh },
      ...{ priceMicroPerKwh: item.priceMicroPerKwh, buyOrder: order.orderId, sellOrder: item.orderId },
    });
    wantedWh -= energyWh;
    list.leftWh[at] = leftWh - energyWh;
    if (energyWh === leftWh) list.next[at] = at + 1;
  }
}

/** The first item from `at` on that has something left; the number of items where none has. */
function nextOpen({ items, next }: List, at: number): number {
  let open = at;
  while (open < items.length && next[open] !== open) open = next[open] as number;
  for (let passed = at; passed < open; ) {
    const following = next[passed] as number;
    next[passed] = open;
    passed = following;
  }
  return open;
}
