/** The rows of the rules: how fast the auctions clear, and how that grows with the number of orders. */
import { measured } from "./cell.js";
import type { Row } from "./plan.js";

export interface RulesPlan {
  /** Orders of the uniform auctions, rising; the first is what the target is about. */
  readonly uniformOrders: readonly number[];
  readonly continuousOrders: number;
  /** Participants of the periods settled, rising; the first is what the target is about. */
  readonly settled: readonly number[];
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
  return [...rows, ...(await settlementRows(plan, note))];
}

async function settlementRows({ settled, turns }: RulesPlan, note: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  let first: number | undefined;
  for (const participants of settled) {
    const own = first === undefined ? turns : Math.min(turns, participants < 1e6 ? 5 : 1);
    const { ms, bareMs, ratio } = await measured({ kind: "settlement", participants, turns: own });
    note(`settlement, ${participants} participants: ${ms.toFixed(1)} ms, bare ${bareMs.toFixed(1)} ms`);
    const what = `settlement, ${participants.toLocaleString("en")} participants`;
    const target50 = "at most 50 ms";
    if (first === undefined) {
      const figures = { unit: "ms", market: ms, bare: bareMs, ratio };
      rows.push({ what: `${what}: CPU`, ...figures, target: target50, met: ms <= 50 });
      const charged = await measured({ kind: "settlement-charged", participants, turns });
      const chargedFigures = { unit: "ms", market: charged.ms, bare: charged.bareMs, ratio: charged.ratio };
      rows.push({ what: `${what}, each charged: CPU`, ...chargedFigures, target: target50, met: charged.ms <= 50 });
    }
    const step = 1e6 / (participants * Math.log2(participants));
    const [market, bare] = [ms * step, bareMs * step];
    first ??= market;
    const target = market === first ? "" : `at most 3 of the first, ${(market / first).toFixed(2)} it is`;
    const met = market === first ? null : market <= 3 * first;
    rows.push({ what: `${what}: CPU per n log n`, unit: "ns", market, bare, ratio, target, met });
  }
  return rows;
}
