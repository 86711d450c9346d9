/** The bench's rows as a readable table. */
import type { Row } from "./plan.js";

export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ what, unit, market, bare, ratio, target, met }) => [
    ...[what, digits(market), digits(bare), unit, ratio === null ? "" : ratio.toFixed(2), target],
    met === null ? "" : met ? "met" : "MISSED",
  ]);
  const table = [["", "market", "bare", "", "ratio", "target", ""], ...cells];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function digits(value: number | null): string {
  if (value === null) return "";
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
