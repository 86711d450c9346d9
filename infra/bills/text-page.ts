/** A month's statement as a page for the terminal. */
import { minuteMs } from "../../shared/time.js";
import { table } from "../cli/table.js";
import {
  averageText,
  carryRows,
  comparisonWords,
  lineWords,
  payableWords,
  paymentHead,
  paymentRows,
  paymentWords,
  signWords,
} from "./line-words.js";
import { localTime, monthInWords } from "./local-days.js";
import { amountText, energyText } from "./money-text.js";
import type { MonthStatement } from "./month-statement.js";
import { chainOf } from "./period-chain.js";

/** @param withPeriods each period's steps from order to total, too */
export function textPage(statement: MonthStatement, withPeriods: boolean): string {
  const { participant, month, scenario, timezone, currency } = statement;
  const title = `Statement of ${participant}, ${monthInWords(month)}`;
  return [
    title,
    "=".repeat(title.length),
    `${scenario}. Days in ${timezone}, money in ${currency}.`,
    signWords,
    "",
    payableWords(statement),
    comparisonWords(statement),
    "",
    kindTable(statement),
    ...dayPart(statement),
    ...paymentPart(statement),
    ...(withPeriods ? ["", ...periodParts(statement)] : []),
    "",
  ].join("\n");
}

function kindTable(statement: MonthStatement): string {
  const rows = statement.kinds.map((kind) => [
    lineWords(kind),
    kind.energyWh === 0 ? "" : energyText(kind.energyWh),
    averageText(kind),
    amountText(kind.amountMicro),
  ]);
  const head = ["", "kWh", "per kWh", statement.currency];
  return table([head, ...rows, ...carryRows(statement).map(([words, amount]) => [words, "", "", amount])], [1, 2, 3]);
}

function dayPart({ days, currency }: MonthStatement): string[] {
  if (days.length === 0) return [];
  const head = ["day", "taken kWh", "fed in kWh", "bought kWh", "sold kWh", currency, "supplier alone"];
  const rows = days.map((day) => [
    day.day,
    ...[day.importWh, day.exportWh, day.boughtWh, day.soldWh].map(energyText),
    amountText(day.amountMicro),
    amountText(day.aloneMicro),
  ]);
  return ["", table([head, ...rows], [1, 2, 3, 4, 5, 6])];
}

function paymentPart(statement: MonthStatement): string[] {
  const rows = paymentRows(statement);
  return rows.length === 0 ? [] : ["", `Payments. ${paymentWords}`, table([paymentHead, ...rows], [2, 3])];
}

function periodParts({ bills, participant, timezone, periodMinutes }: MonthStatement): string[] {
  return bills.flatMap((own) => {
    const { periodMs, billId } = own.bill;
    const [from, to] = [periodMs, periodMs + periodMinutes * minuteMs].map((atMs) => localTime(atMs, timezone));
    const steps = chainOf(own, participant).map(({ step, words }) => [`  ${step}`, words]);
    return [`${own.day} ${from} to ${to}, bill ${billId}${own.isLate ? ", a correction" : ""}`, table(steps), ""];
  });
}
