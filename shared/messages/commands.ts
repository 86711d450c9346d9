/**
 * What participants send: one flat JSON object of at most 4 kB, unknown fields refused. Source: contract.md, topics `in/<id>/…`.
 *
 * `ts` is optional and ignored: the time of a command is the market's.
 */
import * as z from "zod";
import * as f from "./fields.js";

const command = { v: f.version, ts: z.string().max(40).optional(), requestId: f.requestId };

export const listItem = z.strictObject({
  ...command,
  action: z.literal("list"),
  side: f.side.meta({ description: "sell: surplus energy; buy: a need" }),
  period: f.period,
  energyKwh: f.amountKwh,
  pricePerKwh: f.pricePerKwh,
  minEnergyKwh: f.amountKwh
    .optional()
    .meta({ description: "smallest part that may be ordered; the market's least by default" }),
  sale: f.sale.optional().meta({ description: "fixed by default" }),
  auction: z.boolean().optional().meta({ description: "false keeps what is left over out of the period's auction" }),
});
export const withdrawItem = z.strictObject({ ...command, action: z.literal("withdraw"), itemId: f.objectId });

export const placeOrder = z.strictObject({
  ...command,
  action: z.literal("place"),
  period: f.period,
  side: f.side,
  energyKwh: f.amountKwh,
  pricePerKwh: f.pricePerKwh,
  itemId: f.objectId
    .optional()
    .meta({ description: "the item ordered; without it the order goes to the period's auction" }),
  auction: z.boolean().optional().meta({ description: "false keeps a losing order on an item out of the auction" }),
});
export const modifyOrder = z.strictObject({
  ...command,
  action: z.literal("modify"),
  orderId: f.objectId,
  expectedVersion: f.orderVersion,
  energyKwh: f.amountKwh,
  pricePerKwh: f.pricePerKwh,
});
export const cancelOrder = z.strictObject({ ...command, action: z.literal("cancel"), orderId: f.objectId });
export const notifyPosition = z.strictObject({
  ...command,
  action: z.literal("notify"),
  period: f.period,
  energyKwh: f.energyKwh.meta({ description: "own position; only where imbalance is `full`" }),
});

export const meterReading = z.strictObject({
  ...command,
  period: f.period,
  importKwh: f.amountKwh,
  exportKwh: f.amountKwh,
  generationKwh: f.amountKwh,
  quality: f.quality.optional().meta({ description: "actual by default" }),
  for: f.participant.optional().meta({ description: "only from a `meter`: whose reading it is" }),
});

export const itemsCommand = z.discriminatedUnion("action", [listItem, withdrawItem]);
export const ordersCommand = z.discriminatedUnion("action", [placeOrder, modifyOrder, cancelOrder, notifyPosition]);

const batchEntry = z.strictObject({
  for: f.participant,
  topic: z.enum(["items", "orders", "meter"]),
  command: z.record(z.string(), z.unknown()),
});
export const batch = z.strictObject({ ...command, entries: z.array(batchEntry).min(1) });

export type ListItem = z.infer<typeof listItem>;
export type WithdrawItem = z.infer<typeof withdrawItem>;
export type PlaceOrder = z.infer<typeof placeOrder>;
export type ModifyOrder = z.infer<typeof modifyOrder>;
export type CancelOrder = z.infer<typeof cancelOrder>;
export type NotifyPosition = z.infer<typeof notifyPosition>;
export type MeterReading = z.infer<typeof meterReading>;
export type ItemsCommand = z.infer<typeof itemsCommand>;
export type OrdersCommand = z.infer<typeof ordersCommand>;
