/** The row of a restart: how long managers take to be made anew from their journals alone. */
import { measured } from "./cell.js";
import type { Row } from "./plan.js";

export interface RestartPlan {
  readonly homes: number;
  readonly commands: number;
}

/** Without a snapshot: with one, only what came after it is worked again. */
export async function restartRows({ homes, commands }: RestartPlan, note: (text: string) => void): Promise<Row[]> {
  const figures = await measured({ kind: "restart", homes, commands });
  const each = Object.entries(figures.byRole).map(([role, seconds]) => `${role} ${seconds.toFixed(2)} s`);
  note(`restart: ${figures.inputs} inputs, ${each.join(", ")}`);
  const what = `restart from ${figures.commands.toLocaleString("en")} journalled commands`;
  const isTarget = commands >= 100_000;
  return [
    {
      ...{ what, unit: "s", market: figures.seconds, bare: null, ratio: null },
      target: isTarget ? "at most 5 s" : "",
      met: isTarget ? figures.seconds <= 5 : null,
    },
  ];
}
