/**
 * The bill of one participant for one period in the making: its lines, and the entries behind them as they are booked.
 *
 * Each line but `trade` (settlement-trades.ts) has one entry, with the line's kind as its reason: between the participant's
 * account and the one on the other side. Energy positive = fed in, money positive = received by the participant.
 */
import { type Micro, type MicroPerKwh, micro, microPerKwh, wh } from "../../shared/units.js";
import type { BillLine } from "../facts.js";
import { type EntryDraft, transfer } from "./ledger.js";
import { valueOfEnergy } from "./value.js";

export interface BillSheet {
  /** The participant's. */
  readonly account: string;
  readonly lines: BillLine[];
  /** Of the whole period: all its sheets share them. */
  readonly entries: EntryDraft[];
}

/** Adds a line and its entry; `other` is the account on the other side. */
export function addLine(sheet: BillSheet, other: string, line: BillLine): void {
  sheet.lines.push(line);
  const entry = transfer(other, sheet.account, line.amountMicro, line.kind);
  if (entry !== undefined) sheet.entries.push(entry);
}

export type EnergyLineKind = "supply" | "export" | "imbalance" | "balancing";

/** Adds a line of `energyWh` at its price, or none where there is no energy. */
export function addEnergyLine(
  sheet: BillSheet,
  other: string,
  kind: EnergyLineKind,
  energyWh: number,
  priceMicroPerKwh: MicroPerKwh,
): void {
  if (energyWh === 0) return;
  const amountMicro = valueOfEnergy(energyWh, priceMicroPerKwh);
  addLine(sheet, other, { kind, energyWh: wh(energyWh), priceMicroPerKwh, amountMicro });
}

export type ChargeKind = "service-charge" | "grid-fee" | "levy" | "standing-charge" | "tax";

/** Adds a line that moves money alone, or none where it comes to nothing. `amountMicro` is what the participant gets. */
export function addCharge(
  sheet: BillSheet,
  other: string,
  kind: ChargeKind,
  amountMicro: number,
  { priceMicroPerKwh = noPrice, name }: { readonly priceMicroPerKwh?: MicroPerKwh; readonly name?: string } = {},
): void {
  if (amountMicro === 0) return;
  const line = { kind, energyWh: noEnergy, priceMicroPerKwh, amountMicro: micro(amountMicro) };
  addLine(sheet, other, name === undefined ? line : { ...line, name });
}

const noPrice = microPerKwh(0);
const noEnergy = wh(0);

/** Sum of the lines' amounts. */
export function totalOf(lines: readonly BillLine[]): Micro {
  let total = 0;
  for (const { amountMicro } of lines) total += amountMicro;
  return micro(total);
}
