/** The rows of the dashboard: how soon it can be used, and what it costs a reader's machine. */
import { measured } from "./cell.js";
import type { Row } from "./plan.js";

export interface WindowPlan {
  readonly loads: number;
  readonly messagesPerSecond: number;
  readonly seconds: number;
}

export async function windowRows(plan: WindowPlan, note: (text: string) => void): Promise<Row[]> {
  const found = await measured({ kind: "window", ...plan });
  const { usableMs, liveMs, pageCores, browserCores, idleCores, heapMb, messagesPerSecond } = found;
  note(`${messagesPerSecond.toFixed(0)} messages a second; ${idleCores.toFixed(3)} cores without them`);
  const row = (what: string, unit: string, market: number, most?: number): Row => ({
    ...{ what, unit, market, bare: null, ratio: null },
    target: most === undefined ? "" : `under ${most.toLocaleString("en")} ${unit}`,
    met: most === undefined ? null : market < most,
  });
  const load = `dashboard at ${messagesPerSecond.toFixed(0)} messages a second`;
  return [
    row("dashboard, asked for until it can be used", "ms", usableMs, 1000),
    row("the same until the market's figures are there", "ms", liveMs),
    row(`${load}, all of Chromium`, "cores", browserCores, 0.3),
    row("the page's own process of it", "cores", pageCores),
    row("heap after it", "MB", heapMb),
  ];
}
