/** Bills as CSV: one row per line of a bill, numbers and times as in the messages. */
import { stringify } from "csv-stringify/sync";
import type { Bill } from "../../shared/messages/private.js";

const columns = [
  ...["billId", "period", "ts", "contractedKwh", "meteredKwh", "line", "kind", "name", "energyKwh", "pricePerKwh"],
  ...["amount", "orderId", "total", "previous", "hash"],
] as const;

export const billsCsvHeader = columns.join(",");

/** Without the header; ends with a new line where there is a row. */
export function billsAsCsv(bills: readonly Bill[]): string {
  return stringify(
    bills.flatMap((bill) =>
      bill.lines.map(({ kind, name = "", energyKwh, pricePerKwh, amount, orderId = "" }, index) => [
        ...[bill.billId, bill.period, bill.ts, bill.contractedKwh, bill.meteredKwh, index + 1, kind, name, energyKwh],
        ...[pricePerKwh, amount, orderId, bill.total, bill.previous, bill.hash],
      ]),
    ),
  );
}
