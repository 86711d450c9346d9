/** A price that holds throughout, by the clock, or as a column; and the suppliers made of them. */
import * as z from "zod";
import { pricePerKwh } from "../../shared/messages/fields.js";
import { seriesReference } from "../series/series-reference.js";

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'must be a clock time such as "07:30", in quotes' });

/** Prices by the wall clock of the scenario's timezone: the first band that holds a period's start counts. */
export const timeOfUse = z.strictObject({
  otherwise: pricePerKwh,
  timeOfUse: z
    .array(
      z.strictObject({
        from: clockTime,
        to: clockTime,
        price: pricePerKwh,
        days: z.enum(["all", "weekdays", "weekends"]).default("all"),
        months: z.array(z.int().min(1).max(12)).min(1).optional(),
      }),
    )
    .min(1),
});
export type TimeOfUse = z.infer<typeof timeOfUse>;

export const priceSchema = z.union([pricePerKwh, seriesReference, timeOfUse]);
export type PriceEntry = z.infer<typeof priceSchema>;

export const exportShare = z.strictObject({ shareOfRetail: z.number().min(0).max(1) });

/** What the supplier charges and pays where a bot has no tariff of its own. */
export const tariffSchema = z.strictObject({
  retail: priceSchema,
  export: z.union([pricePerKwh, seriesReference, timeOfUse, exportShare]),
});
export type TariffEntry = z.infer<typeof tariffSchema>;

export const supplierName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,31}$/, { error: "must be 2 to 32 lower-case letters, digits, - and _, a letter first" });

export const supplierSchema = tariffSchema.extend({
  name: supplierName.default("retail1"),
  penalty: pricePerKwh.min(0).default(0.01),
  systemBuy: priceSchema.optional(),
  systemSell: priceSchema.optional(),
});
/** One that only sells and buys: the prices of imbalance are those of the scenario's `supplier`. */
export const furtherSupplierSchema = tariffSchema.extend({ name: supplierName });
export type SupplierEntry = z.infer<typeof supplierSchema>;
