/**
 * The bill of one participant for one period in the making: its lines, and the entries behind them as they are booked.
 *
 * Each line but `trade` (settlement-party.ts) has one entry, with the line's kind as its reason: between the participant's
 * account and the one on the other side. Energy positive = fed in, money positive = received by the participant.
 */
import { type Micro, type MicroPerKwh, micro, wh } from "../../shared/units.js";
import type { BillLine } from "../facts.js";
import { type EntryBook, enter, otherTally, type Tally } from "./entry-book.js";
import { valueOfEnergy } from "./value.js";

/** It is the tally of the participant's account as well. */
export interface BillSheet extends Tally {
  /** Until they are taken. */
  readonly lines: BillLine[];
  /** Of the whole period: all its sheets share it. */
  readonly book: EntryBook;
}

/** Adds a line and its entry; `other` is the account on the other side. */
export function addLine(sheet: BillSheet, other: string, line: BillLine): void {
  sheet.lines.push(line);
  enter(sheet.book, otherTally(sheet.book, other), sheet, line.amountMicro, line.kind);
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

/** What a charge is for. */
export interface Charge {
  readonly kind: ChargeKind;
  /** The account on the other side. */
  readonly account: string;
  /** Where there is one. */
  readonly priceMicroPerKwh: MicroPerKwh;
  /** Which of several of its kind. */
  readonly name?: string;
}

/** Adds a line that moves money alone, or none where it comes to nothing. `gotMicro` is what the participant gets. */
export function addCharge(sheet: BillSheet, { kind, account, priceMicroPerKwh, name }: Charge, gotMicro: number): void {
  if (gotMicro === 0) return;
  const energyWh = wh(0);
  const amountMicro = micro(gotMicro);
  const line =
    name === undefined
      ? { kind, energyWh, priceMicroPerKwh, amountMicro }
      : { kind, energyWh, priceMicroPerKwh, amountMicro, name };
  addLine(sheet, account, line);
}

/** Sum of the lines' amounts. */
export function totalOf(lines: readonly BillLine[]): Micro {
  let total = 0;
  for (const { amountMicro } of lines) total += amountMicro;
  return micro(total);
}

/** Takes the lines off the sheet, in a list without room for more: bills are kept for months. The sheet's own room stays for what follows. */
export function takeLines({ lines }: BillSheet): readonly BillLine[] {
  const taken = lines.slice();
  while (lines.length > 0) lines.pop();
  return taken;
}
