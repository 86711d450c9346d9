/**
 * What a participant promised, and what it did of it (elecbay.md 0, rule 2, `promised`).
 *
 * Contract C is the net of its trades, positive = sold. The meter's two registers stay apart: a seller delivers from its
 * export register, a buyer takes into its import register. Only promised energy not delivered (short) or not taken (long)
 * deviates; all else on either register is plain supply or export.
 */
import { type Wh, wh } from "../../shared/units.js";
import type { Reading, Trade } from "../facts.js";
import { assertInvariant } from "./invariants.js";

export interface Position {
  readonly contractedWh: Wh;
  /** Export less import. */
  readonly meteredWh: Wh;
  /** Of the contract: fed in by a seller, taken by a buyer. Never negative, nor are the fields below. */
  readonly deliveredWh: Wh;
  readonly shortWh: Wh;
  readonly longWh: Wh;
  readonly plainImportWh: Wh;
  readonly plainExportWh: Wh;
}

export function positionOf(contractedWh: Wh, reading: Reading): Position {
  const { importWh, exportWh } = reading;
  assertInvariant(
    importWh >= 0 && exportWh >= 0,
    `registers are never negative, got import ${importWh} and export ${exportWh} Wh of ${reading.participant}`,
  );
  const deliveredWh = Math.min(Math.abs(contractedWh), contractedWh > 0 ? exportWh : importWh);
  const missedWh = Math.abs(contractedWh) - deliveredWh;
  const sells = contractedWh > 0;
  return {
    contractedWh,
    meteredWh: wh(exportWh - importWh),
    deliveredWh: wh(deliveredWh),
    shortWh: wh(sells ? missedWh : 0),
    longWh: wh(sells ? 0 : missedWh),
    plainImportWh: wh(importWh - (sells ? 0 : deliveredWh)),
    plainExportWh: wh(exportWh - (sells ? deliveredWh : 0)),
  };
}

/** Net contract of everyone who traded, positive = sold; 0 for who sold as much as it bought. */
export function contractsOf(trades: readonly Trade[]): Map<string, Wh> {
  const contracts = new Map<string, Wh>();
  const add = (participant: string, energyWh: number): void => {
    contracts.set(participant, wh((contracts.get(participant) ?? 0) + energyWh));
  };
  for (const { buyer, seller, energyWh } of trades) {
    assertInvariant(energyWh > 0, `a trade moves energy, got ${energyWh} Wh from ${seller} to ${buyer}`);
    add(buyer, -energyWh);
    add(seller, energyWh);
  }
  return contracts;
}

/** Energy that buyers took against their contracts: the local trade of a period. Who has no reading took nothing. */
export function localTradeWh(trades: readonly Trade[], readings: readonly Reading[]): Wh {
  const contracts = contractsOf(trades);
  let localWh = 0;
  for (const { participant, importWh } of readings) {
    localWh += Math.min(importWh, Math.max(0, -(contracts.get(participant) ?? 0)));
  }
  return wh(localWh);
}
