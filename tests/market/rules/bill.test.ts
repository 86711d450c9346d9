import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { BillLine } from "../../../market/facts.js";
import { billHash, billMessage, makeBill } from "../../../market/rules/bill.js";
import { bill as billSchema } from "../../../shared/messages/private.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";

const digest = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");
const periodMs = Date.parse("2016-08-01T00:30:00Z");
const lines: BillLine[] = [
  {
    ...{ kind: "trade", energyWh: wh(-400), priceMicroPerKwh: microPerKwh(98_000), amountMicro: micro(-39_200) },
    orderId: "o9",
  },
  { kind: "supply", energyWh: wh(-150), priceMicroPerKwh: microPerKwh(145_700), amountMicro: micro(-21_855) },
];
const parts = { billId: "b55", periodMs, participant: "ann", contractedWh: wh(-400), meteredWh: wh(-550), lines };

describe("a bill", () => {
  it("is the contract's example on the wire", () => {
    const bill = makeBill({ ...parts, previous: "", digest });
    const message = billMessage(bill, periodMs);
    expect(message).toEqual({
      ...{ v: 1, ts: "2016-08-01T00:30:00Z", billId: "b55", period: "2016-08-01T00:30:00Z" },
      ...{ contractedKwh: -0.4, meteredKwh: -0.55 },
      lines: [
        { kind: "trade", energyKwh: -0.4, pricePerKwh: 0.098, amount: -0.0392, orderId: "o9" },
        { kind: "supply", energyKwh: -0.15, pricePerKwh: 0.1457, amount: -0.021855 },
      ],
      ...{ total: -0.061055, previous: "", hash: bill.hash },
    });
    expect(billSchema.parse(message)).toEqual(message);
  });

  it("has a hash that a stranger gets from the text of the message alone", () => {
    const bill = makeBill({ ...parts, previous: "abc", digest });
    const text = JSON.stringify(billMessage(bill, periodMs));
    const hashed = text.replace(/"ts":"[^"]*",/, "").replace(/,"hash":"[^"]*"/, "");
    expect(digest(hashed)).toBe(bill.hash);
    expect(billHash(billSchema.parse(JSON.parse(text)), digest)).toBe(bill.hash);
  });

  it("keeps its hash when it is sent again, and changes it with any amount or the bill before", () => {
    const bill = makeBill({ ...parts, previous: "abc", digest });
    expect(billMessage(bill, periodMs + 86_400_000).hash).toBe(bill.hash);
    expect(makeBill({ ...parts, previous: "abd", digest }).hash).not.toBe(bill.hash);
    expect(makeBill({ ...parts, lines: lines.slice(1), previous: "abc", digest }).hash).not.toBe(bill.hash);
  });
});
