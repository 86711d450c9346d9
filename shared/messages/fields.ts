/**
 * The fields that messages are made of: units, decimals, instants, names. Source: contract.md, "Rules for every message".
 *
 * Numbers stay decimals here: `decimal.ts` turns them into integers at the border, with the same grid.
 */
import * as z from "zod";
import { onGrid } from "../decimal.js";
import { instantFromIso } from "../time.js";

const grid = (decimals: 3 | 6) => (value: number) => onGrid(value, decimals) !== undefined;
const number3 = z.number().refine(grid(3), { error: "has more than 3 decimals or is too large" });
const number6 = z.number().refine(grid(6), { error: "has more than 6 decimals or is too large" });

export const version = z.literal(1).meta({ description: "version of the contract" });
export const instant = z
  .string()
  .refine((text) => instantFromIso(text) !== undefined, {
    error: "is no ISO 8601 UTC instant like 2016-08-01T00:30:00Z",
  })
  .meta({ description: "ISO 8601 UTC, no fractions" });
export const period = instant.meta({ description: "delivery period, named by its start in UTC" });
/** A local day. Checked as a date, so that 2013-02-29 is refused. */
export const day = z
  .string()
  .refine((text) => instantFromIso(`${text}T00:00:00Z`) !== undefined, { error: "is no day like 2016-08-01" })
  .meta({ description: "local day in the market's timezone" });
export const wallInstant = z.string().meta({ description: "ISO 8601 UTC wall time" });
export const energyKwh = number3.meta({ description: "kWh, at most 3 decimals; positive = fed in to the network" });
export const amountKwh = number3.min(0).meta({ description: "kWh, at most 3 decimals, never negative" });
export const powerKw = number3.meta({ description: "kW, at most 3 decimals" });
export const pricePerKwh = number6.meta({ description: "currency per kWh, at most 6 decimals, may be negative" });
export const money = number6.meta({
  description: "currency, at most 6 decimals; positive = received by the participant",
});
export const share = z.number().nullable().meta({ description: "share of 1; null where its denominator is 0" });
export const ratio = z.number().nullable().meta({ description: "null where its denominator is not above 0" });
export const count = z.int().min(0);
export const side = z.enum(["buy", "sell"]);
export const sale = z.enum(["fixed", "best-offer"]);
export const participant = z.string().regex(/^[a-z][a-z0-9_-]{1,31}$/, { error: "is no participant id" });
export const objectId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: "must be 1 to 64 of A-Z a-z 0-9 _ -" });
export const requestId = objectId.meta({ description: "the client's own, unique per participant and topic" });
export const quality = z.enum(["actual", "provisional", "estimated"]);
export const orderVersion = z.int().min(1);

/** `v` and `ts` of every message of the market. */
export const stamped = { v: version, ts: instant };
