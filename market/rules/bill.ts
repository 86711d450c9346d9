/**
 * The bill of one participant for one period, chained to its bill before by hash.
 *
 * The hash is recomputable by whoever receives the bill. It is SHA-256, lower-case hex, of the UTF-8 text of the message
 * `private/<id>/bills/<p>` without its members `ts` (the time of sending, another when it is sent again) and `hash`:
 * `{"v":1,"billId":…,"period":…,"contractedKwh":…,"meteredKwh":…,"lines":[{"kind":…,"energyKwh":…,"pricePerKwh":…,
 * "amount":…,"orderId":…,"name":…}],"total":…,"previous":…}`, members in this order (`orderId`, `name` where there is one), no white space,
 * numbers as ECMAScript writes them (RFC 8785, 3.2.2.3), which is how they stand in the message as sent.
 */
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import type { Bill as BillMessage } from "../../shared/messages/private.js";
import { isoUtc } from "../../shared/time.js";
import type { Bill } from "../facts.js";
import { totalOf } from "./bill-sheet.js";

export type HashedBill = Omit<BillMessage, "ts" | "hash">;

/** SHA-256 of a text as lower-case hex. */
type Digest = (text: string) => string;

/** What a bill is made of; `previous` is the hash of the participant's bill before, empty for the first. */
export interface BillParts extends Omit<Bill, "totalMicro" | "hash"> {
  readonly digest: Digest;
}

/** The bill with its total, the sum of its lines' amounts, and its hash. */
export function makeBill({ digest, ...parts }: BillParts): Bill {
  const bill = { ...parts, totalMicro: totalOf(parts.lines) };
  return { ...bill, hash: billHash(hashedBill(bill), digest) };
}

/** The message on `private/<id>/bills/<p>`, sent at `tsMs`. */
export function billMessage(bill: Bill, tsMs: number): BillMessage {
  const { v, ...rest } = hashedBill(bill);
  return { v, ts: isoUtc(tsMs), ...rest, hash: bill.hash };
}

/** The hash that a bill as received should have, whatever the order of its members and whatever else it has. */
export function billHash(message: HashedBill, digest: Digest): string {
  const { v, billId, period, contractedKwh, meteredKwh, lines, total, previous } = message;
  const ordered = lines.map(({ kind, energyKwh, pricePerKwh, amount, orderId, name }) => ({
    ...{ kind, energyKwh, pricePerKwh, amount },
    ...(orderId === undefined ? {} : { orderId }),
    ...(name === undefined ? {} : { name }),
  }));
  return digest(JSON.stringify({ v, billId, period, contractedKwh, meteredKwh, lines: ordered, total, previous }));
}

function hashedBill(bill: Omit<Bill, "hash">): HashedBill {
  return {
    v: 1,
    billId: bill.billId,
    period: isoUtc(bill.periodMs),
    contractedKwh: kwhFromWh(bill.contractedWh),
    meteredKwh: kwhFromWh(bill.meteredWh),
    lines: bill.lines.map(({ kind, energyWh, priceMicroPerKwh, amountMicro, orderId, name }) => ({
      kind,
      energyKwh: kwhFromWh(energyWh),
      pricePerKwh: majorFromMicro(priceMicroPerKwh),
      amount: majorFromMicro(amountMicro),
      ...(orderId === undefined ? {} : { orderId }),
      ...(name === undefined ? {} : { name }),
    })),
    total: majorFromMicro(bill.totalMicro),
    previous: bill.previous,
  };
}
