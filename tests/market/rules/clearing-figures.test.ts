/** Figures of a cleared book, by hand, and what must hold between them on any book. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  auctionFigures,
  greatestWelfare,
  noMarketFigures,
  poolFigures,
  poolPeriod,
} from "../../../market/rules/clearing-figures.js";
import { midMarketRate } from "../../../market/rules/mechanisms/mid-market-rate.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { auctionOrders, bestWelfare, side } from "./auction-orders.js";

/** The book of elecbay.md 3.6 in kWh and cents. */
const book = [
  ...side(
    "buy",
    [10, 8, 6, 4].map((cents) => [cents * 10_000, 1000] as const),
  ),
  ...side(
    "sell",
    [1, 3, 5, 7].map((cents) => [cents * 10_000, 1000] as const),
    5,
  ),
];
const terms = {
  ...{ k: 0.5, tie: "pro-rata" as const, minEnergyWh: wh(1) },
  ...{ priceFloorMicroPerKwh: microPerKwh(0), priceCapMicroPerKwh: microPerKwh(200_000) },
};
const tariffs = { retailMicroPerKwh: microPerKwh(145_700), exportMicroPerKwh: microPerKwh(50_300) };
const uniformFigures = (orders: readonly AuctionOrder[]) => auctionFigures(orders, uniform.clear(orders, terms));

describe("the figures of an auction", () => {
  it("are those of the literature's book: 3 kWh, welfare 15, price 5.5 in [5, 6]", () => {
    expect(uniformFigures(book)).toEqual({
      priceMicroPerKwh: 55_000,
      lowMicroPerKwh: 50_000,
      highMicroPerKwh: 60_000,
      buyerPriceMicroPerKwh: 55_000,
      sellerPriceMicroPerKwh: 55_000,
      volumeWh: 3000,
      trades: 3,
      welfareBillionths: 150_000_000n,
      efficiency: 1,
      paymentsMicro: 165_000,
      receiptsMicro: 165_000,
      remainderMicro: 0,
    });
  });

  it("tell buyers' and sellers' price apart, and what stays between them", () => {
    const [trade] = uniform.clear(book, terms).trades;
    if (trade === undefined) throw new Error("the book trades");
    const clearing = {
      trades: [{ ...trade, priceMicroPerKwh: microPerKwh(80_000), sellerPriceMicroPerKwh: microPerKwh(30_001) }],
      ...{ priceMicroPerKwh: null, lowMicroPerKwh: microPerKwh(30_001), highMicroPerKwh: microPerKwh(80_000) },
      volumeWh: trade.energyWh,
    };
    expect(auctionFigures(book, clearing)).toMatchObject({
      ...{ buyerPriceMicroPerKwh: 80_000, sellerPriceMicroPerKwh: 30_001 },
      ...{ paymentsMicro: 80_000, receiptsMicro: 30_001, remainderMicro: 49_999 },
      ...{ welfareBillionths: 90_000_000n, efficiency: 0.6 },
    });
  });

  it("have efficiency 1 where there is nothing to gain", () => {
    expect(uniformFigures(side("buy", [[5, 10]]))).toMatchObject({ efficiency: 1, welfareBillionths: 0n, trades: 0 });
    expect(uniformFigures([])).toMatchObject({ efficiency: 1, volumeWh: 0, priceMicroPerKwh: null });
  });

  it("refuse a trade of an order that is not in the book", () => {
    const clearing = uniform.clear(book, terms);
    expect(() => auctionFigures(book.slice(1), clearing)).toThrow("no order b1 in the book");
  });
});

describe("the greatest welfare", () => {
  it("is the best over every volume of unit orders", () => {
    fc.assert(
      fc.property(auctionOrders, (orders) => {
        expect(greatestWelfare(orders)).toBe(BigInt(bestWelfare(orders)));
      }),
    );
  });
});

describe("a pool on a book", () => {
  it("takes all energy whatever its limit, and the supplier stands in for what is lacking", () => {
    const orders = [...side("buy", [[10_000, 10_000]]), ...side("sell", [[140_000, 6000]], 2)];
    const prices = midMarketRate.prices([poolPeriod(orders, tariffs)]);
    // Elecbay.md 2.2: G 6, D 10: sell 9.8, buy 11.708 p/kWh.
    expect(poolFigures(orders, prices, tariffs)).toEqual({
      priceMicroPerKwh: null,
      lowMicroPerKwh: 98_000,
      highMicroPerKwh: 117_080,
      buyerPriceMicroPerKwh: 117_080,
      sellerPriceMicroPerKwh: 98_000,
      volumeWh: 6000,
      trades: 0,
      welfareBillionths: -1_070_800_000n - 252_000_000n,
      efficiency: null,
      paymentsMicro: 1_170_800,
      receiptsMicro: 588_000 + 4 * 145_700,
      remainderMicro: 0,
    });
  });

  it("nets who buys and sells", () => {
    const orders = book.map((order) => ({ ...order, participant: "one" }));
    expect(poolPeriod(orders, tariffs)).toMatchObject({ demandWh: 0, supplyWh: 0 });
    expect(poolPeriod([...orders, ...side("buy", [[1, 500]], 20)], tariffs)).toMatchObject({ demandWh: 500 });
  });

  it("of any book leaves over no more than its prices' rounding", () => {
    fc.assert(
      fc.property(auctionOrders, (orders) => {
        const { remainderMicro } = poolFigures(orders, midMarketRate.prices([poolPeriod(orders, tariffs)]), tariffs);
        expect(Math.abs(remainderMicro)).toBeLessThanOrEqual(2);
      }),
    );
  });
});

describe("no market", () => {
  it("trades nothing; with tariffs everybody is with the supplier", () => {
    expect(noMarketFigures(book, undefined)).toMatchObject({ volumeWh: 0, welfareBillionths: 0n, efficiency: 0 });
    expect(noMarketFigures([], undefined)).toMatchObject({ efficiency: 1 });
    expect(noMarketFigures(book, tariffs)).toMatchObject({
      ...{ volumeWh: 0, trades: 0, efficiency: null, buyerPriceMicroPerKwh: 145_700, sellerPriceMicroPerKwh: 50_300 },
      ...{ paymentsMicro: 784_000, receiptsMicro: 784_000, remainderMicro: 0 },
    });
  });
});
