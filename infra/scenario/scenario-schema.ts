/**
 * The keys of a scenario. `docs/scenarios.md` tells them with units and defaults; a test fails where it lacks one.
 *
 * `sets`, `defaultSet` and `botDefaults` are gone before this schema sees a scenario: see `compose-scenario.ts`.
 */
import { IANAZone } from "luxon";
import * as z from "zod";
import { amountKwh, instant, powerKw, pricePerKwh } from "../../shared/messages/fields.js";
import { botSchema } from "./bot-schema.js";
import { calendarSchema } from "./calendar-schema.js";
import { environmentSchema } from "./environment-schema.js";
import { supplierSchema } from "./price-schema.js";
import { swarmSchema } from "./swarm-schema.js";

export const mechanismSchema = z.strictObject({
  name: z.enum(["uniform", "listing"]).default("uniform"),
  k: z.number().min(0).max(1).default(0.5),
  tie: z.enum(["pro-rata", "time"]).default("pro-rata"),
});

export const limitsSchema = z.strictObject({
  minEnergyKwh: amountKwh.positive().default(0.001),
  maxOrdersPerPeriod: z.int().min(1).default(50),
  priceFloor: pricePerKwh.default(-1),
  priceCap: pricePerKwh.default(2),
  maxCommandsPerTick: z.int().min(1).default(200),
});

export const settlementSchema = z.strictObject({
  imbalance: z.literal("promised").default("promised"),
  imbalancePrice: z.enum(["dual", "single"]).default("dual"),
  serviceChargePerKwh: pricePerKwh.min(0).default(0),
});

export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, { error: "must be lower-case letters, digits, - and _" }),
  description: z.string().default(""),
  market: z
    .string()
    .regex(/^[a-z0-9_-]{1,32}$/)
    .default("main"),
  currency: z.string().regex(/^[A-Z]{3}$/, { error: "must be an ISO 4217 code such as GBP" }),
  timezone: z.string().refine((name) => IANAZone.isValidZone(name), { error: "is no IANA zone such as Europe/London" }),
  seed: z.int().default(1),
  start: instant.optional(),
  firstPeriod: instant.optional(),
  periods: z.int().min(1),
  speed: z.number().positive().default(300),
  guests: z.boolean().default(false),
  guestCapacityKw: powerKw.positive().default(20),
  dataDir: z.string().min(1).optional(),
  calendar: calendarSchema.prefault({}),
  mechanism: mechanismSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  settlement: settlementSchema.prefault({}),
  supplier: supplierSchema,
  environment: environmentSchema,
  bots: z.array(botSchema).default([]),
  swarm: swarmSchema.optional(),
});
export type ScenarioEntry = z.infer<typeof scenarioSchema>;
