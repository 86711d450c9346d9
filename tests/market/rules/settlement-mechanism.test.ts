import { describe, expect, it } from "vitest";
import type { Trade } from "../../../market/facts.js";
import { netFor, netOf } from "../../../market/rules/ledger.js";
import { settlePeriod } from "../../../market/rules/settlement.js";
import { microPerKwh } from "../../../shared/units.js";
import { period, reading, trade } from "./settlement-cases.js";

/** Bob pays 0.12 and Ann gets `sellerPrice` for 1 kWh; Cleo sells Dan 0.5 kWh at one price. */
function settle(sellerPrice: number, funder: string | undefined) {
  const trades: Trade[] = [
    { ...trade("ann", "bob", 1000, 120_000), sellerPriceMicroPerKwh: microPerKwh(sellerPrice) },
    trade("cleo", "dan", 500, 100_000),
  ];
  const readings = [reading("ann", 0, 1000), reading("bob", 1000, 0), reading("cleo", 0, 500), reading("dan", 500, 0)];
  const settlement = settlePeriod(period(trades, [...readings, reading("eve", 0, 0)], { terms: { funder } }));
  const net = netOf(settlement.entries);
  return {
    balance: (account: string) => netFor(net, account),
    total: (id: string) => settlement.participants.find(({ participant }) => participant === id)?.totalMicro,
    lines: (id: string) => settlement.participants.find(({ participant }) => participant === id)?.lines ?? [],
  };
}

describe("a trade with two prices", () => {
  it("has the buyer pay its own and the seller get its own; the difference stays with the mechanism", () => {
    const { balance, total, lines } = settle(90_000, undefined);
    expect([total("bob"), total("ann"), balance("mechanism")]).toEqual([-120_000, 90_000, 30_000]);
    expect(lines("ann")).toMatchObject([{ kind: "trade", priceMicroPerKwh: 90_000, amountMicro: 90_000 }]);
  });

  it("may lack money: then the mechanism owes it", () => {
    expect(settle(130_000, undefined).balance("mechanism")).toBe(-10_000);
  });

  it.each([
    [90_000, 30_000],
    [130_000, -10_000],
  ])("moves its difference to the named funder (seller's price %d)", (sellerPrice, difference) => {
    const { balance } = settle(sellerPrice, "council");
    expect([balance("mechanism"), balance("funder:council")]).toEqual([0, difference]);
  });

  it("shares its surplus by energy bought and sold among all who traded, and nobody else", () => {
    const { balance, total, lines } = settle(90_000, "shared");
    // 30,000 over 1000 + 1000 + 500 + 500 Wh.
    expect([total("ann"), total("bob"), total("cleo"), total("dan"), total("eve")]).toEqual([
      ...[90_000 + 10_000, -120_000 + 10_000, 50_000 + 5000, -50_000 + 5000, 0],
    ]);
    expect(balance("mechanism")).toBe(0);
    expect(lines("cleo").at(-1)).toEqual({
      ...{ kind: "levy", name: "mechanism", energyWh: 0, priceMicroPerKwh: 0, amountMicro: 5000 },
    });
  });

  it("shares what it lacks likewise, the millionths that cannot be split to the earlier id", () => {
    const { balance, total } = settle(130_000, "shared");
    // 10,000 over 3000 Wh: 3333 and a third each for ann and bob, 1666 and two thirds for cleo and dan.
    expect([total("ann"), total("bob"), total("cleo"), total("dan")]).toEqual([
      ...[130_000 - 3333, -120_000 - 3333, 50_000 - 1667, -50_000 - 1667],
    ]);
    expect(balance("mechanism")).toBe(0);
  });

  it("with oneself leaves its difference with the mechanism all the same", () => {
    const own: Trade = { ...trade("ann", "ann", 1000, 120_000), sellerPriceMicroPerKwh: microPerKwh(90_000) };
    const settlement = settlePeriod(period([own], [reading("ann", 0, 0)]));
    expect(netFor(netOf(settlement.entries), "mechanism")).toBe(30_000);
  });
});
