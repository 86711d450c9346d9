import { describe, expect, it } from "vitest";
import { correctPeriod } from "../../../market/rules/estimate.js";
import { netFor, netOf } from "../../../market/rules/ledger.js";
import { type PeriodSettlement, settlePeriod } from "../../../market/rules/settlement.js";
import type { SettlementTerms } from "../../../market/terms.js";
import { micro, microPerKwh } from "../../../shared/units.js";
import { period, reading, trade } from "./settlement-cases.js";

const price = microPerKwh;
const contract = [trade("ann", "bob", 1000, 100_000)];
const midnightMs = 1_470_009_600_000;

/** [kind, name, amount] of the lines that move no energy. */
function chargesOf(settlement: PeriodSettlement, participant: string): [string, string | undefined, number][] {
  const lines = settlement.participants.find((settled) => settled.participant === participant)?.lines ?? [];
  return lines.filter(({ energyWh }) => energyWh === 0).map((line) => [line.kind, line.name, line.amountMicro]);
}

function settle(terms: Partial<SettlementTerms>, importWh = 1500) {
  const readings = [reading("ann", 200, 1000), reading("bob", importWh, 0), reading("cleo", 0, 0)];
  return settlePeriod(period(contract, readings, { terms }));
}

describe("the service charge in percent", () => {
  it("is paid by each side of the value of its own trades, half a millionth to the even one", () => {
    const settlement = settlePeriod(
      period(
        [trade("ann", "bob", 1000, 25), trade("ann", "bob", 1000, 50)],
        [reading("ann", 0, 2000), reading("bob", 2000, 0)],
        {
          terms: { serviceChargeMillionths: 20_000 },
        },
      ),
    );
    // 2 % of 25 + 50 millionths is 1.5.
    expect(chargesOf(settlement, "ann")).toEqual([["service-charge", "percent", -2]]);
    expect(chargesOf(settlement, "bob")).toEqual([["service-charge", "percent", -2]]);
  });

  it("counts values without their signs", () => {
    const trades = [trade("ann", "bob", 1000, 100_000), trade("ann", "bob", 1000, -100_000)];
    const readings = [reading("ann", 0, 2000), reading("bob", 2000, 0)];
    const settlement = settlePeriod(period(trades, readings, { terms: { serviceChargeMillionths: 10_000 } }));
    expect(chargesOf(settlement, "bob")).toEqual([["service-charge", "percent", -2000]]);
  });
});

describe("grid fee and levies", () => {
  const terms = {
    gridFeeMicroPerKwh: price(50_000),
    localGridFeeMicroPerKwh: price(20_000),
    levies: [
      { name: "renewables", microPerKwh: price(4000) },
      { name: "city", microPerKwh: price(1000) },
    ],
  };

  it("are paid on all import, what was taken against a local contract at the local fee", () => {
    const settlement = settle(terms);
    expect(chargesOf(settlement, "bob")).toEqual([
      ["grid-fee", undefined, -25_000],
      ["grid-fee", "local", -20_000],
      ["levy", "renewables", -6000],
      ["levy", "city", -1500],
    ]);
    const net = netOf(settlement.entries);
    expect(["dso", "levy:renewables", "levy:city"].map((account) => netFor(net, account))).toEqual([
      ...[55_000, 6800, 1700],
    ]);
  });

  it("are paid by a seller on its own import, none of which is local", () => {
    expect(chargesOf(settle(terms), "ann").slice(0, 1)).toEqual([["grid-fee", undefined, -10_000]]);
  });

  it("are not paid on what a contract promised and nobody took", () => {
    expect(chargesOf(settle(terms, 400), "bob").slice(0, 1)).toEqual([["grid-fee", "local", -8000]]);
  });
});

describe("the standing charge", () => {
  it("is paid to the own supplier by everyone with a reading, also by who used nothing", () => {
    const settlement = settle({ standingChargeMicroPerDay: micro(480_000) });
    expect(chargesOf(settlement, "cleo")).toEqual([["standing-charge", undefined, -10_000]]);
  });

  it.each([5, 15, 30, 60])("sums to the day's charge exactly over a day in periods of %d minutes", (periodMinutes) => {
    const lengthMs = periodMinutes * 60_000;
    let sum = 0;
    for (let atMs = midnightMs; atMs < midnightMs + 86_400_000; atMs += lengthMs) {
      const input = period([], [reading("ann", 0, 0)], { terms: { standingChargeMicroPerDay: micro(1_000_003) } });
      sum += settlePeriod({ ...input, periodMs: atMs, periodMinutes }).participants[0]?.totalMicro ?? 0;
    }
    expect(sum).toBe(-1_000_003);
  });
});

