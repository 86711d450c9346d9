/** One bot: where it hangs on the network, its devices, its strategy, and its tariff where it is not the supplier's usual one. */
import * as z from "zod";
import { amountKwh, money, participant, powerKw } from "../../shared/messages/fields.js";
import { seriesReference } from "../series/series-reference.js";
import { supplierName, tariffSchema } from "./price-schema.js";

const uncertain = {
  disturbance: z.number().min(0).max(1).default(0),
  forecast: z.enum(["persistence", "trend", "perfect"]).default("persistence"),
};

export const loadSchema = seriesReference.extend(uncertain);
export const solarSchema = seriesReference.extend({
  ...uncertain,
  peakKw: powerKw.positive(),
  derating: z.number().positive().max(1).default(1),
});
export const batterySchema = z.strictObject({
  capacityKwh: amountKwh.positive(),
  powerKw: powerKw.positive(),
  efficiency: z.number().positive().max(1).default(0.9),
  initialKwh: amountKwh.default(0),
});
export const strategySchema = z.strictObject({
  name: z.enum(["price-taker", "zero-intelligence"]).default("price-taker"),
  margin: z.number().min(0).max(1).default(0.2),
  usesList: z.boolean().default(false),
  minReliability: z.number().min(0).max(1).default(0),
});

/** A bot without its name: also the template of a swarm. */
export const botBody = z.strictObject({
  capacityKw: powerKw.positive().optional(),
  connectionPoint: z.string().min(1).optional(),
  phase: z.enum(["a", "b", "c", "abc"]).optional(),
  load: loadSchema.optional(),
  solar: solarSchema.optional(),
  battery: batterySchema.optional(),
  strategy: strategySchema.prefault({}),
  supplier: supplierName.optional(),
  tariff: tariffSchema.optional(),
  creditLimit: money.min(0).optional(),
  deposit: money.min(0).optional(),
});
export const botSchema = botBody.extend({ id: participant });
export type BotEntry = z.infer<typeof botSchema>;
