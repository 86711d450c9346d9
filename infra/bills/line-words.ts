/** What a bill says, in words for its reader. */
import { mechanismLevyName } from "../../market/rules/settlement-mechanism.js";
import { majorText } from "../results/decimal-text.js";
import { localTime, monthInWords } from "./local-days.js";
import { amountText, exactText, minorUnit, paidText, payableText } from "./money-text.js";
import type { KindSum, MonthStatement } from "./month-statement.js";

const words = {
  supply: "bought from the supplier",
  export: "fed in, paid by the supplier",
  tax: "value added tax",
  "standing-charge": "standing charge",
  correction: "corrections of readings that came late",
  rounding: "rounding",
} as const;

/** A line, or several of one kind. */
export function lineWords({
  kind,
  name,
  energyWh,
  orderId,
}: Pick<KindSum, "kind" | "energyWh"> & { name?: string | undefined; orderId?: string | undefined }) {
  switch (kind) {
    case "trade":
      // A pool trades without orders, and has part of its energy from the supplier, or leaves it there.
      if (orderId === undefined) return energyWh > 0 ? "sold to the pool" : "bought from the pool";
      return energyWh > 0 ? "sold to neighbours" : "bought from neighbours";
    case "imbalance":
      return `deviation, ${energyWh > 0 ? "long" : "short"}, settled with the supplier`;
    case "balancing":
      return `deviation, ${energyWh > 0 ? "long" : "short"}, balanced with neighbours`;
    case "service-charge":
      return name === undefined ? "service charge, by energy traded" : "service charge, by value traded";
    case "grid-fee":
      return name === undefined ? "grid fee" : "grid fee, energy of neighbours";
    case "levy":
      if (name === mechanismLevyName) return "share of what the auction left over or lacked";
      return name === undefined ? "levy" : `levy: ${name}`;
    default:
      return words[kind];
  }
}

/** Average price of a sum, for reading; empty where no energy moves. */
export function averageText({ kind, energyWh, amountMicro }: KindSum): string {
  if (energyWh === 0 || kind === "correction") return "";
  return amountText((amountMicro / energyWh) * 1000);
}

/** `To pay: GBP 12.34`. */
export function payableWords({ payableMicro, currency }: MonthStatement): string {
  if (payableMicro === 0) return "Nothing to pay or to receive";
  const amount = `${currency} ${payableText(payableMicro, currency)}`;
  return payableMicro < 0 ? `To pay: ${amount}` : `To receive: ${amount}`;
}

/** The comparison with the supplier alone. */
export function comparisonWords({ aloneMicro, exactMicro, currency, bills }: MonthStatement): string {
  if (bills.length === 0) return "No bill of this month has gone out.";
  const told = (amountMicro: number): string => {
    const amount = `${currency} ${payableText(amountMicro, currency)}`;
    return amountMicro < 0 ? `paid ${amount}` : `received ${amount}`;
  };
  const gainMicro = exactMicro - aloneMicro;
  const gain = `${currency} ${payableText(gainMicro, currency)} ${gainMicro < 0 ? "worse" : "better"}`;
  const isNothing = Math.abs(gainMicro) * 2 < minorUnit(currency).minorUnitMicro;
  const other = isNothing ? "the same" : gain;
  return `With your supplier alone you would have ${told(aloneMicro)}; in this market it was ${other}.`;
}

/** How the exact total became what is to be paid. */
export function carryRows(statement: MonthStatement): readonly (readonly [string, string])[] {
  const { carriedInMicro, exactMicro, carriedOutMicro, payableMicro, currency, month } = statement;
  const sign = payableMicro < 0 ? "-" : "";
  return [
    [`sum of ${monthInWords(month)}`, exactText(exactMicro)],
    ["carried over from the month before", exactText(carriedInMicro)],
    [payableMicro < 0 ? "to pay" : "to receive", `${sign}${payableText(payableMicro, currency)}`],
    ["carried over to the next month", exactText(carriedOutMicro)],
  ];
}

/** Rows of the table of payments, the last their sum; none where nothing was paid. */
export function paymentRows(statement: MonthStatement): readonly (readonly [string, string, string, string])[] {
  const { payments, paidInMicro, paidOutMicro, currency, timezone } = statement;
  if (payments.length === 0) return [];
  const text = (amountMicro: number): string => (amountMicro === 0 ? "" : paidText(amountMicro, currency));
  const rows = payments.map(({ day, bookedAtMs, paymentId, kind, amountMicro }) => {
    const isDeposit = kind === "deposit";
    const [paidIn, paidOut] = isDeposit ? [text(amountMicro), ""] : ["", text(amountMicro)];
    return [`${day} ${localTime(bookedAtMs, timezone)}`, paymentId, paidIn, paidOut] as const;
  });
  return [...rows, ["sum", "", text(paidInMicro), text(paidOutMicro)]];
}

export const paymentHead = ["booked", "payment", "paid in", "paid out"] as const;

export const paymentWords =
  "Noted by the operator, booked in this month. They change neither what the month comes to nor what is carried over.";

export const signWords = "Energy: + fed in, - taken. Money: + you receive, - you pay.";

export const priceText = (priceMicroPerKwh: number): string => majorText(priceMicroPerKwh);
