/** periods.csv: read before all else for the prices that periods were settled at, compared at the end with what the other files give. */
import type { PeriodPrice, Trade } from "../../market/facts.js";
import { firstPeriod } from "../../market/managers/calendar.js";
import { energyOf } from "../../market/rules/cut-figures.js";
import { nearestAveragePrice, turnoverOf } from "../../market/rules/value.js";
import { isoUtc, minuteMs } from "../../shared/time.js";
import { wh } from "../../shared/units.js";
import { type CsvRow, csvReader } from "../results/csv-reader.js";
import { Difference } from "../results/difference.js";
import type { BoundaryPrices, PeriodRows } from "../results/period-rows.js";
import { Cells } from "../results/row-facts.js";
import { headers, periodRow } from "../results/rows.js";
import type { ResultTerms } from "../results/terms-file.js";
import { compareRow } from "./expected-rows.js";

export interface PeriodEntry {
  readonly periodMs: number;
  readonly row: CsvRow;
  readonly prices: BoundaryPrices;
}

export interface PeriodTable {
  readonly entries: readonly PeriodEntry[];
  readonly digest: string;
  /** @throws Difference at the first row that is not the one given. */
  compare(rows: PeriodRows): void;
}

/** @throws Difference where the periods do not follow one another from the run's first. */
export function readPeriodTable(folder: string, { market }: ResultTerms): PeriodTable {
  const file = `${folder}/periods.csv`;
  const reader = csvReader(file, headers.periods);
  const entries: PeriodEntry[] = [];
  let expectedMs = firstPeriod(market.calendar);
  for (const row of reader.rows()) {
    const cells = new Cells(file, row);
    const periodMs = cells.instantMs("period");
    if (periodMs !== expectedMs) {
      const told = { expected: isoUtc(expectedMs), found: cells.text("period"), meaning: "periods follow one another" };
      throw new Difference({ file, line: row.line, column: "period" }, told);
    }
    entries.push({ periodMs, row, prices: pricesFrom(cells) });
    expectedMs += market.calendar.periodMinutes * minuteMs;
  }
  const path = { path: file, name: "periods", meaning: "trades, meters and settlement give another row" } as const;
  return {
    entries,
    digest: reader.digest(),
    compare: (rows) => {
      for (const { periodMs, row } of entries) compareRow(path, row, periodRow(rows.rowOf(periodMs)));
    },
  };
}

function pricesFrom(cells: Cells): BoundaryPrices {
  const buy = cells.priceOrNull("poolBuyPerKwh");
  return {
    systemBuyMicroPerKwh: cells.price("systemBuyPerKwh"),
    systemSellMicroPerKwh: cells.price("systemSellPerKwh"),
    pool: buy === null ? undefined : { buyMicroPerKwh: buy, sellMicroPerKwh: cells.price("poolSellPerKwh") },
    carbonMilligramPerKwh: cells.text("carbonGramPerKwh") === "" ? undefined : cells.wh("carbonGramPerKwh"),
  };
}

/** What a period is told to have had: the average over the trades of its gate, and the energy of those that stand. */
export function priceOf(periodMs: number, made: readonly Trade[], standing: readonly Trade[]): PeriodPrice {
  const priceMicroPerKwh = nearestAveragePrice(turnoverOf(made), energyOf(made));
  return { periodMs, priceMicroPerKwh, volumeWh: wh(energyOf(standing)) };
}
