/** A price that holds throughout, or a column of prices; and the supplier made of them. */
import * as z from "zod";
import { pricePerKwh } from "../../shared/messages/fields.js";
import { seriesReference } from "../series/series-reference.js";

export const priceSchema = z.union([pricePerKwh, seriesReference]);
export type PriceEntry = z.infer<typeof priceSchema>;

export const exportShare = z.strictObject({ shareOfRetail: z.number().min(0).max(1) });

/** What the supplier charges and pays where a bot has no tariff of its own. */
export const tariffSchema = z.strictObject({
  retail: priceSchema,
  export: z.union([pricePerKwh, seriesReference, exportShare]),
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
export type SupplierEntry = z.infer<typeof supplierSchema>;
