/**
 * A book of orders as a CSV file: `side,id,arrival,energyKwh,pricePerKwh` and optional `participant`, in any order of columns.
 *
 * A column that is none of these is ignored; the reader says which. Energy has at most 3 decimals (whole Wh), a price at most 6.
 * Whoever leaves `participant` out, or its cell empty, trades under the order's own id.
 */

import type { AuctionOrder } from "../../market/rules/merit-order.js";
import { onGrid } from "../../shared/decimal.js";
import { microPerKwh, wh } from "../../shared/units.js";
import { kwhText, majorText } from "../results/decimal-text.js";
import { type CsvRow, columnIndex, readTable } from "./csv-table.js";
import { InputError } from "./input-error.js";
import { numberFromText } from "./number-text.js";

export interface Book {
  readonly orders: readonly AuctionOrder[];
  /** Columns that say nothing to a market. */
  readonly ignored: readonly string[];
}

const needed = ["side", "id", "arrival", "energyKwh", "pricePerKwh"] as const;
type Column = (typeof needed)[number] | "participant";

/** Mechanisms add and subtract up to four prices: the result must still be exact. */
const highestMicroPerKwh = 2e15;

/** Orders in the file's order. @throws InputError with line, column and what to do. */
export function readBook(file: string): Book {
  const table = readTable(file, new Map());
  const indices = new Map<Column, number>(needed.map((column) => [column, columnIndex(table, column)]));
  if (table.columns.includes("participant")) indices.set("participant", table.columns.indexOf("participant"));
  const lines = new Map<string, number>();
  const orders = table.rows.map((row): AuctionOrder => {
    const order = orderOf(row, file, indices);
    const before = lines.get(order.orderId);
    if (before !== undefined) {
      const place = { file, line: row.line, column: "id" };
      throw new InputError(
        place,
        `order ${order.orderId} stands in line ${before} already; give each an id of its own`,
      );
    }
    lines.set(order.orderId, row.line);
    return order;
  });
  assertExact(orders, file);
  const known = new Set<string>([...needed, "participant"]);
  return { orders, ignored: table.columns.filter((column) => !known.has(column)) };
}

/** The same book as text. */
export function bookText(orders: readonly AuctionOrder[]): string {
  const rows = orders.map(({ side, orderId, arrival, energyWh, priceMicroPerKwh, participant }) =>
    [side, orderId, arrival, kwhText(energyWh), majorText(priceMicroPerKwh), participant].join(","),
  );
  return `${["side,id,arrival,energyKwh,pricePerKwh,participant", ...rows].join("\n")}\n`;
}

function orderOf(row: CsvRow, file: string, indices: ReadonlyMap<Column, number>): AuctionOrder {
  const cell = (column: Column): string => row.cells[indices.get(column) ?? -1] ?? "";
  const refuse = (column: Column, problem: string): never => {
    throw new InputError({ file, line: row.line, column }, problem);
  };
  const side = cell("side").toLowerCase();
  if (side !== "buy" && side !== "sell") return refuse("side", `"${cell("side")}" is no side; write buy or sell`);
  const orderId = cell("id");
  if (orderId === "") return refuse("id", "the order has no id; give each one of its own");
  const arrival = numberFromText(cell("arrival"));
  if (arrival === undefined) {
    return refuse("arrival", `"${cell("arrival")}" is no number; write when it came: 1, 2, 3, the later, the larger`);
  }
  const energyWh = gridNumber(cell("energyKwh"), 3);
  if (energyWh === undefined || energyWh <= 0) {
    return refuse("energyKwh", `"${cell("energyKwh")}" is no energy above 0 with at most 3 decimals; write 1.25`);
  }
  const price = gridNumber(cell("pricePerKwh"), 6);
  if (price === undefined) {
    return refuse("pricePerKwh", `"${cell("pricePerKwh")}" is no price with at most 6 decimals; write 0.125`);
  }
  if (Math.abs(price) > highestMicroPerKwh) {
    return refuse("pricePerKwh", `"${cell("pricePerKwh")}" is too large to count exactly; write at most 2e9`);
  }
  return {
    ...{ orderId, participant: cell("participant") || orderId, side, arrival },
    ...{ energyWh: wh(energyWh), priceMicroPerKwh: microPerKwh(price) },
  };
}

function gridNumber(text: string, decimals: 3 | 6): number | undefined {
  const value = numberFromText(text);
  return value === undefined ? undefined : onGrid(value, decimals);
}

/** Every sum of money that a mechanism can make of the book must be exact. */
function assertExact(orders: readonly AuctionOrder[], file: string): void {
  const total = orders.reduce((sum, { energyWh }) => sum + BigInt(energyWh), 0n);
  const highest = orders.reduce((most, { priceMicroPerKwh }) => Math.max(most, Math.abs(priceMicroPerKwh)), 1);
  const most = BigInt(Number.MAX_SAFE_INTEGER);
  if (total > most || total * BigInt(highest) > most * 1000n) {
    throw new InputError(
      { file },
      `all its energy at its highest price is too much money to count exactly (9.0e9 of the currency at most); split the book`,
    );
  }
}
