/** Statements for programs: the statement file (JSON), which can be checked against a head, and a table of lines (CSV). */
import { stringify } from "csv-stringify/sync";
import { billMessage } from "../../market/rules/bill.js";
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import { isoUtc } from "../../shared/time.js";
import { kwhText, majorText } from "../results/decimal-text.js";
import type { ResultTerms } from "../results/terms-file.js";
import type { MonthStatement } from "./month-statement.js";
import type { OwnBill, OwnBills } from "./read-bills.js";

/**
 * The statement file. Its bills are the messages that the participant got, so that their hashes can be made again; a head can be checked
 * where it covers one of them as the participant's last.
 */
export function statementJson(own: OwnBills, statements: readonly MonthStatement[], terms: ResultTerms): string {
  const bills = statements.flatMap((statement) => statement.bills);
  const hashes = new Set(bills.map(({ bill }) => bill.hash));
  const { market } = terms;
  const file = {
    format: "open-elecbay statement 1",
    scenario: terms.scenario,
    market: market.market,
    participant: own.participant,
    ...{ currency: market.currency, timezone: market.timezone, statementKey: terms.statementKey },
    months: statements.map(monthOf),
    bills: bills.map(({ bill }) => {
      const { ts: _sending, ...message } = billMessage(bill, bill.periodMs);
      return message;
    }),
    steps: bills.map(stepsOf),
    proofs: own.proofs.filter(({ hash }) => hashes.has(hash)),
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/** One month without its bills. */
export function monthOf(statement: MonthStatement) {
  const { month, exactMicro, carriedInMicro, payableMicro, carriedOutMicro, aloneMicro } = statement;
  return {
    month,
    exact: majorFromMicro(exactMicro),
    carriedIn: majorFromMicro(carriedInMicro),
    payable: majorFromMicro(payableMicro),
    carriedOut: majorFromMicro(carriedOutMicro),
    supplierAlone: majorFromMicro(aloneMicro),
    kinds: statement.kinds.map(({ kind, name, energyWh, amountMicro }) => ({
      ...{ kind, ...(name === undefined ? {} : { name }) },
      ...{ energyKwh: kwhFromWh(energyWh), amount: majorFromMicro(amountMicro) },
    })),
    days: statement.days.map(({ day, importWh, exportWh, boughtWh, soldWh, amountMicro, aloneMicro: alone }) => ({
      ...{ day, importKwh: kwhFromWh(importWh), exportKwh: kwhFromWh(exportWh) },
      ...{ boughtKwh: kwhFromWh(boughtWh), soldKwh: kwhFromWh(soldWh) },
      ...{ amount: majorFromMicro(amountMicro), supplierAlone: majorFromMicro(alone) },
    })),
    ...paymentsOf(statement),
  };
}

/** Left out where nothing was paid, so that a file without payments is as it always was. */
function paymentsOf({ payments, paidInMicro, paidOutMicro }: MonthStatement) {
  if (payments.length === 0) return {};
  return {
    payments: payments.map(({ paymentId, kind, amountMicro, bookedAtMs, day }) => ({
      ...{ paymentId, kind, amount: majorFromMicro(amountMicro), bookedAt: isoUtc(bookedAtMs), day },
    })),
    ...{ paidIn: majorFromMicro(paidInMicro), paidOut: majorFromMicro(paidOutMicro) },
  };
}

/** What led to a bill, by its id. */
function stepsOf({ bill, orders, trades, reading }: OwnBill) {
  const { billId, participant } = bill;
  return {
    billId,
    orders: orders.map((order) => ({
      ...{ orderId: order.orderId, side: order.side, energyKwh: kwhFromWh(order.energyWh) },
      ...{ limitPricePerKwh: majorFromMicro(order.limitPriceMicroPerKwh), outcome: order.outcome, why: order.why },
    })),
    trades: trades.map((trade) => {
      const isBuyer = trade.buyer === participant;
      const price = isBuyer ? trade.priceMicroPerKwh : (trade.sellerPriceMicroPerKwh ?? trade.priceMicroPerKwh);
      const orderId = isBuyer ? trade.buyOrder : trade.sellOrder;
      const energyKwh = kwhFromWh(isBuyer ? -trade.energyWh : trade.energyWh);
      return { orderId, energyKwh, pricePerKwh: majorFromMicro(price), mechanism: trade.mechanism };
    }),
    ...(reading === undefined
      ? {}
      : {
          metered: {
            ...{ importKwh: kwhFromWh(reading.importWh), exportKwh: kwhFromWh(reading.exportWh) },
            quality: reading.quality,
          },
        }),
  };
}

const header =
  "month,day,period,billId,correction,kind,name,orderId,energyKwh,pricePerKwh,amount,paymentId,bookedAt,paid";

/** One row for each line of each bill, then one for each payment of the month: with nothing in `amount`, which sums to the month's total. */
export function statementCsv(statements: readonly MonthStatement[]): string {
  const rows = statements.flatMap(({ month, bills, payments }) => [
    ...bills.flatMap(({ bill, day, isLate }) =>
      bill.lines.map(({ kind, name, orderId, energyWh, priceMicroPerKwh, amountMicro }) => [
        ...[month, day, isoUtc(bill.periodMs), bill.billId, isLate ? "yes" : "no", kind, name ?? "", orderId ?? ""],
        ...[kwhText(energyWh), majorText(priceMicroPerKwh), majorText(amountMicro), "", "", ""],
      ]),
    ),
    ...payments.map(({ day, kind, paymentId, bookedAtMs, amountMicro }) => [
      ...[month, day, "", "", "", kind, "", "", "", "", "", paymentId, isoUtc(bookedAtMs), majorText(amountMicro)],
    ]),
  ]);
  return `${header}\n${stringify(rows, { record_delimiter: "unix" })}`;
}
