/**
 * The bare of a settlement: every trade finds its two sides by name, every line and entry is an object that is kept. No prices, rounding,
 * netting, ledger or checks. It shows how much dearer finding and keeping get on this machine as a period grows.
 */
import type { SettlementInput } from "../../../market/rules/settlement.js";

interface Kept {
  readonly name: string;
  readonly other: string;
  readonly amount: number;
  readonly reason: string;
}

/** @param objects as many are kept, shared out evenly @returns how many were. */
export function findAndKeep({ readings, trades }: SettlementInput, objects: number): number {
  const sums = new Map<string, { energyWh: number }>();
  for (const { participant, importWh, exportWh } of readings) sums.set(participant, { energyWh: exportWh - importWh });
  for (const { buyer, seller, energyWh } of trades) {
    for (const [side, sign] of [[buyer, 1] as const, [seller, -1] as const]) {
      const sum = sums.get(side);
      if (sum !== undefined) sum.energyWh += sign * energyWh;
    }
  }
  const kept: Kept[] = [];
  for (let at = 0; at < objects; at += 1) {
    const { participant, importWh } = readings[at % readings.length] as SettlementInput["readings"][number];
    kept.push({ name: participant, other: "other", amount: importWh + at, reason: "bare" });
  }
  return kept.length;
}
