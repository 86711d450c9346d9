/** Rows of result files read back as the facts they were written from: the inverse of rows.ts. */
import { basename } from "node:path";
import type { CutOrder, OrderFate, OrderOutcome, Reading, Side, Trade } from "../../market/facts.js";
import { instantFromIso } from "../../shared/time.js";
import { type Micro, type MicroPerKwh, micro, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { CsvRow } from "./csv-reader.js";
import { wholeFromText } from "./decimal-text.js";
import { Difference } from "./difference.js";
import { headers, type ResultFile, type SettledTariff } from "./rows.js";

/** The cells of one row by the names of their columns. @throws Difference where a cell is not of its kind. */
export class Cells {
  private readonly columns: ReadonlyMap<string, number>;

  constructor(
    private readonly file: string,
    private readonly row: CsvRow,
  ) {
    this.columns = columnsOf(basename(file, ".csv") as ResultFile);
  }

  text(column: string): string {
    return this.row.cells[this.columns.get(column) ?? -1] ?? "";
  }

  oneOf<T extends string>(column: string, allowed: readonly T[]): T {
    const text = this.text(column);
    if ((allowed as readonly string[]).includes(text)) return text as T;
    return this.refuse(column, `one of ${allowed.join(", ")}`);
  }

  instantMs(column: string): number {
    return instantFromIso(this.text(column)) ?? this.refuse(column, "an instant such as 2016-08-01T00:30:00Z");
  }

  count(column: string): number {
    const value = wholeFromText(this.text(column), 0);
    return value === undefined || value < 0 ? this.refuse(column, "a whole number") : value;
  }

  wh(column: string): Wh {
    return wh(this.whole(column, 3));
  }

  micro(column: string): Micro {
    return micro(this.whole(column, 6));
  }

  price(column: string): MicroPerKwh {
    return microPerKwh(this.whole(column, 6));
  }

  /** Null where the cell is empty. */
  priceOrNull(column: string): MicroPerKwh | null {
    return this.text(column) === "" ? null : this.price(column);
  }

  /** Any number; an empty cell is 0. */
  number(column: string): number {
    const value = Number(this.text(column));
    return Number.isFinite(value) ? value : this.refuse(column, "a number");
  }

  private whole(column: string, decimals: 3 | 6): number {
    const expected = `a number with at most ${decimals} decimals and no zeros at its end`;
    return wholeFromText(this.text(column), decimals) ?? this.refuse(column, expected);
  }

  private refuse(column: string, expected: string): never {
    const found = this.text(column) === "" ? "nothing" : this.text(column);
    const meaning = "no run writes such a cell";
    throw new Difference({ file: this.file, line: this.row.line, column }, { expected, found, meaning });
  }
}

const columnsByFile = new Map<ResultFile, ReadonlyMap<string, number>>();

function columnsOf(file: ResultFile): ReadonlyMap<string, number> {
  const known = columnsByFile.get(file);
  if (known !== undefined) return known;
  const columns = new Map((headers[file] as string).split(",").map((name, index) => [name, index]));
  columnsByFile.set(file, columns);
  return columns;
}

const sides: readonly Side[] = ["buy", "sell"];
const outcomes: readonly OrderOutcome[] = ["filled", "partly", "unfilled", "lapsed", "cancelled", "withdrawn"];
const qualities: readonly Reading["quality"][] = ["actual", "provisional", "estimated"];

export function fateFrom(cells: Cells): OrderFate {
  return {
    orderId: cells.text("orderId"),
    participant: cells.text("participant"),
    side: cells.oneOf("side", sides),
    energyWh: cells.wh("energyKwh"),
    limitPriceMicroPerKwh: cells.price("limitPricePerKwh"),
    acceptedAtMs: cells.instantMs("acceptedAt"),
    biddingCycle: cells.count("biddingCycle"),
    outcome: cells.oneOf("outcome", outcomes),
    tradedWh: cells.wh("tradedKwh"),
    tradedPriceMicroPerKwh: cells.priceOrNull("pricePerKwh"),
    why: cells.text("why"),
    wouldTradeAtMicroPerKwh: cells.priceOrNull("wouldTradeAtPerKwh"),
    rank: cells.text("rank") === "" ? null : cells.count("rank"),
    ...(cells.text("cutKwh") === "0" ? {} : { cutWh: cells.wh("cutKwh") }),
  };
}

export function cutFrom(cells: Cells): CutOrder {
  const askedWh = cells.wh("askedKwh");
  const cause = { element: cells.text("element"), limit: cells.number("limit"), value: cells.number("value") };
  return {
    orderId: cells.text("orderId"),
    participant: cells.text("participant"),
    side: cells.oneOf("side", sides),
    cutWh: cells.wh("cutKwh"),
    askedWh,
    cause: askedWh > 0 ? cause : undefined,
  };
}

export function tradeFrom(cells: Cells): Trade {
  const sellerPrice = cells.priceOrNull("sellerPricePerKwh");
  return {
    buyer: cells.text("buyer"),
    seller: cells.text("seller"),
    energyWh: cells.wh("energyKwh"),
    priceMicroPerKwh: cells.price("pricePerKwh"),
    ...(sellerPrice === null ? {} : { sellerPriceMicroPerKwh: sellerPrice }),
    mechanism: cells.text("mechanism"),
    buyOrder: cells.text("buyOrder"),
    sellOrder: cells.text("sellOrder"),
  };
}

export function readingFrom(cells: Cells): Reading {
  return {
    participant: cells.text("participant"),
    importWh: cells.wh("importKwh"),
    exportWh: cells.wh("exportKwh"),
    generationWh: cells.wh("generationKwh"),
    quality: cells.oneOf("quality", qualities),
  };
}

export function tariffFrom(cells: Cells): SettledTariff {
  return {
    participant: cells.text("participant"),
    supplier: cells.text("supplier"),
    importMicroPerKwh: cells.price("importPerKwh"),
    exportMicroPerKwh: cells.price("exportPerKwh"),
  };
}
