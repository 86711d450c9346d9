/** The published clock and the barrier that keeps a lockstep run in step. Source: contract.md, "The clock". */
import * as z from "zod";
import * as f from "./fields.js";

export const clockMode = z.enum(["real", "scaled", "lockstep"]);
export type ClockMode = z.infer<typeof clockMode>;

export const clockTick = z.object({
  ...f.stamped,
  runId: z.string(),
  seq: z.int().min(1).meta({ description: "grows by one each tick" }),
  mode: clockMode,
  rate: z.number().positive().meta({ description: "market seconds per wall second; 1 in real mode" }),
  period: f.period.meta({ description: "the delivery period that contains ts" }),
  round: z.int().min(1),
  rounds: z.int().min(1).meta({ description: "ticks per period" }),
  deadline: f.wallInstant.meta({ description: "wall time at which the market goes on without whoever is missing" }),
  offsetMs: z.number().optional().meta({ description: "system clock's offset, real mode, where known" }),
});
export type ClockTick = z.infer<typeof clockTick>;

export const ready = z.strictObject({
  v: f.version,
  seq: z.int().min(1),
  sent: z.int().min(0).meta({ description: "distinct requestIds sent in this tick; a batch counts once" }),
});
export type Ready = z.infer<typeof ready>;

export const status = z.strictObject({
  v: f.version,
  status: z.enum(["online", "offline"]),
  strategy: z
    .string()
    .max(64)
    .optional()
    .meta({ description: "how it trades; this and what follows is for the operator to see, nothing is decided by it" }),
  capacityKwh: f.amountKwh.optional().meta({ description: "of its battery" }),
  storedKwh: f.amountKwh.optional(),
  period: f.period.optional().meta({ description: "the last delivery period in which the battery was run" }),
  chargedKwh: f.amountKwh.optional().meta({ description: "what the battery took in that period" }),
  dischargedKwh: f.amountKwh.optional().meta({ description: "and what it gave" }),
});
export type Status = z.infer<typeof status>;
