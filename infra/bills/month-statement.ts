/**
 * A participant's statement of one month: sums by kind of line and by day, what is to be paid, and the payments that were booked in it.
 *
 * A month without bills has a statement where a payment was booked in it: it comes to nothing and carries on what the one before left.
 */
import { type MonthlyTotal, monthlyTotal } from "../../market/rules/monthly-statement.js";
import type { BillLineKind } from "../../shared/messages/private.js";
import { billLineKinds } from "../../shared/messages/private.js";
import type { ResultTerms } from "../results/terms-file.js";
import { type BookedPayment, type PaymentSums, paymentSums } from "./booked-payments.js";
import { minorUnit } from "./money-text.js";
import type { OwnBill, OwnBills } from "./read-bills.js";

/** Lines of one kind together; those that take energy and those that feed in apart, for their prices are not alike. */
export interface KindSum {
  readonly kind: BillLineKind;
  readonly name: string | undefined;
  /** One of the orders that traded; undefined on other lines, and of a pool. */
  readonly orderId: string | undefined;
  readonly energyWh: number;
  readonly amountMicro: number;
}

/** What went on in one local day. Money positive = received. */
export interface DaySum {
  readonly day: string;
  readonly importWh: number;
  readonly exportWh: number;
  readonly boughtWh: number;
  readonly soldWh: number;
  readonly amountMicro: number;
  readonly aloneMicro: number;
}

export interface MonthStatement extends MonthlyTotal, PaymentSums {
  readonly participant: string;
  /** As 2016-08. */
  readonly month: string;
  readonly scenario: string;
  readonly currency: string;
  readonly timezone: string;
  readonly periodMinutes: number;
  readonly bills: readonly OwnBill[];
  readonly kinds: readonly KindSum[];
  readonly days: readonly DaySum[];
  /** What the supplier alone would have billed, fees and tax by the same terms. */
  readonly aloneMicro: number;
  /** Booked in the month, in this order; no part of what is to be paid. */
  readonly payments: readonly BookedPayment[];
}

/**
 * The statements of all months, in order; each carries its remainder to the next.
 * @param carriedInMicro what months before those that are here have left
 */
export function monthStatements(
  own: OwnBills,
  { scenario, market }: ResultTerms,
  carriedInMicro = 0,
): MonthStatement[] {
  const { currency, timezone } = market;
  const { periodMinutes } = market.calendar;
  const { minorUnitMicro } = minorUnit(currency);
  const statements: MonthStatement[] = [];
  let carriedMicro = carriedInMicro;
  const billed = byKey(own.bills, ({ month }) => month);
  const paid = byKey(own.payments, ({ month }) => month);
  for (const month of [...new Set([...billed.keys(), ...paid.keys()])].sort()) {
    const bills = billed.get(month) ?? [];
    const payments = paid.get(month) ?? [];
    const total = monthlyTotal(
      sum(bills, ({ bill }) => bill.totalMicro),
      carriedMicro,
      minorUnitMicro,
    );
    carriedMicro = total.carriedOutMicro;
    statements.push({
      ...{ participant: own.participant, month, scenario, currency, timezone, periodMinutes, bills },
      ...{ ...total, payments, ...paymentSums(payments) },
      kinds: kindSums(bills),
      days: [...byKey(bills, ({ day }) => day)].sort(byFirst).map(([day, ofDay]) => daySum(day, ofDay)),
      aloneMicro: sum(bills, (bill) => bill.aloneMicro),
    });
  }
  return statements;
}

/** For a page of one month where none is named: the newest with bills, else the newest. Undefined: there are none. */
export function newestStatement<T extends MonthStatement>(statements: readonly T[]): T | undefined {
  return statements.findLast(({ bills }) => bills.length > 0) ?? statements.at(-1);
}

function kindSums(bills: readonly OwnBill[]): KindSum[] {
  const sums = new Map<string, { -readonly [K in keyof KindSum]: KindSum[K] }>();
  for (const { bill } of bills) {
    for (const { kind, name, energyWh, amountMicro, orderId } of bill.lines) {
      const key = `${kind} ${kind === "correction" ? "" : Math.sign(energyWh)} ${name ?? ""}`;
      const known = sums.get(key);
      if (known === undefined) sums.set(key, { kind, name, energyWh, amountMicro, orderId });
      else {
        known.energyWh += energyWh;
        known.amountMicro += amountMicro;
      }
    }
  }
  const place = (kind: BillLineKind): number => billLineKinds.indexOf(kind);
  return [...sums.values()].sort((one, other) => place(one.kind) - place(other.kind) || one.energyWh - other.energyWh);
}

function daySum(day: string, bills: readonly OwnBill[]): DaySum {
  const first = bills.filter(({ isLate }) => !isLate);
  const traded = bills.flatMap(({ bill }) => bill.lines).filter(({ kind }) => kind === "trade");
  return {
    day,
    importWh: sum(first, ({ reading }) => reading?.importWh ?? 0),
    exportWh: sum(first, ({ reading }) => reading?.exportWh ?? 0),
    boughtWh: sum(traded, ({ energyWh }) => Math.max(0, -energyWh)),
    soldWh: sum(traded, ({ energyWh }) => Math.max(0, energyWh)),
    amountMicro: sum(bills, ({ bill }) => bill.totalMicro),
    aloneMicro: sum(bills, ({ aloneMicro }) => aloneMicro),
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}

function byKey<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

const byFirst = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : 1;
