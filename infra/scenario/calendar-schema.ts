/** When things happen: the length of a period, its ticks, its gate, and when bills come (elecbay.md 0). */
import * as z from "zod";

export const calendarSchema = z.strictObject({
  periodMinutes: z.literal([5, 15, 30, 60], { error: "must be 5, 15, 30 or 60" }).default(30),
  rounds: z.int().min(1).max(60).default(1),
  openMinutes: z.number().positive().default(300),
  gateMinutes: z.number().positive().default(60),
  meterDueMinutes: z.number().positive().default(60),
  billDays: z.int().min(1).max(31).default(1),
  correctionDays: z.int().min(1).max(365).optional(),
});
export type CalendarEntry = z.infer<typeof calendarSchema>;
