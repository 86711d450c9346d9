/** What is measured in which order, and the rows that come of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cell, measured } from "./cell.js";
import { type DoorPlan, doorRows } from "./door-rows.js";
import { type InspectPlan, inspectRows } from "./inspect-rows.js";
import { type JournalPlan, journalRows } from "./journal-rows.js";
import { inPairs, rowOf } from "./pairs.js";
import { type RestartPlan, restartRows } from "./restart-rows.js";
import { type RulesPlan, rulesRows } from "./rules-rows.js";
import { type WindowPlan, windowRows } from "./window-rows.js";

/** What can be measured alone. */
export const benchParts = ["rules", "journal", "restart", "door", "lockstep", "start", "inspect", "window"] as const;
export type BenchPart = (typeof benchParts)[number];

export interface BenchPlan {
  readonly swarms: readonly { readonly bots: number; readonly warmUpTicks: number; readonly ticks: number }[];
  readonly startBots: number;
  /** How often each pair is measured; medians are reported. */
  readonly pairs: number;
  readonly rules: RulesPlan;
  readonly journal: JournalPlan;
  readonly restart: RestartPlan;
  readonly door: DoorPlan;
  readonly inspect: InspectPlan;
  /** Undefined: not measured. */
  readonly window: WindowPlan | undefined;
  readonly only: BenchPart | undefined;
}

export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly market: number;
  /** Null where the target is a figure of its own. */
  readonly bare: number | null;
  /** Median of the pairs' ratios, market to bare. */
  readonly ratio: number | null;
  readonly target: string;
  readonly met: boolean | null;
}

/** Measures all; `note` hears of the progress. */
export async function benchRows(plan: BenchPlan, note: (text: string) => void): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-bench-"));
  const rows: Row[] = [];
  const wanted = (part: BenchPart): boolean => plan.only === undefined || plan.only === part;
  if (wanted("rules")) rows.push(...(await rulesRows(plan.rules, note)));
  if (wanted("journal")) rows.push(...(await journalRows(plan.journal, note)));
  if (wanted("restart")) rows.push(...(await restartRows(plan.restart, note)));
  if (wanted("door")) rows.push(...(await doorRows(plan.door, note)));
  for (const swarm of wanted("lockstep") ? plan.swarms : []) {
    const cell = { ...swarm, transcriptFile: join(folder, `transcript-${swarm.bots}.json`) };
    rows.push(...(await lockstepRows(cell, plan.pairs, note)));
  }
  if (wanted("start")) rows.push(...(await startRows(plan.startBots, plan.pairs, note)));
  if (wanted("inspect")) rows.push(...(await inspectRows(plan.inspect, note)));
  if (wanted("window") && plan.window !== undefined) rows.push(...(await windowRows(plan.window, note)));
  rmSync(folder, { recursive: true });
  return rows;
}

async function lockstepRows(
  cell: Omit<Cell, "kind">,
  pairs: number,
  note: (text: string) => void,
): Promise<readonly Row[]> {
  const { messagesPerTick, kbPerTick } = await measured({ ...cell, kind: "record" });
  note(`${cell.bots} bots send and hear ${messagesPerTick.toFixed(1)} messages, ${kbPerTick.toFixed(1)} kB a tick`);
  const found = await inPairs(
    pairs,
    () => measured({ ...cell, kind: "lockstep-market" }),
    () => measured({ ...cell, kind: "lockstep-bare" }),
    ({ market, bare }) => note(`${market.ticksPerSecond.toFixed(1)} ticks/s, bare ${bare.ticksPerSecond.toFixed(1)}`),
  );
  const name = `lockstep, ${cell.bots} bots on ${cell.bots} threads`;
  const speed = rowOf(found, ({ ticksPerSecond }) => ticksPerSecond);
  const cpu = rowOf(found, ({ cpuMsPerTick }) => cpuMsPerTick);
  return [
    { what: name, unit: "ticks/s", ...speed, target: "at least 0.5 of bare", met: speed.ratio >= 0.5 },
    { what: `${name}: CPU of all threads`, unit: "ms/tick", ...cpu, target: "", met: null },
  ];
}

async function startRows(bots: number, pairs: number, note: (text: string) => void): Promise<readonly Row[]> {
  const cell = { bots, warmUpTicks: 0, ticks: 0, transcriptFile: "" };
  const found = await inPairs(
    pairs,
    () => measured({ ...cell, kind: "start-market" }),
    () => measured({ ...cell, kind: "start-bare" }),
    ({ market, bare }) =>
      note(`${bots} threads up in ${market.seconds.toFixed(2)} s, bare ${bare.seconds.toFixed(2)} s`),
  );
  const seconds = rowOf(found, (figures) => figures.seconds);
  const cpu = rowOf(found, ({ cpuSeconds }) => cpuSeconds);
  const memory = rowOf(found, ({ mibPerThread }) => mibPerThread);
  const name = `${bots} bot threads up and connected`;
  return [
    { what: name, unit: "s", ...seconds, target: "at most 8 s", met: seconds.market <= 8 },
    { what: `${name}: CPU of all threads`, unit: "s", ...cpu, target: "", met: null },
    { what: `${name}: memory`, unit: "MiB/thread", ...memory, target: "at most 22 MiB", met: memory.market <= 22 },
  ];
}
