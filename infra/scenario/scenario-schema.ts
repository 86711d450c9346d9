/**
 * The keys of a scenario. `docs/scenarios.md` tells them with units and defaults; a test fails where it lacks one.
 *
 * `sets`, `defaultSet` and `botDefaults` are gone before this schema sees a scenario: see `compose-scenario.ts`.
 */
import { IANAZone } from "luxon";
import * as z from "zod";
import { mechanismNames } from "../../market/rules/mechanisms/mechanism.js";
import { registrationModes } from "../../market/rules/registration.js";
import { amountKwh, instant, money, powerKw, pricePerKwh } from "../../shared/messages/fields.js";
import { botSchema } from "./bot-schema.js";
import { calendarSchema } from "./calendar-schema.js";
import { environmentSchema } from "./environment-schema.js";
import { gatewaySchema } from "./gateways.js";
import { furtherSupplierSchema, supplierSchema } from "./price-schema.js";
import { swarmSchema } from "./swarm-schema.js";

/** A mechanism of ours by its name, or a file of one's own by its path. */
export const mechanismName = z.union([
  z.enum(mechanismNames),
  z.string().regex(/^\.{0,2}\/.+\.[cm]?[jt]s$/, {
    error: `must be one of ${mechanismNames.join(", ")}, or the path of a file of your own such as ./mine.ts`,
  }),
]);

/** With at most four decimals, so that it is a whole number of millionths. */
const percent = z.number().min(0).max(100).multipleOf(0.0001);

export const mechanismSchema = z.strictObject({
  name: mechanismName.default("uniform"),
  k: z.number().min(0).max(1).default(0.5),
  tie: z.enum(["pro-rata", "time"]).default("pro-rata"),
  funder: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{1,31}$/)
    .optional(),
});

export const limitsSchema = z.strictObject({
  minEnergyKwh: amountKwh.positive().default(0.001),
  maxOrdersPerPeriod: z.int().min(1).default(50),
  priceFloor: pricePerKwh.default(-1),
  priceCap: pricePerKwh.default(2),
  maxCommandsPerTick: z.int().min(1).default(200),
});

/** `mechanism` names the line by which participants share what a truthful auction leaves over. */
const levyName = z
  .string()
  .min(1)
  .max(64)
  .refine((name) => name !== "mechanism", { error: "is taken by the market's own levy; choose another name" });

export const settlementSchema = z.strictObject({
  imbalance: z.enum(["promised", "full"]).default("promised"),
  imbalancePrice: z.enum(["dual", "single"]).default("dual"),
  serviceChargePerKwh: pricePerKwh.min(0).default(0),
  serviceChargePercent: percent.default(0),
  gridFeePerKwh: pricePerKwh.min(0).default(0),
  localGridFeePerKwh: pricePerKwh.min(0).optional(),
  levies: z
    .array(z.strictObject({ name: levyName, perKwh: pricePerKwh.min(0) }))
    .max(10)
    .refine((levies) => new Set(levies.map(({ name }) => name)).size === levies.length, {
      error: "has two levies of one name",
    })
    .default([]),
  vatPercent: percent.default(0),
  standingChargePerDay: money.min(0).default(0),
  disputeDays: z.int().min(0).max(90).default(14),
});

/** Who may become a participant while the market runs (`up` alone). */
export const registrationSchema = z.strictObject({
  mode: z.enum(registrationModes).default("closed"),
  capacityKw: powerKw.positive().default(7),
  maxParticipants: z.int().min(1).max(10_000).default(200),
});

/** Rule 5. Without it nobody's orders are limited by money. */
export const creditSchema = z.strictObject({ limit: money.min(0).default(0), deposit: money.min(0).default(0) });

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
  registration: registrationSchema.prefault({}),
  dataDir: z.string().min(1).optional(),
  calendar: calendarSchema.prefault({}),
  mechanism: mechanismSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  settlement: settlementSchema.prefault({}),
  shadow: z
    .array(mechanismName)
    .max(10)
    .refine((names) => new Set(names).size === names.length, { error: "names a mechanism twice" })
    .default([]),
  credit: creditSchema.optional(),
  supplier: supplierSchema,
  suppliers: z.array(furtherSupplierSchema).max(20).default([]),
  environment: environmentSchema,
  bots: z.array(botSchema).default([]),
  gateways: z.array(gatewaySchema).max(100).default([]),
  swarm: swarmSchema.optional(),
});
export type ScenarioEntry = z.infer<typeof scenarioSchema>;
