/**
 * What the period's auction would give were the gate to close now: best bid, best ask, price and volume.
 *
 * The list closes first, as it does at the gate, and its leftovers are in. A market without auction shows the best of what is left
 * over, and no price; a continuous one what rests, without the list. Where each trade has a price of its own there is a volume alone. Prices in millionths per kWh. Source: elecbay.md 3.1; contract.md, `public/book`.
 */
import { type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BiddingTerms } from "../terms.js";
import { crossingOf, efficientMechanisms } from "./efficient-matching.js";
import { allocations, type Remainder, remainders } from "./listing.js";
import { bestPrice, type ContinuousBook } from "./mechanisms/continuous-book.js";
import { uniformPrice } from "./mechanisms/uniform.js";
import { type AuctionOrder, meritOrder } from "./merit-order.js";
import type { PeriodBook } from "./period-book.js";

export interface BookTop {
  readonly bestBidMicroPerKwh: MicroPerKwh | null;
  readonly bestAskMicroPerKwh: MicroPerKwh | null;
  readonly indicativeMicroPerKwh: MicroPerKwh | null;
  readonly indicativeWh: Wh;
}

/** Sorts what is open once and walks it; nothing is changed. `terms`: the book's own unless told otherwise. */
export function bookTop(book: PeriodBook, terms: BiddingTerms = book.terms): BookTop {
  if (book.matching !== undefined) return restingTop(book.matching);
  const open = remainders(book, allocations(book)).filter(
    ({ destination }) => destination === "auction" || destination === "no-auction",
  );
  const orders = open.map(auctionOrder);
  const bids = meritOrder(orders, "buy");
  const asks = meritOrder(orders, "sell");
  const crossing = efficientMechanisms.has(terms.mechanism) ? crossingOf(bids, asks) : undefined;
  return {
    bestBidMicroPerKwh: bids[0]?.priceMicroPerKwh ?? null,
    bestAskMicroPerKwh: asks[0]?.priceMicroPerKwh ?? null,
    indicativeMicroPerKwh:
      crossing === undefined || terms.mechanism !== "uniform" ? null : uniformPrice(crossing, terms.k),
    indicativeWh: crossing?.volumeWh ?? wh(0),
  };
}

/** What rests now has not met: there is nothing to indicate. */
function restingTop(matching: ContinuousBook): BookTop {
  return {
    bestBidMicroPerKwh: bestPrice(matching, "buy"),
    bestAskMicroPerKwh: bestPrice(matching, "sell"),
    indicativeMicroPerKwh: null,
    indicativeWh: wh(0),
  };
}

/** A leftover as it enters the auction: at its own limit, with its original arrival. */
export function auctionOrder({ object, energyWh }: Remainder): AuctionOrder {
  const { id: orderId, participant, side, priceMicroPerKwh, arrival } = object;
  return { orderId, participant, side, energyWh, priceMicroPerKwh, arrival };
}
