/** A run as it was and under another mechanism, side by side for a terminal. */
import type { RunCompared, WhatIf } from "../replay/what-if.js";
import { table } from "./table.js";

type Figure = readonly [what: string, of: (run: RunCompared) => number | null, digits: number];

export function whatIfTable({ note, asItWas, whatIf, commands, isCut }: WhatIf): string {
  const { currency } = asItWas.summary;
  const header = ["", asItWas.figures.mechanism, `what if ${whatIf.figures.mechanism}`];
  const rows = figuresIn(currency).map(([what, of, digits]) => [
    what,
    ...[asItWas, whatIf].map((run) => text(of(run), digits)),
  ]);
  const bills = [...new Set([...Object.keys(asItWas.figures.bills), ...Object.keys(whatIf.figures.bills)])].sort();
  const billed = bills.map((id) => [
    `bill of ${id} ${currency}`,
    ...[asItWas, whatIf].map(({ figures }) => text(figures.bills[id] ?? null, 4)),
  ]);
  const lines = [
    table([header, ...rows, ...billed], [1, 2]),
    `${note}; a bill is positive where the participant receives`,
    `${commands.commands} commands: ${commands.rejectedNow} accepted then are rejected now, ${commands.acceptedNow} rejected then are accepted now; ${commands.nameless} name what is not accepted now`,
  ];
  if (isCut)
    lines.push(
      "the run had not come to the end of what is billed together under these rules: fewer periods are billed",
    );
  return lines.join("\n");
}

function figuresIn(currency: string): Figure[] {
  const kpi = (key: string) => (run: RunCompared) => run.summary.kpis[key] ?? null;
  return [
    ["periods billed", ({ summary }) => summary.billedPeriods, 0],
    [`mean price ${currency}/kWh`, ({ figures }) => figures.meanPricePerKwh, 4],
    ["traded kWh", ({ figures }) => figures.volumeKwh, 1],
    ["trades", ({ figures }) => figures.trades, 0],
    [`welfare ${currency}`, ({ figures }) => figures.welfare, 2],
    [`cost ${currency}`, ({ figures }) => figures.cost, 2],
    [`savings ${currency}`, ({ figures }) => figures.savings, 2],
    ["Gini", ({ figures }) => figures.gini, 3],
    ["Jain", ({ figures }) => figures.jain, 3],
    ["self-sufficiency", kpi("selfSufficiency"), 4],
    ["self-consumption", kpi("selfConsumption"), 4],
    ["imbalance kWh", ({ summary }) => summary.imbalanceKwh, 3],
  ];
}

function text(value: number | null, digits: number): string {
  return value === null ? "none" : value.toFixed(digits);
}
