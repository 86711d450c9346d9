/** How a scenario names a column of a CSV file: where it is, its unit, its step and its clock (elecbay.md 0, rule 11). */
import * as z from "zod";
import { gapRules } from "./gaps.js";
import { clockFromText } from "./series-clock.js";

export const seriesUnits = ["kWh", "Wh", "kW", "W", "percent", "W/m2", "C", "price", "gCO2/kWh", "kgCO2/kWh"] as const;
export type SeriesUnit = (typeof seriesUnits)[number];

const dayMinutes = 1440;

export const seriesReference = z.strictObject({
  file: z.string().min(1),
  column: z.string().min(1),
  /** The first column where it is not named. */
  timeColumn: z.string().min(1).optional(),
  unit: z.enum(seriesUnits),
  stepMinutes: z
    .int()
    .min(1)
    .refine((minutes) => dayMinutes % minutes === 0, { error: "must divide a day, such as 15, 30 or 60" }),
  clock: z.string().refine((text) => clockFromText(text) !== undefined, {
    error: 'is no clock: use utc, "fixed +10:00", "zone Europe/London" or uniform',
  }),
  gaps: z.enum(gapRules).default("refuse"),
  scale: z.number().positive().default(1),
  stamps: z.enum(["start", "end"]).default("start"),
  repeats: z.enum(["none", "day"]).default("none"),
});
export type SeriesReference = z.infer<typeof seriesReference>;
