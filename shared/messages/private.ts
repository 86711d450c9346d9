/** What one participant alone may read. Source: contract.md, topics `private/<id>/…`. */
import * as z from "zod";
import { rejectCodeNames } from "../reject-codes.js";
import * as f from "./fields.js";

const replyTopic = z.enum(["items", "orders", "meter", "batch", "ready"]);
const answered = { ...f.stamped, requestId: f.requestId.nullable(), topic: replyTopic };

export const accepted = z.object({
  ...answered,
  status: z.literal("accepted"),
  orderId: f.objectId.optional(),
  itemId: f.objectId.optional(),
  version: f.orderVersion.optional(),
  period: f.period.optional(),
  biddingCycle: z.int().min(1).optional(),
  acceptedAt: f.instant,
});
export const rejected = z.object({
  ...answered,
  status: z.literal("rejected"),
  code: z.enum(rejectCodeNames),
  reason: z.string().meta({ description: "a sentence with the numbers in it" }),
});
export const reply = z.discriminatedUnion("status", [accepted, rejected]);
export type Reply = z.infer<typeof reply>;

export const fill = z.object({
  ...f.stamped,
  n: z.int().min(1),
  period: f.period,
  orderId: f.objectId.nullable(),
  itemId: f.objectId.nullable(),
  kind: z.enum(["reserved", "released", "filled"]),
  energyKwh: f.amountKwh,
  pricePerKwh: f.pricePerKwh,
});
export type Fill = z.infer<typeof fill>;

const ownItem = z.object({
  itemId: f.objectId,
  version: f.orderVersion,
  period: f.period,
  side: f.side,
  energyKwh: f.amountKwh,
  reservedKwh: f.amountKwh,
  pricePerKwh: f.pricePerKwh,
});
const ownOrder = z.object({
  orderId: f.objectId,
  version: f.orderVersion,
  period: f.period,
  side: f.side,
  energyKwh: f.amountKwh,
  filledKwh: f.amountKwh
    .optional()
    .meta({ description: "part of `energyKwh` that was traded already, for good (continuous)" }),
  pricePerKwh: f.pricePerKwh,
  itemId: f.objectId.nullable().optional(),
});
export const ownOrders = z.object({ ...f.stamped, items: z.array(ownItem), orders: z.array(ownOrder) });
export type OwnOrders = z.infer<typeof ownOrders>;

const prices = z
  .array(f.pricePerKwh)
  .min(1)
  .meta({ description: "one per step from `from`; one value holds throughout" });
export const tariff = z.object({
  ...f.stamped,
  supplier: z.string(),
  from: f.instant,
  stepMinutes: z.int(),
  importPerKwh: prices,
  exportPerKwh: prices,
  systemBuyPerKwh: prices,
  systemSellPerKwh: prices,
  freeFunds: f.money.nullable().meta({ description: "null: no limit" }),
  capacityKw: f.powerKw,
  connectionPoint: z.string().nullable(),
  phase: z.string().nullable(),
});
export type Tariff = z.infer<typeof tariff>;

const receipt = z.object({
  orderId: f.objectId.meta({ description: "of the order, or of the item" }),
  outcome: z.enum(["filled", "partly", "unfilled", "lapsed", "cancelled", "withdrawn"]),
  energyKwh: f.amountKwh.meta({ description: "traded" }),
  pricePerKwh: f.pricePerKwh.nullable(),
  why: z.string(),
  wouldTradeAtPerKwh: f.pricePerKwh.nullable(),
  rank: z.int().min(1).nullable(),
  clearingPricePerKwh: f.pricePerKwh.nullable().optional().meta({
    description: "at which the period's auction cleared, on average over its volume; null: it has traded nothing",
  }),
});
export const contract = z.object({
  ...f.stamped,
  period: f.period,
  energyKwh: f.energyKwh,
  value: f.money,
  maxImportKw: f.powerKw,
  maxExportKw: f.powerKw,
  checked: z.boolean().optional().meta({ description: "false: no DSO has checked it" }),
  orders: z.array(receipt),
});
export type Contract = z.infer<typeof contract>;

export const billLineKinds = [
  "trade",
  "supply",
  "export",
  "imbalance",
  "balancing",
  "service-charge",
  "grid-fee",
  "levy",
  "tax",
  "standing-charge",
  "correction",
  "rounding",
] as const;
export type BillLineKind = (typeof billLineKinds)[number];

const billLine = z.object({
  kind: z.enum(billLineKinds),
  energyKwh: f.energyKwh,
  pricePerKwh: f.pricePerKwh,
  amount: f.money,
  orderId: f.objectId.optional(),
  name: z.string().optional().meta({ description: "which of several of its kind: the name of a levy" }),
});
const proofStep = z.object({ side: z.enum(["left", "right"]), hash: z.string() });
export const statement = z.object({
  ...f.stamped,
  day: f.day.meta({ description: "market day in UTC" }),
  hash: z.string().meta({ description: "of one's last bill by the end of that day" }),
  proof: z
    .array(proofStep)
    .meta({ description: "the hashes beside the path from one's own to the head, lowest first" }),
  head: z.string().meta({ description: "as on `public/statement-head`" }),
  salt: z
    .string()
    .optional()
    .meta({ description: "hashed with one's own id and hash, so that no neighbour can guess them" }),
});
export type Statement = z.infer<typeof statement>;

export const bill = z.object({
  ...f.stamped,
  billId: f.objectId,
  period: f.period,
  contractedKwh: f.energyKwh,
  meteredKwh: f.energyKwh,
  lines: z.array(billLine),
  total: f.money,
  previous: z.string().meta({ description: "hash of the participant's bill before this one; empty for the first" }),
  hash: z.string().meta({ description: "SHA-256 of this bill without the field itself" }),
});
export type Bill = z.infer<typeof bill>;
