/** Periods to settle, made short: by hand with stated defaults, or drawn at random. */
import fc from "fast-check";
import type { Reading, Trade } from "../../../market/facts.js";
import type { SettlementInput, Tariff } from "../../../market/rules/settlement.js";
import type { SettlementTerms } from "../../../market/terms.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";

/** Retail 0.1457 and export 0.0503, as in elecbay.md 4.4. */
export const tariff: Tariff = { importMicroPerKwh: microPerKwh(145_700), exportMicroPerKwh: microPerKwh(50_300) };

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
}

/** SBP 0.16, SSP 0.04, dual, no service charge, everybody on the same tariff, unless chosen otherwise. */
export function period(trades: readonly Trade[], readings: readonly Reading[], choices: Choices = {}): SettlementInput {
  return {
    periodMs: 1_470_009_600_000,
    trades,
    readings,
    tariffs: new Map(readings.map(({ participant }) => [participant, tariff])),
    systemBuyMicroPerKwh: microPerKwh(160_000),
    systemSellMicroPerKwh: microPerKwh(40_000),
    terms: {
      ...plainSettlement,
      imbalancePrice: choices.imbalancePrice ?? "dual",
      serviceChargeMicroPerKwh: microPerKwh(choices.serviceCharge ?? 0),
    },
  };
}

const names = ["ann", "bob", "cleo", "dan", "eve", "fay"];
const energy = fc.integer({ min: 0, max: 5000 });
const price = fc.integer({ min: -300_000, max: 500_000 }).map(microPerKwh);

const anyTrade = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.integer({ min: 1, max: 5000 }), price, fc.nat(1))
  .map(([seller, buyer, energyWh, priceMicroPerKwh, order]) =>
    trade(seller, buyer, energyWh, priceMicroPerKwh, String(order)),
  );

export const anyReading = fc
  .tuple(fc.constantFrom(...names), energy, energy, energy)
  .map(([name, importWh, exportWh, generationWh]) => reading(name, importWh, exportWh, generationWh));

/** Six participants who trade anything with anyone, at positive and negative prices, and do as they like. */
export const anyPeriod: fc.Arbitrary<SettlementInput> = fc
  .record({
    trades: fc.array(anyTrade, { maxLength: 12 }),
    meters: fc.array(fc.tuple(energy, energy, energy), { minLength: names.length, maxLength: names.length }),
    tariffs: fc.array(fc.tuple(price, price), { minLength: names.length, maxLength: names.length }),
    systemBuy: price,
    systemSell: price,
    imbalancePrice: fc.constantFrom("dual" as const, "single" as const),
    serviceCharge: fc.integer({ min: 0, max: 20_000 }),
  })
  .map(({ trades, meters, tariffs, systemBuy, systemSell, imbalancePrice, serviceCharge }) => ({
    ...period(
      trades,
      names.map((name, index) => reading(name, ...(meters[index] ?? [0, 0, 0]))),
      { imbalancePrice, serviceCharge },
    ),
    tariffs: new Map(
      names.map((name, index) => {
        const [importMicroPerKwh, exportMicroPerKwh] = tariffs[index] ?? [microPerKwh(0), microPerKwh(0)];
        return [name, { importMicroPerKwh, exportMicroPerKwh }];
      }),
    ),
    systemBuyMicroPerKwh: systemBuy,
    systemSellMicroPerKwh: systemSell,
  }));
