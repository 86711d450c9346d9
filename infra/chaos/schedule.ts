/**
 * When faults come that come at a tick, and whom they hit: drawn from the plan's seed alone, so that the same plan gives the same faults at
 * the same ticks, whoever asks and however long the run is.
 *
 * A fault with `everyMinutes` cuts market time into stretches of that length from the first tick on and comes once in each, at a tick drawn
 * from all of the stretch. Ticks are counted from 0, and a length of time is at least one tick.
 */
import { stream } from "../../shared/random-stream.js";
import { instantFromIso, minuteMs } from "../../shared/time.js";
import { hostedRoles } from "../journal/hosted-actor.js";
import { crashKinds } from "./fault-kinds.js";
import { type FaultPlan, isTimed, type TimedFault } from "./fault-plan.js";

export interface Occurrence {
  readonly entry: TimedFault;
  /** Tick in which it begins. */
  readonly tick: number;
  /** Bots or managers; nobody where it hits the broker. */
  readonly whom: readonly string[];
  /** Uniform in [0, 1): which way of crashing, and where in the tick. */
  readonly lots: readonly [number, number];
}

export function tickAt(plan: FaultPlan, instantMs: number): number {
  return Math.round((instantMs - plan.startMs) / plan.tickMs);
}

/** What begins in this tick, in the order of the file. */
export function beginningIn(plan: FaultPlan, tick: number): Occurrence[] {
  return plan.entries.flatMap((entry, index) => {
    if (!isTimed(entry)) return [];
    const occurrence = near(plan, entry, index, tick);
    return occurrence !== undefined && occurrence.tick === tick ? [occurrence] : [];
  });
}

/** What of `fault` has begun by this tick and is not over in it. */
export function lastingIn<Kind extends TimedFault["fault"]>(
  plan: FaultPlan,
  fault: Kind,
  tick: number,
): (Occurrence & { readonly entry: Extract<TimedFault, { fault: Kind }> })[] {
  const lasting: Occurrence[] = [];
  for (const [index, entry] of plan.entries.entries()) {
    if (!isTimed(entry) || entry.fault !== fault) continue;
    const ticks = lengthInTicks(plan, entry);
    for (let first = Math.max(0, tick - ticks + 1); first <= tick; first += 1) {
      const occurrence = near(plan, entry, index, first);
      if (occurrence?.tick === first) lasting.push(occurrence);
    }
  }
  return lasting as (Occurrence & { readonly entry: Extract<TimedFault, { fault: Kind }> })[];
}

/** How many ticks it lasts, at least one. */
export function lengthInTicks({ tickMs }: FaultPlan, entry: TimedFault): number {
  if ("ticks" in entry) return entry.ticks;
  return "minutes" in entry ? Math.max(1, Math.round((entry.minutes * minuteMs) / tickMs)) : 1;
}

/** How a manager crashes: as the file says, or drawn. */
export function crashKindOf({ entry, lots }: Occurrence): (typeof crashKinds)[number] {
  const how = entry.fault === "crash-manager" ? entry.how : "any";
  return how === "any" ? (crashKinds[Math.floor(lots[0] * crashKinds.length)] ?? "error") : how;
}

/** The occurrence of this tick's stretch, or the one that is named for this tick. */
function near(plan: FaultPlan, entry: TimedFault, index: number, tick: number): Occurrence | undefined {
  const { everyMinutes, at } = entry;
  const atMs = plan.startMs + tick * plan.tickMs;
  if (atMs < msOf(entry.from, Number.NEGATIVE_INFINITY) || atMs >= msOf(entry.until, Number.POSITIVE_INFINITY))
    return undefined;
  if (at !== undefined) {
    const isNamed = at.some((instant) => Math.ceil((msOf(instant, 0) - plan.startMs) / plan.tickMs) === tick);
    return isNamed ? drawn(plan, entry, index, `tick ${tick}`, () => tick) : undefined;
  }
  const ticks = Math.max(1, Math.round(((everyMinutes ?? 0) * minuteMs) / plan.tickMs));
  const stretch = Math.floor(tick / ticks);
  return drawn(plan, entry, index, `stretch ${stretch}`, (lot) => stretch * ticks + Math.floor(lot * ticks));
}

function drawn(
  plan: FaultPlan,
  entry: TimedFault,
  index: number,
  name: string,
  tickOf: (lot: number) => number,
): Occurrence {
  const random = stream(plan.seed, `fault ${index + 1}`, name);
  const tick = tickOf(random.uniform());
  const one = random.uniform();
  const all = entry.fault === "crash-manager" ? hostedRoles : plan.bots;
  return { entry, tick, whom: whomOf(entry, all, one), lots: [random.uniform(), random.uniform()] };
}

function whomOf(entry: TimedFault, all: readonly string[], lot: number): readonly string[] {
  if (!("whom" in entry)) return [];
  if (entry.whom === "all") return all;
  return entry.whom === "one" ? all.slice(Math.floor(lot * all.length)).slice(0, 1) : entry.whom;
}

function msOf(instant: string | undefined, otherwise: number): number {
  return instant === undefined ? otherwise : (instantFromIso(instant) ?? otherwise);
}
