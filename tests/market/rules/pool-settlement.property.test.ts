import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerEntry, Reading } from "../../../market/facts.js";
import { correctPeriod } from "../../../market/rules/estimate.js";
import {
  accounts,
  type EntryDraft,
  netFor,
  netOf,
  participantAccount,
  sumOf,
  supplierAccount,
} from "../../../market/rules/ledger.js";
import { billSharing } from "../../../market/rules/mechanisms/bill-sharing.js";
import { midMarketRate } from "../../../market/rules/mechanisms/mid-market-rate.js";
import { supplyDemandRatio } from "../../../market/rules/mechanisms/supply-demand-ratio.js";
import { poolPeriod, type SettledHorizon, settleHorizon } from "../../../market/rules/pool-settlement.js";
import type { SettlementInput } from "../../../market/rules/settlement.js";
import { micro, microPerKwh } from "../../../shared/units.js";
import { anyReading, period, plainSettlement, reading, trade } from "./settlement-cases.js";

const halfHourMs = 1_800_000;
const everyFee = {
  ...plainSettlement,
  serviceChargeMicroPerKwh: microPerKwh(1000),
  serviceChargeMillionths: 20_000,
  gridFeeMicroPerKwh: microPerKwh(30_000),
  localGridFeeMicroPerKwh: microPerKwh(10_000),
  levies: [{ name: "renewables", microPerKwh: microPerKwh(5000) }],
  vatMillionths: 50_000,
  standingChargeMicroPerDay: micro(300_001),
};

const anyReadings = fc.uniqueArray(anyReading, {
  minLength: 1,
  maxLength: 6,
  selector: ({ participant }) => participant,
});
const anyInput = fc
  .tuple(anyReadings, fc.integer({ min: -50_000, max: 300_000 }), fc.integer({ min: 0, max: 300_000 }), fc.boolean())
  .map(([readings, feedIn, gap, withFees]): SettlementInput => {
    const tariff = {
      supplier: "grid",
      importMicroPerKwh: microPerKwh(feedIn + gap),
      exportMicroPerKwh: microPerKwh(feedIn),
    };
    return {
      ...period([], readings),
      tariffs: new Map(readings.map(({ participant }) => [participant, tariff])),
      terms: withFees ? everyFee : plainSettlement,
    };
  });

/** Up to five half hours, each with its own people, prices and fees. */
const anyHorizon = fc
  .array(anyInput, { minLength: 1, maxLength: 5 })
  .map((inputs) => inputs.map((input, place) => ({ ...input, periodMs: input.periodMs + place * halfHourMs })));

const netWh = ({ exportWh, importWh }: Reading): number => exportWh - importWh;
const allEntries = ({ periods, remainder }: SettledHorizon): readonly (EntryDraft | LedgerEntry)[] => [
  ...periods.flatMap(({ settlement }) => settlement.entries),
  ...remainder,
];

function assertSound(horizon: SettledHorizon, inputs: readonly SettlementInput[]): void {
  for (const [place, { settlement }] of horizon.periods.entries()) {
    const input = inputs[place];
    if (input === undefined) throw new RangeError("every period settled is one that was given");
    const booked = netOf(settlement.entries);
    for (const { participant, lines, totalMicro, deliveredWh, meteredWh } of settlement.participants) {
      const own = input.readings.find((one) => one.participant === participant);
      expect(lines.reduce((sum: number, line) => sum + line.energyWh, 0)).toBe(
        own === undefined ? undefined : netWh(own),
      );
      expect(netFor(booked, participantAccount(participant))).toBe(totalMicro);
      expect(deliveredWh).toBeLessThanOrEqual(Math.abs(meteredWh));
    }
    const { demandWh, supplyWh } = poolPeriod(input);
    expect(settlement.pooledWh).toBe(Math.min(demandWh, supplyWh));
  }
  const net = netOf(allEntries(horizon));
  expect(netFor(net, accounts.pool)).toBe(0);
  expect(sumOf(net)).toBe(0);
}

describe.each([midMarketRate, supplyDemandRatio])("a pool of $name", (pool) => {
  it("bills what was metered, books what it bills, and keeps or lacks no more than roundings", () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const horizon = settleHorizon(pool, [input]);
        assertSound(horizon, [input]);
        const [{ amountMicro = 0 } = {}] = horizon.remainder;
        const { demandWh, supplyWh } = poolPeriod(input);
        // A price is off by less than a millionth, an amount by half a millionth at most.
        const most = (demandWh + supplyWh) / 1000 + (input.readings.length + 1) / 2;
        expect(amountMicro).toBeLessThanOrEqual(Math.ceil(most));
      }),
    );
  });
});

