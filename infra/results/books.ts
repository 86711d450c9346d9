/** The books of a run: facts of billed periods become rows of files, sums of the audit, and rows of periods.csv. */
import type { Fact, Reading, RegistrarFact, SettledPrices } from "../../market/facts.js";
import { auctionPrice } from "../../market/rules/auction-price.js";
import { addCuts, createCutSums } from "../../market/rules/cut-figures.js";
import { addMarket, createMarketQuality } from "../../market/rules/market-quality.js";
import { dayMs } from "../../shared/time.js";
import type { MicroPerKwh } from "../../shared/units.js";
import { afterCuts } from "./after-cuts.js";
import { createAudit } from "./audit.js";
import type { CsvFile } from "./csv-file.js";
import { createPeriodRows } from "./period-rows.js";
import {
  billRows,
  contractRow,
  cutRow,
  ledgerRow,
  meterRow,
  orderRow,
  positionRow,
  type ResultFile,
  statementRow,
  tariffRow,
  tradeRow,
} from "./rows.js";

/** A reading is corrected no later than that after its period (contract.md: 90 days by default). */
const correctionLimitMs = 91 * dayMs;

/** A fact that belongs to one period. */
export type PeriodFact = Exclude<Fact, { type: "rejected" | "billed" | "head" } | RegistrarFact>;

const ofNoPeriod: ReadonlySet<Fact["type"]> = new Set<Exclude<Fact["type"], PeriodFact["type"]>>([
  ...["rejected", "billed", "head"],
  ...["account", "invitation", "draft", "draft-dropped", "offer", "customer", "payment", "policy", "answered"],
] as const);

export function isOfPeriod(fact: Fact): fact is PeriodFact {
  return !ofNoPeriod.has(fact.type);
}

/** Start of that period. */
export function periodOf(fact: PeriodFact): number {
  if (fact.type === "cleared") return fact.price.periodMs;
  if (fact.type === "entry") return fact.entry.periodMs;
  if (fact.type === "settled") return fact.prices.periodMs;
  return fact.type === "bill" ? fact.bill.periodMs : fact.periodMs;
}

/** Enters the facts of billed periods into files and sums. */
export function createBooks(files: Readonly<Record<ResultFile, CsvFile>>) {
  const audit = createAudit();
  const rows = createPeriodRows();
  const quality = createMarketQuality();
  const cuts = createCutSums();
  /** Readings by period and participant, as long as a correction may come. */
  const readings = new Map<number, Map<string, Reading>>();

  /** What tariffs.csv says last of each participant. */
  const tariffs = new Map<string, string>();

  const settled = (prices: SettledPrices): void => {
    rows.settled(prices);
    for (const tariff of prices.tariffs) {
      const text = `${tariff.supplier},${tariff.importMicroPerKwh},${tariff.exportMicroPerKwh}`;
      if (tariffs.get(tariff.participant) === text) continue;
      tariffs.set(tariff.participant, text);
      files.tariffs.write(tariffRow(prices.periodMs, tariff));
    }
  };

  const meter = (periodMs: number, reading: Reading): void => {
    const known = readings.get(periodMs) ?? new Map<string, Reading>();
    readings.set(periodMs, known);
    const before = known.get(reading.participant);
    known.set(reading.participant, reading);
    rows.metered(periodMs, reading, before);
    audit.metered(periodMs, reading, before);
    files.meters.write(meterRow(periodMs, reading));
  };

  /** @param clearingPrice of the period's auction, for receipts */
  const enter = (fact: PeriodFact, clearingPrice: MicroPerKwh | null = null): void => {
    switch (fact.type) {
      case "fate":
        files.orders.write(orderRow(fact.periodMs, fact.fate, clearingPrice));
        break;
      case "trade":
        files.trades.write(tradeRow(fact.periodMs, fact.trade));
        break;
      case "cut":
        for (const order of fact.orders) files.cuts.write(cutRow(fact.periodMs, order));
        break;
      case "cleared":
        rows.priced(fact.price);
        break;
      case "contract":
        files.contracts.write(
          contractRow(fact.periodMs, fact.participant, fact.energyWh, fact.valueMicro, fact.lostWh),
        );
        break;
      case "metered":
        meter(fact.periodMs, fact.reading);
        break;
      case "entry":
        audit.booked(fact.entry);
        files.ledger.write(ledgerRow(fact.entry));
        break;
      case "bill":
        audit.billed(fact.bill);
        for (const row of billRows(fact.bill)) files.bills.write(row);
        files.statements.write(statementRow(fact.bill));
        break;
      case "settled":
        settled(fact.prices);
        break;
      case "notified":
        for (const position of fact.positions) files.positions.write(positionRow(fact.periodMs, position));
    }
  };

  /** Forgets the readings that no correction can reach any more. */
  const close = (periodMs: number): void => {
    readings.delete(periodMs - correctionLimitMs);
  };

  /** Enters all facts of a period that is billed. */
  const enterPeriod = (periodMs: number, told: readonly PeriodFact[]): void => {
    const { facts, made, after } = afterCuts(told);
    const clearingPrice = auctionPrice(made);
    for (const fact of facts) enter(fact, clearingPrice);
    for (const trade of after.trades) audit.traded(periodMs, trade);
    const orders = facts.flatMap((fact) => (fact.type === "book" ? fact.orders : []));
    addMarket(quality, orders, after.trades);
    addCuts(cuts, made, after);
  };

  return { audit, rows, quality, cuts, enter, enterPeriod, close };
}
