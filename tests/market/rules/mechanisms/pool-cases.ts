/** Periods for the pools' tests, and what a pool has over after buying and selling at its pair. */
import fc from "fast-check";
import type { PoolPeriod, PoolPrices } from "../../../../market/rules/mechanisms/mechanism.js";

/** The flat tariff of the source: 14.57 and 5.03 pence, as millionths of a pound. */
export const flatTariff = { retailMicroPerKwh: 145_700, exportMicroPerKwh: 50_300 };

/** kWh of a period at the flat tariff. */
export function flat(supplyKwh: number, demandKwh: number): PoolPeriod {
  return { ...flatTariff, supplyWh: Math.round(supplyKwh * 1000), demandWh: Math.round(demandKwh * 1000) };
}

/** The flat tariff in hundred-millionths of a penny, so that printed values show to six decimals of a penny. */
export function fine(supplyKwh: number, demandKwh: number): PoolPeriod {
  return { ...flat(supplyKwh, demandKwh), retailMicroPerKwh: 14_570_000, exportMicroPerKwh: 5_030_000 };
}

const energyWh = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2_000_000_000 }));

/** Any energies; prices with 0 < export <= retail. */
export const usualPeriod: fc.Arbitrary<PoolPeriod> = fc
  .record({
    supplyWh: energyWh,
    demandWh: energyWh,
    exportMicroPerKwh: fc.integer({ min: 1, max: 900_000_000 }),
    spread: fc.integer({ min: 0, max: 900_000_000 }),
  })
  .map(({ spread, ...period }) => ({ ...period, retailMicroPerKwh: period.exportMicroPerKwh + spread }));

/** Any energies; any prices, 0, negative and retail below export among them. */
export const anyPeriod: fc.Arbitrary<PoolPeriod> = fc.record({
  supplyWh: energyWh,
  demandWh: energyWh,
  exportMicroPerKwh: fc.integer({ min: -3, max: 3 }).map((price) => price * 100_000),
  retailMicroPerKwh: fc.integer({ min: -3, max: 3 }).map((price) => price * 100_001),
});

/** What the pool is left with, in thousandths of a millionth: buyers' money less sellers' and the supplier's. */
export function leftOver(periods: readonly PoolPeriod[], { buyMicroPerKwh, sellMicroPerKwh }: PoolPrices): bigint {
  return periods.reduce((sum, { demandWh, supplyWh, retailMicroPerKwh, exportMicroPerKwh }) => {
    const netWh = BigInt(demandWh) - BigInt(supplyWh);
    const supplier = netWh * BigInt(netWh > 0n ? retailMicroPerKwh : exportMicroPerKwh);
    return sum + BigInt(buyMicroPerKwh) * BigInt(demandWh) - BigInt(sellMicroPerKwh) * BigInt(supplyWh) - supplier;
  }, 0n);
}

/** A millionth for each kWh that was bought or sold: what the roundings stay below. */
export function energyInAll(periods: readonly PoolPeriod[]): bigint {
  return periods.reduce((sum, { demandWh, supplyWh }) => sum + BigInt(demandWh) + BigInt(supplyWh), 0n);
}
