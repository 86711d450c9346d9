/** The rows of a restart: how long managers take to be made anew from their journals. */
import { measured } from "./cell.js";
import type { Row } from "./plan.js";
import type { RestartTime } from "./restart-cell.js";

export interface RestartPlan {
  readonly homes: number;
  readonly commands: number;
}

export async function restartRows({ homes, commands }: RestartPlan, note: (text: string) => void): Promise<Row[]> {
  const { fromSnapshots, fromAllInputs, commands: sent } = await measured({ kind: "restart", homes, commands });
  const isTarget = commands >= 100_000;
  const row = (how: string, { seconds, inputs, byRole }: RestartTime) => {
    const each = Object.entries(byRole).map(([role, took]) => `${role} ${took.toFixed(2)} s`);
    note(`restart, ${how}: ${inputs} inputs, ${each.join(", ")}`);
    const what = `restart from ${sent.toLocaleString("en")} journalled commands, ${how}`;
    return { what, unit: "s", market: seconds, bare: null, ratio: null };
  };
  return [
    {
      ...row("with its snapshots", fromSnapshots),
      target: isTarget ? "at most 5 s" : "",
      met: isTarget ? fromSnapshots.seconds <= 5 : null,
    },
    { ...row("all worked again", fromAllInputs), target: "", met: null },
  ];
}