describe("value added tax", () => {
  it("is on all that a participant pays, charges included, and on nothing that it receives", () => {
    const settlement = settle({ vatMillionths: 200_000, standingChargeMicroPerDay: micro(480_000) });
    // Bob: trade 0.1, supply 0.5 x 0.1457, standing charge 0.01. Ann: supply 0.2 x 0.1457 and standing charge; her trade is income.
    expect(chargesOf(settlement, "bob").at(-1)).toEqual(["tax", undefined, -(100_000 + 72_850 + 10_000) / 5]);
    expect(chargesOf(settlement, "ann").at(-1)).toEqual(["tax", undefined, -(29_140 + 10_000) / 5]);
    expect(netFor(netOf(settlement.entries), "tax")).toBe(36_570 + 7828 + 2000);
  });

  it("is on imbalance and balancing where they are paid", () => {
    const readings = [reading("ann", 0, 0), reading("bob", 1000, 0)];
    const settlement = settlePeriod(period(contract, readings, { terms: { vatMillionths: 100_000 } }));
    expect(chargesOf(settlement, "ann")).toEqual([["tax", undefined, -16_000]]);
  });

  it("rounds half a millionth to the even one", () => {
    const readings = [reading("ann", 0, 1000), reading("bob", 1000, 0)];
    const tax = (priceMicro: number) =>
      chargesOf(
        settlePeriod(period([trade("ann", "bob", 1000, priceMicro)], readings, { terms: { vatMillionths: 50_000 } })),
        "bob",
      ).map(([, , amount]) => amount);
    expect([tax(10), tax(30), tax(50)]).toEqual([[], [-2], [-2]]); // 0.5, 1.5 and 2.5 millionths
  });
});

describe("a correction", () => {
  it("carries charges and tax: a reading that came late costs its levy and its tax, too", () => {
    const readings = [reading("ann", 0, 1000), reading("bob", 1000, 0)];
    const levies = [{ name: "renewables", microPerKwh: price(4000) }];
    const input = period(contract, readings, { terms: { levies, vatMillionths: 50_000 } });
    const { correction } = correctPeriod(input, reading("bob", 2000, 0));
    // 1 kWh more of supply at 0.1457 and of the levy at 0.004, and 5 % on both.
    expect(correction.lines.get("bob")).toMatchObject({ energyWh: -1000, amountMicro: -(145_700 + 4000) * 1.05 });
    const net = netOf(correction.entries);
    expect(["supplier:retail1", "levy:renewables", "tax"].map((account) => netFor(net, account))).toEqual([
      ...[145_700, 4000, 7485],
    ]);
  });
});

describe("two suppliers with different tariffs", () => {
  it("each have their own customers' supply, export, imbalance and standing charge; money sums to 0", () => {
    const readings = [reading("ann", 0, 1200), reading("bob", 700, 0), reading("cleo", 500, 0)];
    const usual = { supplier: "retail1", importMicroPerKwh: price(200_000), exportMicroPerKwh: price(50_000) };
    const other = { supplier: "green", importMicroPerKwh: price(150_000), exportMicroPerKwh: price(80_000) };
    const tariffs = new Map([
      ["ann", other],
      ["bob", usual],
      ["cleo", other],
    ]);
    const terms = { standingChargeMicroPerDay: micro(480_000) };
    const settlement = settlePeriod({ ...period(contract, readings, { terms }), tariffs });
    const net = netOf(settlement.entries);
    // Green: Ann's 0.2 kWh of export, Cleo's 0.5 kWh of supply, two standing charges. Retail1: Bob's 0.3 kWh long, and his charge.
    expect(netFor(net, "supplier:green")).toBe(-16_000 + 75_000 + 20_000);
    expect(netFor(net, "supplier:retail1")).toBe(-12_000 + 10_000);
    expect([...net.values()].reduce((sum, balance) => sum + balance.micro, 0)).toBe(0);
  });
});
