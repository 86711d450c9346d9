/** Bots made by the dozen from one template: their sizes are drawn from the seed, each bot's from a stream of its own. */
import * as z from "zod";
import { botBody } from "./bot-schema.js";

const range = z
  .tuple([z.number().positive(), z.number().positive()])
  .refine(([low, high]) => low <= high, { error: "must be [low, high]" });
const share = z.number().min(0).max(1);

export const swarmSchema = z.strictObject({
  count: z.int().min(1).max(5000).default(20),
  prefix: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,24}$/)
    .default("bot"),
  template: botBody,
  /** Factor on the template's load. */
  loadScale: range.default([1, 1]),
  /** The load's column is drawn from these; the template's own where there are none. */
  loadColumns: z.array(z.string().min(1)).min(1).optional(),
  solarShare: share.default(1),
  solarKw: range.optional(),
  batteryShare: share.default(1),
  batteryKwh: range.optional(),
  /** Share of the bots that trade by zero intelligence; the others take prices. */
  zeroIntelligenceShare: share.default(0),
  listShare: share.default(0),
});
export type SwarmEntry = z.infer<typeof swarmSchema>;
