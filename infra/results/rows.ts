/** Facts as rows of the result files. Source of the headers: docs/results-format.md. */
import type { Bill, LedgerEntry, OrderFate, Reading, Trade } from "../../market/facts.js";
import { isoUtc } from "../../shared/time.js";
import type { Row } from "./csv-file.js";
import { kwhText, majorText, majorTextOrEmpty } from "./decimal-text.js";
import type { PeriodRow } from "./period-rows.js";

export const headers = {
  orders:
    "orderId,period,participant,side,energyKwh,pricePerKwh,limitPricePerKwh,acceptedAt,biddingCycle,outcome,tradedKwh,why,wouldTradeAtPerKwh,rank",
  trades: "period,buyer,seller,energyKwh,pricePerKwh,mechanism,buyOrder,sellOrder",
  contracts: "period,participant,energyKwh,value",
  meters: "period,participant,importKwh,exportKwh,generationKwh,quality",
  bills: "billId,period,participant,kind,energyKwh,pricePerKwh,amount",
  periods: "period,pricePerKwh,volumeKwh,importKwh,exportKwh,generationKwh,consumptionKwh",
  ledger: "entry,period,debit,credit,amount,reason",
} as const;
export type ResultFile = keyof typeof headers;

export function orderRow(periodMs: number, fate: OrderFate): Row {
  return [
    fate.orderId,
    isoUtc(periodMs),
    fate.participant,
    fate.side,
    kwhText(fate.energyWh),
    majorTextOrEmpty(fate.tradedPriceMicroPerKwh),
    majorText(fate.limitPriceMicroPerKwh),
    isoUtc(fate.acceptedAtMs),
    String(fate.biddingCycle),
    fate.outcome,
    kwhText(fate.tradedWh),
    fate.why,
    majorTextOrEmpty(fate.wouldTradeAtMicroPerKwh),
    fate.rank === null ? "" : String(fate.rank),
  ];
}

export function tradeRow(periodMs: number, trade: Trade): Row {
  const { buyer, seller, energyWh, priceMicroPerKwh, mechanism, buyOrder, sellOrder } = trade;
  return [
    isoUtc(periodMs),
    buyer,
    seller,
    kwhText(energyWh),
    majorText(priceMicroPerKwh),
    mechanism,
    buyOrder,
    sellOrder,
  ];
}

export function contractRow(periodMs: number, participant: string, energyWh: number, valueMicro: number): Row {
  return [isoUtc(periodMs), participant, kwhText(energyWh), majorText(valueMicro)];
}

export function meterRow(periodMs: number, reading: Reading): Row {
  const { participant, importWh, exportWh, generationWh, quality } = reading;
  return [isoUtc(periodMs), participant, kwhText(importWh), kwhText(exportWh), kwhText(generationWh), quality];
}

/** One row for each line. */
export function billRows(bill: Bill): Row[] {
  return bill.lines.map(({ kind, energyWh, priceMicroPerKwh, amountMicro }) => [
    bill.billId,
    isoUtc(bill.periodMs),
    bill.participant,
    kind,
    kwhText(energyWh),
    majorText(priceMicroPerKwh),
    majorText(amountMicro),
  ]);
}

export function ledgerRow({ entry, periodMs, debit, credit, amountMicro, reason }: LedgerEntry): Row {
  return [String(entry), isoUtc(periodMs), debit, credit, majorText(amountMicro), reason];
}

export function periodRow(row: PeriodRow): Row {
  return [
    isoUtc(row.periodMs),
    majorTextOrEmpty(row.priceMicroPerKwh),
    kwhText(row.volumeWh),
    kwhText(row.importWh),
    kwhText(row.exportWh),
    kwhText(row.generationWh),
    kwhText(row.consumptionWh),
  ];
}
