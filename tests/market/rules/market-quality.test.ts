import { describe, expect, it } from "vitest";
import { addMarket, createMarketQuality, qualityFigures } from "../../../market/rules/market-quality.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import { side } from "./auction-orders.js";
import { plainAuction } from "./auction-terms.js";
import { trade } from "./settlement-cases.js";

// elecbay.md 3.6: three of four trade, welfare 15, p* in the middle of [5, 6].
const kwh = 1000;
const price = 1_000_000;
const orders = [
  ...side("buy", [
    [10 * price, kwh],
    [8 * price, kwh],
    [6 * price, kwh],
    [4 * price, kwh],
  ]),
  ...side(
    "sell",
    [
      [1 * price, kwh],
      [3 * price, kwh],
      [5 * price, kwh],
      [7 * price, kwh],
    ],
    5,
  ),
];
const named = (buyer: number, seller: number, at: number) => ({
  ...trade(`seller${seller}`, `buyer${buyer}`, kwh, at),
  buyOrder: `b${buyer}`,
  sellOrder: `s${seller}`,
});

describe("the quality of a market", () => {
  it("is whole where the efficient trades are made at the equilibrium price", () => {
    const quality = createMarketQuality();
    const { trades } = uniform.clear(orders, plainAuction);
    addMarket(
      quality,
      orders,
      trades.map((each) => ({ ...each, mechanism: "uniform" })),
    );
    expect([quality.surplusMicro, quality.mostSurplusMicro]).toEqual([15 * price, 15 * price]);
    expect(qualityFigures(quality)).toEqual({ welfareEfficiency: 1, smithsAlpha: 0, profitDispersion: 0 });
  });

  it("tells lost welfare, prices off the equilibrium and profits that went astray", () => {
    const quality = createMarketQuality();
    // The dearest bid takes the dearest ask at 7; the two of 8 and 1 trade at 4.
    addMarket(quality, orders, [named(1, 4, 7 * price), named(2, 1, 4 * price)]);
    const { welfareEfficiency, smithsAlpha, profitDispersion } = qualityFigures(quality);
    expect(welfareEfficiency).toBeCloseTo(10 / 15, 6);
    expect(smithsAlpha).toBeCloseTo((100 * 1.5) / 5.5, 5); // both prices are 1.5 off
    // Profits 3, 4 and 0 for the buyers with 4.5, 2.5, 0.5 at p*; 3, 0, 0, 0 for the sellers with 4.5, 2.5, 0.5, 0.
    const squares = 1.5 ** 2 + 1.5 ** 2 + 0.5 ** 2 + 1.5 ** 2 + 2.5 ** 2 + 0.5 ** 2 + 0;
    expect(profitDispersion).toBeCloseTo(Math.sqrt(squares / 7), 5);
  });

  it("has nothing to lose where no bid meets an ask", () => {
    const quality = createMarketQuality();
    addMarket(quality, [...side("buy", [[1, kwh]]), ...side("sell", [[2, kwh]], 2)], []);
    expect(qualityFigures(quality)).toEqual({ welfareEfficiency: 1, smithsAlpha: null, profitDispersion: null });
  });
});
