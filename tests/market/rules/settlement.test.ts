import { describe, expect, it } from "vitest";
import type { BillLine } from "../../../market/facts.js";
import { assertInvariant } from "../../../market/rules/invariants.js";
import { type PeriodSettlement, settlePeriod } from "../../../market/rules/settlement.js";
import { type Choices, period, reading, trade } from "./settlement-cases.js";

/** [kind, Wh, price, amount] of each line of one bill. */
function linesOf(settlement: PeriodSettlement, participant: string): [BillLine["kind"], number, number, number][] {
  const lines = settlement.participants.find((settled) => settled.participant === participant)?.lines ?? [];
  return lines.map((line) => [line.kind, line.energyWh, line.priceMicroPerKwh, line.amountMicro]);
}

/** Ann sells 1 kWh to Bob at 0.10. */
function annSellsToBob(
  annImportWh: number,
  annExportWh: number,
  bobImportWh: number,
  bobExportWh = 0,
  choices: Choices = {},
) {
  const readings = [reading("bob", bobImportWh, bobExportWh), reading("ann", annImportWh, annExportWh)];
  return settlePeriod(period([trade("ann", "bob", 1000, 100_000)], readings, choices));
}

describe("a contract kept to the Wh", () => {
  it("has one trade line on each side and deviates nowhere", () => {
    const settlement = annSellsToBob(0, 1000, 1000);
    expect(linesOf(settlement, "ann")).toEqual([["trade", 1000, 100_000, 100_000]]);
    expect(linesOf(settlement, "bob")).toEqual([["trade", -1000, 100_000, -100_000]]);
    expect(settlement.deviationWh).toBe(0);
    expect(settlement.entries).toEqual([
      { debit: "participant:bob", credit: "participant:ann", amountMicro: 100_000, reason: "trade" },
    ]);
  });
});

describe("a seller of 1 kWh", () => {
  it("who exports 1.4 kWh gets its own export tariff for the 0.4", () => {
    expect(linesOf(annSellsToBob(0, 1400, 1000), "ann")).toEqual([
      ["trade", 1000, 100_000, 100_000],
      ["export", 400, 50_300, 20_120],
    ]);
  });

  it("who exports 0.3 kWh buys the missing 0.7 at the system buy price", () => {
    const settlement = annSellsToBob(0, 300, 1000);
    expect(linesOf(settlement, "ann")).toEqual([
      ["trade", 1000, 100_000, 100_000],
      ["imbalance", -700, 160_000, -112_000],
    ]);
    expect(settlement.participants[0]).toMatchObject({
      contractedWh: 1000,
      meteredWh: 300,
      deliveredWh: 300,
      shortWh: 700,
    });
  });

  it("who imports 0.5 kWh instead is short of all of it and pays its own retail tariff for the import", () => {
    expect(linesOf(annSellsToBob(500, 0, 1000), "ann")).toEqual([
      ["trade", 1000, 100_000, 100_000],
      ["supply", -500, 145_700, -72_850],
      ["imbalance", -1000, 160_000, -160_000],
    ]);
  });

  it("is not helped by energy on the other register within the period", () => {
    expect(linesOf(annSellsToBob(200, 1000, 1000), "ann")).toEqual([
      ["trade", 1000, 100_000, 100_000],
      ["supply", -200, 145_700, -29_140],
    ]);
  });
});

describe("a buyer of 1 kWh", () => {
  it("who imports 0.4 kWh sells the other 0.6 at the system sell price", () => {
    const settlement = annSellsToBob(0, 1000, 400);
    expect(linesOf(settlement, "bob")).toEqual([
      ["trade", -1000, 100_000, -100_000],
      ["imbalance", 600, 40_000, 24_000],
    ]);
    expect(settlement.participants[1]).toMatchObject({
      contractedWh: -1000,
      meteredWh: -400,
      deliveredWh: 400,
      longWh: 600,
    });
  });

  it("who exports 0.5 kWh instead is long by all of it and gets its own export tariff for the export", () => {
    expect(linesOf(annSellsToBob(0, 1000, 0, 500), "bob")).toEqual([
      ["trade", -1000, 100_000, -100_000],
      ["export", 500, 50_300, 25_150],
      ["imbalance", 1000, 40_000, 40_000],
    ]);
  });
});

