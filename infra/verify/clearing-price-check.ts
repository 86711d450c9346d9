/** What each receipt of a period tells of the price at which its auction cleared, against the trades of its gate. */
import type { Trade } from "../../market/facts.js";
import { auctionPrice } from "../../market/rules/auction-price.js";
import type { CsvRow } from "../results/csv-reader.js";
import { majorTextOrEmpty } from "../results/decimal-text.js";
import { Difference } from "../results/difference.js";
import { readRows } from "./period-streams.js";

/** @param made the trades as they were made @throws Difference at the first order that is told another price. */
export function checkClearingPrice(file: string, orders: readonly CsvRow[], made: readonly Trade[]): void {
  const column = "clearingPricePerKwh";
  const price = auctionPrice(made);
  for (const { row, fact } of readRows(file, orders, (cells) => cells.priceOrNull(column))) {
    if (fact === price) continue;
    const told = { expected: majorTextOrEmpty(price), found: majorTextOrEmpty(fact) };
    const meaning = "this is not what the auction's trades cost on average";
    throw new Difference({ file, line: row.line, column }, { ...told, meaning });
  }
}
