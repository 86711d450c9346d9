/** What the environment publishes: sunlight, temperature, and the typical consumption of a day. */
import * as z from "zod";
import { seriesReference } from "../series/series-reference.js";

export const environmentSchema = z.strictObject({
  solar: seriesReference.optional(),
  temperature: seriesReference.optional(),
  /** Grams of CO2 in each kWh from the grid. */
  carbon: z.union([z.number().min(0), seriesReference]).optional(),
  /** kW by local clock time: a typical-day column, or a list of equal steps from 00:00. */
  typicalLoad: z.union([z.array(z.number().min(0)).min(1), seriesReference]),
});
export type EnvironmentEntry = z.infer<typeof environmentSchema>;