describe("the table of GB imbalance, as far as promised energy goes", () => {
  const cases = [
    [
      "a consumer that under-consumes is paid the system sell price",
      [0, 1000, 400],
      "bob",
      ["imbalance", 600, 40_000, 24_000],
    ],
    [
      "a generator that under-generates pays the system buy price",
      [0, 300, 1000],
      "ann",
      ["imbalance", -700, 160_000, -112_000],
    ],
    [
      "a consumer that over-consumes pays its own retail tariff",
      [0, 1000, 1500],
      "bob",
      ["supply", -500, 145_700, -72_850],
    ],
    [
      "a generator that over-generates gets its own export tariff",
      [0, 1500, 1000],
      "ann",
      ["export", 500, 50_300, 25_150],
    ],
  ] as const;
  it.each(cases)("%s", (_title, [annImportWh, annExportWh, bobImportWh], who, line) => {
    expect(linesOf(annSellsToBob(annImportWh, annExportWh, bobImportWh), who).at(-1)).toEqual(line);
  });
});

describe("deviations within the community", () => {
  /** Ann and Cleo sell 1 kWh each to Bob and Dan, Bob takes 0.4 only. */
  function settle(annExportWh: number, cleoExportWh: number, imbalancePrice: "dual" | "single") {
    const trades = [trade("ann", "bob", 1000, 100_000), trade("cleo", "dan", 1000, 100_000)];
    const readings = [
      reading("ann", 0, annExportWh),
      reading("bob", 400, 0),
      reading("cleo", 0, cleoExportWh),
      reading("dan", 1000, 0),
    ];
    return settlePeriod(period(trades, readings, { imbalancePrice }));
  }

  it("are netted at the middle price before the supplier is asked, shared by the larger side (dual, short)", () => {
    const settlement = settle(400, 700, "dual");
    expect(settlement).toMatchObject({ deviationWh: 1500, matchedWh: 600 });
    expect(linesOf(settlement, "bob").slice(1)).toEqual([["balancing", 600, 100_000, 60_000]]);
    expect(linesOf(settlement, "ann").slice(1)).toEqual([
      ["balancing", -400, 100_000, -40_000],
      ["imbalance", -200, 160_000, -32_000],
    ]);
    expect(linesOf(settlement, "cleo").slice(1)).toEqual([
      ["balancing", -200, 100_000, -20_000],
      ["imbalance", -100, 160_000, -16_000],
    ]);
  });

  it("leave the long side the system sell price for its rest (dual, long)", () => {
    const settlement = settle(800, 1000, "dual");
    expect(linesOf(settlement, "ann").slice(1)).toEqual([["balancing", -200, 100_000, -20_000]]);
    expect(linesOf(settlement, "bob").slice(1)).toEqual([
      ["balancing", 200, 100_000, 20_000],
      ["imbalance", 400, 40_000, 16_000],
    ]);
  });

  it("all have the system buy price when the community is short (single): the helpful buyer is paid it", () => {
    const settlement = settle(400, 700, "single");
    expect(linesOf(settlement, "bob").slice(1)).toEqual([["balancing", 600, 160_000, 96_000]]);
    expect(linesOf(settlement, "ann").slice(1)).toEqual([
      ["balancing", -400, 160_000, -64_000],
      ["imbalance", -200, 160_000, -32_000],
    ]);
  });

  it("all have the system sell price when the community is long (single): the helpful seller pays no more", () => {
    const settlement = settle(800, 1000, "single");
    expect(linesOf(settlement, "ann").slice(1)).toEqual([["balancing", -200, 40_000, -8000]]);
    expect(linesOf(settlement, "bob").slice(1)).toEqual([
      ["balancing", 200, 40_000, 8000],
      ["imbalance", 400, 40_000, 16_000],
    ]);
  });

  it.each(["dual", "single"] as const)(
    "that cancel out have the middle price and no supplier (%s)",
    (imbalancePrice) => {
      const settlement = settle(400, 1000, imbalancePrice);
      expect(linesOf(settlement, "ann").slice(1)).toEqual([["balancing", -600, 100_000, -60_000]]);
      expect(linesOf(settlement, "bob").slice(1)).toEqual([["balancing", 600, 100_000, 60_000]]);
      expect(settlement.entries.some(({ debit, credit }) => [debit, credit].includes("supplier:retail1"))).toBe(false);
    },
  );

  it("leave what rounding left over on the account for it", () => {
    const trades = [trade("ann", "bob", 3, 0), trade("cleo", "bob", 3, 0, "2")];
    const readings = [reading("ann", 0, 0), reading("bob", 0, 0), reading("cleo", 0, 0)];
    const prices = { systemBuyMicroPerKwh: 500, systemSellMicroPerKwh: 500 };
    const settlement = settlePeriod({ ...period(trades, readings), ...prices } as ReturnType<typeof period>);
    // 3 Wh at 0.0005 are 1.5 millionths, which become 2 for each of two sellers; the buyer's 6 Wh are 3.
    expect(settlement.entries.at(-1)).toEqual({
      debit: "balancing",
      credit: "rounding",
      amountMicro: 1,
      reason: "rounding",
    });
  });
});

