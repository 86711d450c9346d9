/** The rows of the rules: how fast the auctions clear, and how that grows with the number of orders. */
import { measured } from "./cell.js";
import type { Row } from "./plan.js";

export interface RulesPlan {
  /** Orders of the uniform auctions, rising; the first is what the target is about. */
  readonly uniformOrders: readonly number[];
  readonly continuousOrders: number;
  readonly turns: number;
}

export async function rulesRows(plan: RulesPlan, note: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  let first: number | undefined;
  for (const orders of plan.uniformOrders) {
    const turns = first === undefined ? plan.turns : Math.max(3, Math.floor(plan.turns / 8));
    const { marketMs, bareMs, ratio } = await measured({ kind: "uniform", orders, turns });
    note(`uniform, ${orders} orders: ${marketMs.toFixed(2)} ms, bare ${bareMs.toFixed(2)} ms`);
    const step = 1e6 / (orders * Math.log2(orders));
    const [perStep, barePerStep] = [marketMs * step, bareMs * step];
    const what = `uniform, ${orders.toLocaleString("en")} orders with receipts`;
    if (first === undefined) {
      const figures = { market: marketMs, bare: bareMs, ratio };
      const met = ratio <= 8 && marketMs <= 20;
      rows.push({ what: `${what}: CPU`, unit: "ms", ...figures, target: "at most 8 of bare, 20 ms", met });
    }
    first ??= perStep;
    const target = perStep === first ? "" : `at most 3 of the first, ${(perStep / first).toFixed(2)} it is`;
    const met = perStep === first ? null : perStep <= 3 * first;
    rows.push({ what: `${what}: CPU per n log n`, unit: "ns", market: perStep, bare: barePerStep, ratio, target, met });
  }
  for (const kind of ["continuous", "continuous-cancelled"] as const) {
    const orders = plan.continuousOrders;
    const { commandsPerCpuSecond: market } = await measured({ kind, orders, turns: Math.min(plan.turns, 5) });
    const ending = kind === "continuous" ? "" : `, ${(orders / 4).toLocaleString("en")} cancellations`;
    const what = `continuous, ${orders.toLocaleString("en")} orders${ending}`;
    const [bare, ratio, target, met] = [null, null, "at least 1,000,000", market >= 1e6];
    rows.push({ what, unit: "commands/CPU s", market, bare, ratio, target, met });
  }
  return rows;
}
