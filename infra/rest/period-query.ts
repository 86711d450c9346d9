/** A delivery period in a query: `2016-08-01T00:30:00Z` or `20160801-0030`. Source: contract.md, "Rules for every message". */
import * as z from "zod";
import { instantFromIso, minuteMs, periodFromTopicLevel } from "../../shared/time.js";

/** Start of the period in UTC milliseconds; undefined where the text names none: periods start with a minute. */
export function periodFrom(text: string): number | undefined {
  const startMs = instantFromIso(text) ?? periodFromTopicLevel(text);
  return startMs === undefined || startMs % minuteMs !== 0 ? undefined : startMs;
}

export const periodText = z
  .string()
  .refine((text) => periodFrom(text) !== undefined, {
    error: "is no period like 2016-08-01T00:30:00Z or 20160801-0030",
  })
  .meta({
    description: "delivery period, named by its start in UTC: `2016-08-01T00:30:00Z` or `20160801-0030`",
    examples: ["20160801-0030"],
  });
