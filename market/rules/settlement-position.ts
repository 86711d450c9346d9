/**
 * What a participant promised, and what it did of it (elecbay.md 0, rule 2). Contract C is the net of its trades, positive = sold.
 *
 * `promised`: the meter's two registers stay apart: a seller delivers from its export register, a buyer takes into its import
 * register. Only promised energy not delivered (short) or not taken (long) deviates; all else on either register is plain supply
 * or export. What the DSO's cuts took from an innocent who both buys and sells is no broken promise: what it misses of a contract that
 * points the other way is, up to its loss, taken over by its supplier as plain supply (missed sale) or export (missed purchase).
 * `full`: the position P is what it notified at the gate, or C where it notified nothing. P - C is contracted with its own supplier:
 * plain supply where it is below 0, plain export above. What was metered, export less import, beyond P is long, below P short (the
 * table of GB imbalance).
 * Under both: metered = position + long - short, and position = C + plain export - plain import.
 */
import { type Wh, wh } from "../../shared/units.js";
import type { Reading, Trade } from "../facts.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";

export interface Position {
  readonly contractedWh: Wh;
  /** Export less import. */
  readonly meteredWh: Wh;
  /** What it is held to; under `promised` all that it did but for broken promises. */
  readonly positionWh: Wh;
  /** Of the contract: fed in by a seller, taken by a buyer. Never negative, nor are the fields below. */
  readonly deliveredWh: Wh;
  readonly shortWh: Wh;
  readonly longWh: Wh;
  /** Of the contract: missed because of the DSO's cut of somebody else, and the supplier's now. Part of the plain energy below. */
  readonly takenOverWh: Wh;
  readonly plainImportWh: Wh;
  readonly plainExportWh: Wh;
}

/**
 * Imbalance `promised`.
 * @param lostWh what of its net contract an innocent lost to the DSO's cuts, positive = sold (lost-after-cuts.ts)
 * @throws Error where a register is negative.
 */
export function promisedPosition(contractedWh: number, reading: Reading, lostWh = 0): Position {
  const { importWh, exportWh } = reading;
  const deliveredWh = deliveredOf(contractedWh, reading);
  const sells = contractedWh > 0;
  const notDeliveredWh = Math.abs(contractedWh) - deliveredWh;
  const pointsTheOtherWay = sells ? lostWh < 0 : lostWh > 0;
  const takenOverWh = pointsTheOtherWay ? Math.min(notDeliveredWh, Math.abs(lostWh)) : 0;
  const missedWh = notDeliveredWh - takenOverWh;
  const plainImportWh = sells ? importWh + takenOverWh : importWh - deliveredWh;
  const plainExportWh = sells ? exportWh - deliveredWh : exportWh + takenOverWh;
  return {
    contractedWh: wh(contractedWh),
    meteredWh: wh(exportWh - importWh),
    positionWh: wh(contractedWh + plainExportWh - plainImportWh),
    deliveredWh: wh(deliveredWh),
    shortWh: wh(sells ? missedWh : 0),
    longWh: wh(sells ? 0 : missedWh),
    takenOverWh: wh(takenOverWh),
    plainImportWh: wh(plainImportWh),
    plainExportWh: wh(plainExportWh),
  };
}

/** Imbalance `full`; `notifiedWh` undefined: it notified nothing. @throws Error where a register is negative. */
export function fullPosition(contractedWh: number, notifiedWh: Wh | undefined, reading: Reading): Position {
  const positionWh = notifiedWh ?? contractedWh;
  const meteredWh = reading.exportWh - reading.importWh;
  return {
    contractedWh: wh(contractedWh),
    meteredWh: wh(meteredWh),
    positionWh: wh(positionWh),
    deliveredWh: wh(deliveredOf(contractedWh, reading)),
    shortWh: wh(Math.max(0, positionWh - meteredWh)),
    longWh: wh(Math.max(0, meteredWh - positionWh)),
    takenOverWh: wh(0),
    plainImportWh: wh(Math.max(0, contractedWh - positionWh)),
    plainExportWh: wh(Math.max(0, positionWh - contractedWh)),
  };
}

function deliveredOf(contractedWh: number, { participant, importWh, exportWh }: Reading): number {
  if (importWh < 0 || exportWh < 0) {
    const registers = `import ${importWh} and export ${exportWh} Wh`;
    brokenInvariant(`registers are never negative, got ${registers} of ${participant}`);
  }
  return Math.min(Math.abs(contractedWh), contractedWh > 0 ? exportWh : importWh);
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
