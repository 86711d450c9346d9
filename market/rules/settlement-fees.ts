/**
 * What a participant pays beside its energy: service charge, grid fee, levies, standing charge, and tax on all it pays.
 *
 * All lines have energy 0, so that energy over a bill's lines is what was metered. Conventions (docs/settlement.md):
 * - Service charge: to the market, on all energy traded, bought and sold; and, as a line named `percent`, on the value traded:
 *   of what each of its trades is worth to it, without signs, all together, rounded half to even.
 * - Grid fee: to the network operator, on the import register; a line named `local` for what was drawn against a contract.
 * - Levies: each to its own account, on the import register.
 * - Standing charge: to the participant's supplier, by the UTC day, also of who used nothing. Period i of n has the floor of
 *   (i + 1)/n of it less the floor of i/n, so that a whole day sums to it exactly.
 * - Tax: of the sum of the lines before it that the participant pays, rounded half to even; what it receives does not count.
 */
import { dayMs, minuteMs } from "../../shared/time.js";
import type { Micro, MicroPerKwh } from "../../shared/units.js";
import type { SettlementTerms } from "../terms.js";
import { addCharge, type BillSheet } from "./bill-sheet.js";
import { proportion } from "./largest-remainder.js";
import { accounts, levyAccount, supplierAccount } from "./ledger.js";
import { shareOfAmount, valueOfEnergy } from "./value.js";

/** What fees are reckoned on: one participant, one period. Never negative. */
export interface FeeBasis {
  readonly supplier: string;
  /** Bought and sold. */
  readonly tradedWh: number;
  /** What its trades are worth to it, without signs. */
  readonly tradedValueMicro: number;
  readonly importWh: number;
  /** Of it, what was drawn against a local contract. */
  readonly localImportWh: number;
}

/** The charges of one period, the same for all participants. */
export interface PeriodFees {
  readonly terms: SettlementTerms;
  readonly standingMicro: number;
  readonly levies: readonly { readonly name: string; readonly account: string; readonly microPerKwh: MicroPerKwh }[];
}

export interface FeePeriod {
  readonly periodMs: number;
  readonly periodMinutes: number;
  readonly terms: SettlementTerms;
}

export function feesOf({ periodMs, periodMinutes, terms }: FeePeriod): PeriodFees {
  return {
    terms,
    standingMicro: standingCharge(terms.standingChargeMicroPerDay, periodMs, periodMinutes),
    levies: terms.levies.map(({ name, microPerKwh }) => ({ name, account: levyAccount(name), microPerKwh })),
  };
}

/** The part of a day's charge that falls on the period. */
function standingCharge(perDayMicro: Micro, periodMs: number, periodMinutes: number): number {
  const periods = dayMs / (periodMinutes * minuteMs);
  const index = (periodMs % dayMs) / (periodMinutes * minuteMs);
  const until = (count: number): number => proportion(perDayMicro, count, periods).quotient;
  return until(index + 1) - until(index);
}

/** Adds all charges and the tax, after the lines of energy. */
export function addFees(sheet: BillSheet, { terms, standingMicro, levies }: PeriodFees, basis: FeeBasis): void {
  const perKwh = (
    kind: "service-charge" | "grid-fee" | "levy",
    other: string,
    energyWh: number,
    priceMicroPerKwh: MicroPerKwh,
    name?: string,
  ): void => {
    if (energyWh === 0 || priceMicroPerKwh === 0) return;
    const named = name === undefined ? {} : { name };
    addCharge(sheet, other, kind, -valueOfEnergy(energyWh, priceMicroPerKwh), { priceMicroPerKwh, ...named });
  };
  perKwh("service-charge", accounts.market, basis.tradedWh, terms.serviceChargeMicroPerKwh);
  const ofValue = shareOfAmount(basis.tradedValueMicro, terms.serviceChargeMillionths);
  addCharge(sheet, accounts.market, "service-charge", -ofValue, { name: "percent" });
  perKwh("grid-fee", accounts.dso, basis.importWh - basis.localImportWh, terms.gridFeeMicroPerKwh);
  perKwh("grid-fee", accounts.dso, basis.localImportWh, terms.localGridFeeMicroPerKwh, "local");
  for (const { name, account, microPerKwh } of levies) perKwh("levy", account, basis.importWh, microPerKwh, name);
  if (standingMicro !== 0) {
    addCharge(sheet, supplierAccount(basis.supplier), "standing-charge", -standingMicro);
  }
  if (terms.vatMillionths !== 0) {
    addCharge(sheet, accounts.tax, "tax", -shareOfAmount(paidOf(sheet), terms.vatMillionths));
  }
}

/** Sum of what the participant pays, positive. */
function paidOf({ lines }: BillSheet): number {
  let paid = 0;
  for (const { amountMicro } of lines) if (amountMicro < 0) paid -= amountMicro;
  return paid;
}
