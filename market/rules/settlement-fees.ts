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
import { type Micro, type MicroPerKwh, microPerKwh } from "../../shared/units.js";
import type { SettlementTerms } from "../terms.js";
import { addCharge, type BillSheet, type Charge, type ChargeKind } from "./bill-sheet.js";
import { proportion } from "./largest-remainder.js";
import { accounts, levyAccount } from "./ledger.js";
import { shareOfAmount, valueOfEnergy } from "./value.js";

/** What fees are reckoned on: one participant, one period. Never negative. */
export interface FeeBasis {
  /** Gets the standing charge. */
  readonly supplierAccount: string;
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
  readonly serviceCharge: Charge;
  readonly serviceChargeOfValue: Charge;
  readonly gridFee: Charge;
  readonly localGridFee: Charge;
  readonly levies: readonly Charge[];
}

export interface FeePeriod {
  readonly periodMs: number;
  readonly periodMinutes: number;
  readonly terms: SettlementTerms;
}

export function feesOf({ periodMs, periodMinutes, terms }: FeePeriod): PeriodFees {
  const charge = (kind: ChargeKind, account: string, priceMicroPerKwh: MicroPerKwh): Charge => {
    return { kind, account, priceMicroPerKwh };
  };
  return {
    terms,
    standingMicro: standingCharge(terms.standingChargeMicroPerDay, periodMs, periodMinutes),
    serviceCharge: charge("service-charge", accounts.market, terms.serviceChargeMicroPerKwh),
    serviceChargeOfValue: { ...charge("service-charge", accounts.market, noPrice), name: "percent" },
    gridFee: charge("grid-fee", accounts.dso, terms.gridFeeMicroPerKwh),
    localGridFee: { ...charge("grid-fee", accounts.dso, terms.localGridFeeMicroPerKwh), name: "local" },
    levies: terms.levies.map(({ name, microPerKwh: price }) => {
      return { ...charge("levy", levyAccount(name), price), name };
    }),
  };
}

const noPrice = microPerKwh(0);
const tax: Charge = { kind: "tax", account: accounts.tax, priceMicroPerKwh: noPrice };

/** The part of a day's charge that falls on the period. */
function standingCharge(perDayMicro: Micro, periodMs: number, periodMinutes: number): number {
  const periods = dayMs / (periodMinutes * minuteMs);
  const index = (periodMs % dayMs) / (periodMinutes * minuteMs);
  const until = (count: number): number => proportion(perDayMicro, count, periods).quotient;
  return until(index + 1) - until(index);
}

/** Adds all charges and the tax, after the lines of energy. */
export function addFees(sheet: BillSheet, fees: PeriodFees, basis: FeeBasis): void {
  const { serviceChargeMillionths, vatMillionths } = fees.terms;
  addPerKwh(sheet, fees.serviceCharge, basis.tradedWh);
  addCharge(sheet, fees.serviceChargeOfValue, -shareOfAmount(basis.tradedValueMicro, serviceChargeMillionths));
  addPerKwh(sheet, fees.gridFee, basis.importWh - basis.localImportWh);
  addPerKwh(sheet, fees.localGridFee, basis.localImportWh);
  for (const levy of fees.levies) addPerKwh(sheet, levy, basis.importWh);
  if (fees.standingMicro !== 0) {
    const standing: Charge = { kind: "standing-charge", account: basis.supplierAccount, priceMicroPerKwh: noPrice };
    addCharge(sheet, standing, -fees.standingMicro);
  }
  addCharge(sheet, tax, -shareOfAmount(paidOf(sheet), vatMillionths));
}

function addPerKwh(sheet: BillSheet, charge: Charge, energyWh: number): void {
  addCharge(sheet, charge, -valueOfEnergy(energyWh, charge.priceMicroPerKwh));
}

/** Sum of what the participant pays, positive. */
function paidOf({ lines }: BillSheet): number {
  let paid = 0;
  for (const { amountMicro } of lines) if (amountMicro < 0) paid -= amountMicro;
  return paid;
}
