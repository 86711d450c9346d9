/** Periods to settle, made short: by hand with stated defaults, or drawn at random. */
import fc from "fast-check";
import type { Reading, Trade } from "../../../market/facts.js";
import type { SettlementInput, Tariff } from "../../../market/rules/settlement.js";
import type { SettlementTerms } from "../../../market/terms.js";
import { micro, microPerKwh, type Wh, wh } from "../../../shared/units.js";

/** Retail 0.1457 and export 0.0503, as in elecbay.md 4.4. */
export const tariff: Tariff = {
  supplier: "retail1",
  importMicroPerKwh: microPerKwh(145_700),
  exportMicroPerKwh: microPerKwh(50_300),
};

export function trade(seller: string, buyer: string, energyWh: number, price: number, orders = ""): Trade {
  return {
    buyer,
    seller,
    energyWh: wh(energyWh),
    priceMicroPerKwh: microPerKwh(price),
    mechanism: "uniform",
    buyOrder: `b-${buyer}${orders}`,
    sellOrder: `s-${seller}${orders}`,
  };
}

export function reading(participant: string, importWh: number, exportWh: number, generationWh = exportWh): Reading {
  return {
    participant,
    importWh: wh(importWh),
    exportWh: wh(exportWh),
    generationWh: wh(generationWh),
    quality: "actual",
  };
}

/** `promised`, dual price, and no fee of any kind. */
export const plainSettlement: SettlementTerms = {
  imbalance: "promised",
  imbalancePrice: "dual",
  serviceChargeMicroPerKwh: microPerKwh(0),
  serviceChargeMillionths: 0,
  gridFeeMicroPerKwh: microPerKwh(0),
  localGridFeeMicroPerKwh: microPerKwh(0),
  levies: [],
  vatMillionths: 0,
  standingChargeMicroPerDay: micro(0),
  funder: undefined,
};

export interface Choices {
  readonly imbalancePrice?: "dual" | "single";
  readonly serviceCharge?: number;
  /** Notified at the gate. */
  readonly positions?: ReadonlyMap<string, Wh>;
  /** Fees and whatever else is chosen of the terms. */
  readonly terms?: Partial<SettlementTerms>;
}

/** SBP 0.16, SSP 0.04, dual, no service charge, everybody on the same tariff, unless chosen otherwise. */
export function period(trades: readonly Trade[], readings: readonly Reading[], choices: Choices = {}): SettlementInput {
  return {
    periodMs: 1_470_009_600_000,
    periodMinutes: 30,
    trades,
    readings,
    tariffs: new Map(readings.map(({ participant }) => [participant, tariff])),
    systemBuyMicroPerKwh: microPerKwh(160_000),
    systemSellMicroPerKwh: microPerKwh(40_000),
    positions: choices.positions ?? new Map(),
    terms: {
      ...plainSettlement,
      imbalancePrice: choices.imbalancePrice ?? "dual",
      serviceChargeMicroPerKwh: microPerKwh(choices.serviceCharge ?? 0),
      ...choices.terms,
    },
  };
}

const names = ["ann", "bob", "cleo", "dan", "eve", "fay"];
const energy = fc.integer({ min: 0, max: 5000 });
const price = fc.integer({ min: -300_000, max: 500_000 }).map(microPerKwh);

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** At one price, or at two. */
const anyTrade = fc
  .tuple(
    ...[fc.constantFrom(...names), fc.constantFrom(...names), fc.integer({ min: 1, max: 5000 })],
    ...[price, maybe(price), fc.nat(1)],
  )
  .map(([seller, buyer, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh, order]) => ({
    ...trade(seller, buyer, energyWh, priceMicroPerKwh, String(order)),
    ...(sellerPriceMicroPerKwh === undefined ? {} : { sellerPriceMicroPerKwh }),
  }));

const fee = fc.integer({ min: 0, max: 30_000 }).map(microPerKwh);

export const anySettlementTerms: fc.Arbitrary<SettlementTerms> = fc.record({
  imbalance: fc.constantFrom("promised", "full"),
  imbalancePrice: fc.constantFrom("dual", "single"),
  serviceChargeMicroPerKwh: fee,
  serviceChargeMillionths: fc.integer({ min: 0, max: 100_000 }),
  gridFeeMicroPerKwh: fee,
  localGridFeeMicroPerKwh: fee,
  levies: fc.array(fc.record({ name: fc.constantFrom("renewables", "network"), microPerKwh: fee }), { maxLength: 2 }),
  vatMillionths: fc.constantFrom(0, 50_000, 200_000),
  standingChargeMicroPerDay: fc.integer({ min: 0, max: 500_000 }).map(micro),
  funder: fc.constantFrom(undefined, "shared", "council"),
});

export const anyReading = fc
  .tuple(fc.constantFrom(...names), energy, energy, energy)
  .map(([name, importWh, exportWh, generationWh]) => reading(name, importWh, exportWh, generationWh));

/** Six participants of two suppliers who trade anything with anyone under any terms, at positive and negative prices, and do as they like. */
export const anyPeriod: fc.Arbitrary<SettlementInput> = fc
  .record({
    periodMs: fc.nat(47).map((index) => 1_470_009_600_000 + index * 1_800_000),
    trades: fc.array(anyTrade, { maxLength: 12 }),
    meters: fc.array(fc.tuple(energy, energy, energy), { minLength: names.length, maxLength: names.length }),
    prices: fc.array(fc.tuple(price, price), { minLength: names.length, maxLength: names.length }),
    systemBuyMicroPerKwh: price,
    systemSellMicroPerKwh: price,
    notified: fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: -5000, max: 5000 }).map(wh))),
    terms: anySettlementTerms,
  })
  .map(({ meters, prices, notified, ...drawn }) => ({
    ...drawn,
    periodMinutes: 30,
    positions: new Map(notified),
    readings: names.map((name, index) => reading(name, ...(meters[index] ?? [0, 0, 0]))),
    tariffs: new Map(
      names.map((name, index) => {
        const [importMicroPerKwh, exportMicroPerKwh] = prices[index] ?? [microPerKwh(0), microPerKwh(0)];
        return [name, { supplier: index % 2 === 0 ? "retail1" : "retail2", importMicroPerKwh, exportMicroPerKwh }];
      }),
    ),
  }));
