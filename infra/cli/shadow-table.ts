/** Shadow mechanisms side by side for a terminal; the one that counted is marked. */
import type { Summary } from "../results/summary.js";
import { table } from "./table.js";

export function shadowTable({ shadow, currency }: Summary): string {
  if (shadow === null) return "";
  const header = [
    ...["mechanism", `mean price ${currency}/kWh`, "traded kWh", "trades", `welfare ${currency}`],
    ...[`cost ${currency}`, `savings ${currency}`, "Gini", "Jain"],
  ];
  const text = (value: number | null, digits: number): string => (value === null ? "none" : value.toFixed(digits));
  const rows = shadow.mechanisms.map((each) => [
    each.effective ? `${each.mechanism} *` : each.mechanism,
    text(each.meanPricePerKwh, 4),
    text(each.volumeKwh, 1),
    String(each.trades),
    text(each.welfare, 2),
    text(each.cost, 2),
    text(each.savings, 2),
    text(each.gini, 3),
    text(each.jain, 3),
  ]);
  const note = `* the mechanism that counted; the others are ${shadow.note}`;
  const failures = shadow.mechanisms.flatMap(({ mechanism, failed }) =>
    failed === null ? [] : [`${mechanism} failed and was given up: ${failed}`],
  );
  return [table([header, ...rows], [1, 2, 3, 4, 5, 6, 7, 8]), note, ...failures].join("\n");
}