describe("a pool of bill-sharing", () => {
  it("balances over its horizon, whatever each period leaves or lacks", () => {
    fc.assert(
      fc.property(anyHorizon, (inputs) => {
        const horizon = settleHorizon(billSharing, inputs);
        assertSound(horizon, inputs);
        let most = 0;
        for (const input of inputs) {
          const { demandWh, supplyWh } = poolPeriod(input);
          most += (demandWh + supplyWh) / 1000 + (input.readings.length + 1) / 2;
        }
        const [{ amountMicro = 0 } = {}] = horizon.remainder;
        expect(amountMicro).toBeLessThanOrEqual(Math.ceil(most));
      }),
    );
  });

  it("has one price pair for all its periods", () => {
    const inputs = [
      period([], [reading("ann", 1000, 0), reading("bob", 0, 400)]),
      { ...period([], [reading("ann", 200, 0), reading("bob", 0, 600)]), periodMs: 1_470_009_600_000 + halfHourMs },
    ];
    const { prices, periods } = settleHorizon(billSharing, inputs);
    // 0.6 kWh at retail over 1.2 kWh taken, 0.4 kWh at export over 1 kWh fed in.
    expect(prices).toEqual({ buyMicroPerKwh: 72_850, sellMicroPerKwh: 20_120 });
    expect(periods.map(({ settlement }) => settlement.participants.map(({ totalMicro }) => totalMicro))).toEqual([
      [-72_850, 8048],
      [-14_570, 12_072],
    ]);
    expect(netFor(netOf(allEntries({ prices, periods, remainder: [] })), supplierAccount("retail1"))).toBe(
      87_420 - 20_120,
    );
  });
});

describe("a pool's period", () => {
  const three = [reading("ann", 900, 0), reading("bob", 300, 0), reading("cleo", 0, 600)];

  it("charges fees on each one's part of what neighbours took of each other", () => {
    const { periods } = settleHorizon(midMarketRate, [{ ...period([], three), terms: everyFee }]);
    const [ann, bob, cleo] = periods[0]?.settlement.participants ?? [];
    // 0.6 kWh are shared 3 to 1 by those who took 0.9 and 0.3 kWh.
    expect([ann?.deliveredWh, bob?.deliveredWh, cleo?.deliveredWh]).toEqual([450, 150, 600]);
    const gridFees = (ann?.lines ?? []).filter(({ kind }) => kind === "grid-fee");
    expect(gridFees.map(({ amountMicro, name }) => [amountMicro, name])).toEqual([
      [-13_500, undefined],
      [-4500, "local"],
    ]);
    expect(ann?.lines.find(({ kind }) => kind === "service-charge")?.amountMicro).toBe(-450);
    expect(cleo?.lines.find(({ kind }) => kind === "service-charge")?.amountMicro).toBe(-600);
  });

  it("corrects a reading at the prices that were told, for its sender alone", () => {
    const { periods, prices } = settleHorizon(midMarketRate, [period([], three)]);
    const [settled] = periods;
    if (settled === undefined) throw new Error("one period is settled");
    const { correction, after } = correctPeriod(settled.input, reading("bob", 400, 0), settled.settlement);
    expect([...correction.lines.keys()]).toEqual(["bob"]);
    expect(correction.lines.get("bob")?.amountMicro).toBe(-Math.round(prices.buyMicroPerKwh / 10));
    const net = netOf(correction.entries);
    expect(netFor(net, accounts.pool)).toBe(0);
    // The supplier delivers it at retail: what the price told lacks of that is `rounding`'s.
    expect(netFor(net, supplierAccount("retail1"))).toBe(14_570);
    expect(netFor(net, accounts.rounding)).toBe(Math.round(prices.buyMicroPerKwh / 10) - 14_570);
    expect(after.participants.map(({ meteredWh }) => meteredWh)).toEqual([-900, -400, 600]);
  });

  it("is refused with two tariffs, and with trades", () => {
    const input = period([], three);
    const other = { supplier: "retail1", importMicroPerKwh: microPerKwh(1), exportMicroPerKwh: microPerKwh(1) };
    const tariffs = new Map([...input.tariffs, ["bob", other]]);
    expect(() => settleHorizon(midMarketRate, [{ ...input, tariffs }])).toThrow(/one retail and one export price/);
    const traded = period([trade("cleo", "ann", 100, 90_000)], three);
    expect(() => settleHorizon(midMarketRate, [traded])).toThrow(/no orders/);
  });

  it("in which nobody did anything has nothing to book", () => {
    const idle = [reading("ann", 0, 0), reading("bob", 0, 0)];
    for (const pool of [midMarketRate, supplyDemandRatio, billSharing]) {
      const horizon = settleHorizon(pool, [period([], idle)]);
      expect(allEntries(horizon)).toEqual([]);
    }
  });
});
