import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Trade } from "../../../market/facts.js";
import { efficientMatching } from "../../../market/rules/efficient-matching.js";
import { type PeriodQuality, qualityOf } from "../../../market/rules/market-quality.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { qualityFrom, qualityMessage } from "../../../market/rules/quality-message.js";
import { type MicroPerKwh, microPerKwh, wh } from "../../../shared/units.js";

const people = fc.constantFrom("ann", "bob", "cat", "dan");
const books = fc
  .array(
    fc.record({
      participant: people,
      side: fc.constantFrom("buy" as const, "sell" as const),
      energyWh: fc.integer({ min: 1, max: 5000 }).map(wh),
      priceMicroPerKwh: fc.integer({ min: -3, max: 40 }).map((step) => microPerKwh(step * 5001)),
    }),
    { maxLength: 30 },
  )
  .map((orders): AuctionOrder[] => orders.map((order, at) => ({ ...order, orderId: `o${at}`, arrival: at })));

/** Trades of any two orders of a book, in any order; now and then one whose orders nobody knows, or with two prices. */
const tradesOf = (orders: readonly AuctionOrder[]): fc.Arbitrary<Trade[]> => {
  const [bids, asks] = (["buy", "sell"] as const).map((side) => orders.filter((order) => order.side === side));
  if (bids === undefined || asks === undefined || bids.length === 0 || asks.length === 0) return fc.constant([]);
  const price = fc.integer({ min: 0, max: 200_000 }).map(microPerKwh);
  const pair = fc.record({
    bid: fc.constantFrom(...bids),
    ask: fc.constantFrom(...asks),
    energyWh: fc.integer({ min: 1, max: 5000 }).map(wh),
    priceMicroPerKwh: price,
    sellerPriceMicroPerKwh: fc.option(price, { nil: undefined }),
    known: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn > 0),
  });
  return fc.array(pair, { maxLength: 40 }).map((pairs) =>
    pairs.map(({ bid, ask, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh: got, known }) => ({
      ...{ buyer: bid.participant, seller: ask.participant, energyWh, priceMicroPerKwh, mechanism: "uniform" },
      ...{ buyOrder: known ? bid.orderId : "gone", sellOrder: ask.orderId },
      ...(got === undefined ? {} : { sellerPriceMicroPerKwh: got }),
    })),
  );
};
const periods = books.chain((orders) => tradesOf(orders).map((trades) => ({ orders, trades })));

/** The definition, one trade and one order after the other, in thousandths of a millionth and halves of them: exact. */
function plainly(orders: readonly AuctionOrder[], trades: readonly Trade[]) {
  const { bids, asks, bidWh, askWh, lowMicroPerKwh: low, highMicroPerKwh: high } = efficientMatching(orders, "time");
  const twice = low === null || high === null ? null : low + high;
  const [gaps, sums] = [new Map<string, number>(), { surplus: 0, most: 0, squares: 0, tradedWh: 0 }];
  const add = (who: string, halves: number): void => void gaps.set(who, (gaps.get(who) ?? 0) + halves);
  const limitOf = (id: string, price: MicroPerKwh) =>
    orders.find(({ orderId }) => orderId === id)?.priceMicroPerKwh ?? price;
  for (const { energyWh, priceMicroPerKwh: paid, sellerPriceMicroPerKwh: got = paid, ...names } of trades) {
    const [bid, ask] = [limitOf(names.buyOrder, paid), limitOf(names.sellOrder, got)];
    sums.surplus += energyWh * (bid - ask);
    add(names.buyer, 2 * energyWh * (bid - paid));
    add(names.seller, 2 * energyWh * (got - ask));
    if (twice === null) continue;
    sums.tradedWh += energyWh;
    sums.squares += energyWh * ((paid + got - twice) / 2) ** 2;
  }
  for (const [side, traded, sign] of [[bids, bidWh, 1] as const, [asks, askWh, -1] as const]) {
    for (const [at, { participant, priceMicroPerKwh }] of side.entries()) {
      const energyWh = traded[at] ?? 0;
      if (twice === null || energyWh === 0) continue;
      sums.most += sign * energyWh * priceMicroPerKwh;
      add(participant, -sign * energyWh * (2 * priceMicroPerKwh - twice));
    }
  }
  return { ...sums, gaps };
}

describe("the quality of a period", () => {
  it("is what its definition says, whatever the order of the trades", () => {
    fc.assert(
      fc.property(periods, ({ orders, trades }) => {
        const quality = qualityOf(orders, trades);
        const { surplus, most, squares, tradedWh, gaps } = plainly(orders, trades);
        expect(quality.surplusMicro).toBe(surplus / 1000);
        expect(quality.mostSurplusMicro).toBe(most / 1000);
        expect(quality.tradedWh).toBe(tradedWh);
        expect(quality.squaresSum / (squares || 1)).toBeCloseTo(squares === 0 ? 0 : 1, 9);
        expect([...quality.profitGapsMicro.keys()].sort()).toEqual([...gaps.keys()].sort());
        for (const [who, halves] of gaps) expect(quality.profitGapsMicro.get(who)).toBe(halves / 2000 + 0);
      }),
    );
  });

  it("is read back as it was handed over", () => {
    fc.assert(
      fc.property(periods, ({ orders, trades }) => {
        const quality = qualityOf(orders, trades);
        const read: PeriodQuality = qualityFrom(JSON.parse(JSON.stringify(qualityMessage(quality))), trades);
        expect({ ...read, squaresSum: 0 }).toEqual({ ...quality, squaresSum: 0 });
        expect(Math.abs(read.squaresSum - quality.squaresSum)).toBeLessThanOrEqual(1e-12 * quality.squaresSum);
      }),
    );
  });
});
