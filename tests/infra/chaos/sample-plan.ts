/** A plan of faults for ten-minute ticks, from its entries as they stand in a file. */
import type * as z from "zod";
import type { FaultPlan } from "../../../infra/chaos/fault-plan.js";
import { faultsSchema } from "../../../infra/chaos/fault-schema.js";
import { minuteMs } from "../../../shared/time.js";

export const startMs = Date.UTC(2017, 1, 20, 9);
export const tickMs = 10 * minuteMs;

export function planOf(faults: z.input<typeof faultsSchema>["faults"], seed = 1): FaultPlan {
  const entries = faultsSchema.parse({ faults }).faults;
  return { file: "faults.yaml", seed, entries, startMs, tickMs, periodMinutes: 30, bots: ["ann", "bob", "cid"] };
}
