/** The rows of the inspection: what it costs while it is off, beside a market without it, and what it costs to record all actors. */
import { type LockstepFigures, measured } from "./cell.js";
import { median } from "./median.js";
import type { Row } from "./plan.js";

export interface InspectPlan {
  readonly bots: number;
  readonly warmUpTicks: number;
  readonly ticks: number;
  /** How often each of the three is measured, in turn. */
  readonly turns: number;
}

type Turn = Readonly<Record<"none" | "off" | "on", LockstepFigures>>;

export async function inspectRows(plan: InspectPlan, note: (text: string) => void): Promise<Row[]> {
  const { bots, warmUpTicks, ticks } = plan;
  const cell = { bots, warmUpTicks, ticks, transcriptFile: "" };
  const turns: Turn[] = [];
  for (let turn = 0; turn < plan.turns; turn += 1) {
    const none = await measured({ ...cell, kind: "inspect-none" });
    const off = await measured({ ...cell, kind: "inspect-off" });
    const on = await measured({ ...cell, kind: "inspect-on" });
    turns.push({ none, off, on });
    const told = [none, off, on].map(({ cpuMsPerTick }) => cpuMsPerTick.toFixed(2));
    note(`inspection: ${told[0]} ms/tick without, ${told[1]} off, ${told[2]} recording all`);
  }
  const without = turns.map(({ none }) => none.cpuMsPerTick);
  const spread = (Math.max(...without) - Math.min(...without)) / median(without);
  const row = (of: "off" | "on") => ({
    market: median(turns.map((turn) => turn[of].cpuMsPerTick)),
    bare: median(without),
    ratio: median(turns.map((turn) => turn[of].cpuMsPerTick / turn.none.cpuMsPerTick)),
  });
  const off = row("off");
  return [
    {
      ...{ what: `inspection switched off, ${bots} bots: CPU of all threads`, unit: "ms/tick", ...off },
      target: `within the spread of ${plan.turns} runs without, ${(100 * spread).toFixed(0)} %`,
      met: off.ratio - 1 <= spread,
    },
    {
      ...{ what: `inspection recording all actors, ${bots} bots: CPU of all threads`, unit: "ms/tick", ...row("on") },
      ...{ target: "", met: null },
    },
  ];
}
