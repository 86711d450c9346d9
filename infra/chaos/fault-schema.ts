/**
 * The keys of a faults file: what goes wrong in a run on purpose. docs/chaos.md tells them with units and defaults; a test fails where it
 * lacks one. Times are market time.
 */
import * as z from "zod";
import { instant } from "../../shared/messages/fields.js";
import { hostedRoles } from "../journal/hosted-actor.js";
import { crashKinds, messageKinds } from "./fault-kinds.js";

/** Market time of the first tick that it may happen in, and of the first that it may not. */
const span = { from: instant.optional(), until: instant.optional() };
const ids = z.array(z.string().min(1)).min(1);

const ofMessages = {
  messages: z.enum(messageKinds),
  share: z.number().gt(0).max(1),
  /** Participants or, where managers hand over, the receiving managers. */
  whom: z.union([z.literal("all"), ids]).default("all"),
  topics: ids.optional(),
  ...span,
};

/** Either once at a tick drawn from each stretch of so many minutes, or at the instants named. */
const timed = {
  everyMinutes: z.number().positive().optional(),
  at: z.array(instant).min(1).optional(),
  ...span,
};
const whomOfMany = z.union([z.enum(["one", "all"]), ids]).default("one");
const ticks = z.int().min(1).max(1000);

export const faultSchema = z.discriminatedUnion(
  "fault",
  [
    z.strictObject({ fault: z.literal("drop"), ...ofMessages }),
    z.strictObject({ fault: z.literal("delay"), ...ofMessages, ticks: ticks.default(2) }),
    z.strictObject({ fault: z.literal("duplicate"), ...ofMessages }),
    z.strictObject({ fault: z.literal("reorder"), ...ofMessages }),
    z.strictObject({ fault: z.literal("kill-bot"), ...timed, whom: whomOfMany, ticks: ticks.default(3) }),
    z.strictObject({
      ...{ fault: z.literal("crash-manager"), ...timed },
      whom: z.union([z.enum(["one", "all"]), z.array(z.enum(hostedRoles)).min(1)]).default("one"),
      how: z.enum([...crashKinds, "any"]).default("any"),
      ticks: ticks.default(1),
    }),
    z.strictObject({ fault: z.literal("pause-broker"), ...timed, seconds: z.number().gt(0).max(30).default(1) }),
    z.strictObject({
      ...{ fault: z.literal("stop-meter"), ...timed, whom: whomOfMany },
      minutes: z.number().positive().default(60),
    }),
    z.strictObject({
      ...{ fault: z.literal("skew-clock"), ...timed, whom: whomOfMany },
      minutes: z.number().positive().default(60),
      seconds: z.int().min(-86_400).max(86_400),
    }),
  ],
  {
    error:
      "must be one of drop, delay, duplicate, reorder, kill-bot, crash-manager, pause-broker, stop-meter, skew-clock",
  },
);

export const faultsSchema = z.strictObject({
  seed: z.int().min(0).optional(),
  faults: z.array(faultSchema).min(1),
});

export type FaultEntry = z.infer<typeof faultSchema>;
