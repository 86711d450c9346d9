import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auctionReceipts } from "../../../market/rules/auction-receipts.js";
import { efficientMechanisms } from "../../../market/rules/efficient-matching.js";
import { mechanismsWithoutSolver } from "../../../market/rules/mechanisms/catalogue.js";
import type { Auction } from "../../../market/rules/mechanisms/mechanism.js";
import { type AuctionOrder, byMerit } from "../../../market/rules/merit-order.js";
import type { BiddingTerms } from "../../../market/terms.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { auctionOrders } from "./auction-orders.js";
import { terms } from "./period-books.js";

const narrow: BiddingTerms = {
  ...terms,
  ...{ minEnergyWh: wh(2), priceFloorMicroPerKwh: microPerKwh(-5), priceCapMicroPerKwh: microPerKwh(14) },
};
const auctions = Object.values(mechanismsWithoutSolver).filter((mechanism) => mechanism.kind === "auction");
const ties = fc.constantFrom<BiddingTerms["tie"]>("pro-rata", "time");

/** What an order trades, by the trades alone. */
function tradedBy(auction: Auction, orders: readonly AuctionOrder[], rule: BiddingTerms, { orderId }: AuctionOrder) {
  const { trades } = auction.clear(orders, rule);
  const own = trades.filter(({ buyOrder, sellOrder }) => buyOrder === orderId || sellOrder === orderId);
  return own.reduce((sum, { energyWh }) => sum + energyWh, 0);
}

describe.each(auctions.map((auction) => [auction.name, auction] as const))("every receipt of %s", (_, auction) => {
  it("tells what the order traded, at a price within its limit, and its place", () => {
    fc.assert(
      fc.property(auctionOrders, ties, (orders, tie) => {
        const rule = { ...narrow, tie };
        const receipts = auctionReceipts(orders, auction.clear(orders, rule), auction, rule);
        expect(receipts.map(({ orderId }) => orderId).sort()).toEqual(orders.map(({ orderId }) => orderId).sort());
        for (const receipt of receipts) {
          const order = orders.find(({ orderId }) => orderId === receipt.orderId);
          if (order === undefined) throw new Error("a receipt for nobody");
          expect(receipt.tradedWh).toBe(tradedBy(auction, orders, rule, order));
          expect(receipt.why).not.toBe("");
          const before = orders.filter((other) => other.side === order.side && byMerit(other, order) < 0);
          expect(receipt.rank).toBe(before.length + 1);
          expect(receipt.priceMicroPerKwh === null).toBe(receipt.tradedWh === 0);
          if (receipt.priceMicroPerKwh !== null) {
            const gain = (order.side === "buy" ? 1 : -1) * (order.priceMicroPerKwh - receipt.priceMicroPerKwh);
            expect(gain).toBeGreaterThanOrEqual(0);
          }
          if (receipt.tradedWh === order.energyWh) expect(receipt.wouldTradeAtMicroPerKwh).toBeNull();
        }
      }),
      { numRuns: 150 },
    );
  });
});

// What rests in a continuous market is for who comes at the end: no other limit in the past is told.
const atTheGate = auctions.filter(({ clears }) => clears !== "arrival");

describe.each(atTheGate.map((auction) => [auction.name, auction] as const))("a receipt of %s", (_, auction) => {
  it("names a better price within the band that does trade more", () => {
    fc.assert(
      fc.property(auctionOrders, ties, (orders, tie) => {
        const rule = { ...narrow, tie };
        for (const receipt of auctionReceipts(orders, auction.clear(orders, rule), auction, rule)) {
          const price = receipt.wouldTradeAtMicroPerKwh;
          const order = orders.find(({ orderId }) => orderId === receipt.orderId);
          if (price === null || order === undefined) continue;
          expect((order.side === "buy" ? 1 : -1) * (price - order.priceMicroPerKwh)).toBeGreaterThan(0);
          expect(price).toBeGreaterThanOrEqual(narrow.priceFloorMicroPerKwh);
          expect(price).toBeLessThanOrEqual(narrow.priceCapMicroPerKwh);
          const changed = orders.map((other) => (other === order ? { ...order, priceMicroPerKwh: price } : other));
          expect(tradedBy(auction, changed, rule, order)).toBeGreaterThan(receipt.tradedWh);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(atTheGate.map((auction) => [auction.name, auction] as const))("no receipt of %s", (name, auction) => {
  // In an efficient matching a tie over the last Wh may make a millionth of difference.
  const slack = efficientMechanisms.has(name) ? 1 : 0;
  it("asks for more than the least price that trades more, nor is silent about one", () => {
    fc.assert(
      fc.property(auctionOrders, ties, (orders, tie) => {
        const rule = { ...narrow, tie };
        const receipts = auctionReceipts(orders, auction.clear(orders, rule), auction, rule);
        for (const { orderId, tradedWh, wouldTradeAtMicroPerKwh: price } of receipts) {
          const order = orders.find((each) => each.orderId === orderId);
          if (order === undefined || tradedWh === order.energyWh) continue;
          const sign = order.side === "buy" ? 1 : -1;
          const end =
            price ?? (order.side === "buy" ? narrow.priceCapMicroPerKwh + 1 : narrow.priceFloorMicroPerKwh - 1);
          for (let less = order.priceMicroPerKwh + sign; sign * less < sign * end - slack; less += sign) {
            const changed = { ...order, priceMicroPerKwh: microPerKwh(less) };
            const others = orders.map((each) => (each === order ? changed : each));
            expect(tradedBy(auction, others, rule, order)).toBeLessThanOrEqual(tradedWh);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

it("the price told in a continuous market trades for an order that comes last", () => {
  const auction = mechanismsWithoutSolver.continuous;
  if (auction.kind !== "auction") throw new Error("continuous is an auction");
  fc.assert(
    fc.property(auctionOrders, (orders) => {
      for (const receipt of auctionReceipts(orders, auction.clear(orders, narrow), auction, narrow)) {
        const price = receipt.wouldTradeAtMicroPerKwh;
        const order = orders.find(({ orderId }) => orderId === receipt.orderId);
        if (order === undefined || receipt.tradedWh === order.energyWh) continue;
        const late = (at: number): AuctionOrder => {
          return { ...order, orderId: "late", arrival: 1000, energyWh: wh(1), priceMicroPerKwh: microPerKwh(at) };
        };
        const trades = (at: number) => tradedBy(auction, [...orders, late(at)], narrow, late(at)) > 0;
        if (price === null) expect(trades(order.side === "buy" ? 100 : -100)).toBe(false);
        else expect([trades(price), trades(price - (order.side === "buy" ? 1 : -1))]).toEqual([true, false]);
      }
    }),
    { numRuns: 200 },
  );
});