describe("trade lines", () => {
  it("are one for each own order, their amount the exact sum, their price the average rounded down", () => {
    const trades = [
      trade("ann", "bob", 1, 100_000),
      trade("ann", "dan", 2, 100_001),
      trade("ann", "bob", 5, 90_000, "x"),
    ];
    const readings = [reading("ann", 0, 8), reading("bob", 6, 0), reading("dan", 2, 0)];
    expect(linesOf(settlePeriod(period(trades, readings)), "ann")).toEqual([
      ["trade", 3, 100_000, 300],
      ["trade", 5, 90_000, 450],
    ]);
  });

  it("at a negative price make the seller pay the buyer", () => {
    const readings = [reading("ann", 0, 1000), reading("bob", 1000, 0)];
    const settlement = settlePeriod(period([trade("ann", "bob", 1000, -20_000)], readings));
    expect(linesOf(settlement, "ann")).toEqual([["trade", 1000, -20_000, -20_000]]);
    expect(settlement.entries).toEqual([
      { debit: "participant:ann", credit: "participant:bob", amountMicro: 20_000, reason: "trade" },
    ]);
  });

  it("with oneself stand on the bill twice and in the ledger not at all", () => {
    const settlement = settlePeriod(period([trade("ann", "ann", 1000, 100_000)], [reading("ann", 0, 0)]));
    expect(linesOf(settlement, "ann")).toEqual([
      ["trade", -1000, 100_000, -100_000],
      ["trade", 1000, 100_000, 100_000],
    ]);
    expect(settlement.entries).toEqual([]);
  });
});

describe("the service charge", () => {
  it("is paid to the market by both sides on all they traded and moves no energy", () => {
    const settlement = annSellsToBob(0, 1000, 1000, 0, { serviceCharge: 1000 });
    expect(linesOf(settlement, "ann").at(-1)).toEqual(["service-charge", 0, 1000, -1000]);
    expect(linesOf(settlement, "bob").at(-1)).toEqual(["service-charge", 0, 1000, -1000]);
    expect(settlement.entries.filter(({ credit }) => credit === "market")).toHaveLength(2);
  });
});

describe("a settlement is refused", () => {
  it("where who traded has no reading", () => {
    const input = period([trade("ann", "bob", 1000, 1)], [reading("ann", 0, 1000)]);
    expect(() => settlePeriod(input)).toThrow("bob has none");
  });

  it("where a participant has two readings", () => {
    expect(() => settlePeriod(period([], [reading("ann", 0, 1), reading("ann", 0, 2)]))).toThrow("one reading");
  });

  it("where a participant has no tariff", () => {
    expect(() => settlePeriod({ ...period([], [reading("ann", 0, 1)]), tariffs: new Map() })).toThrow("ann has none");
  });

  it("where a register or a trade is negative", () => {
    expect(() => settlePeriod(period([], [reading("ann", -1, 0)]))).toThrow("registers are never negative");
    expect(() => settlePeriod(period([trade("ann", "ann", -5, 1)], [reading("ann", 0, 0)]))).toThrow("moves energy");
  });
});

describe("a broken invariant", () => {
  it("stops its breaker and names itself", () => {
    expect(() => assertInvariant(false, "money sums to 0, got 3")).toThrow("invariant broken: money sums to 0, got 3");
  });
});
