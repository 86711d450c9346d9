/** Facts as rows of the result files. Source of the headers: docs/results-format.md. */
import type {
  Bill,
  CutOrder,
  LedgerEntry,
  NotifiedPosition,
  OrderFate,
  Reading,
  SettledPrices,
  StatementHead,
  Trade,
} from "../../market/facts.js";
import { isoUtc } from "../../shared/time.js";
import type { MicroPerKwh } from "../../shared/units.js";
import type { Row } from "./csv-file.js";
import { kwhText, majorText, majorTextOrEmpty } from "./decimal-text.js";
import type { PeriodRow } from "./period-rows.js";

export const headers = {
  orders:
    "orderId,period,participant,side,energyKwh,pricePerKwh,limitPricePerKwh,acceptedAt,biddingCycle,outcome,tradedKwh,why,wouldTradeAtPerKwh,rank,cutKwh,clearingPricePerKwh",
  trades: "period,buyer,seller,energyKwh,pricePerKwh,mechanism,buyOrder,sellOrder,sellerPricePerKwh",
  cuts: "period,orderId,participant,side,cutKwh,askedKwh,element,limit,value",
  contracts: "period,participant,energyKwh,value,lostKwh",
  meters: "period,participant,importKwh,exportKwh,generationKwh,quality",
  bills: "billId,period,participant,kind,energyKwh,pricePerKwh,amount,orderId,name",
  statements: "billId,period,participant,contractedKwh,meteredKwh,total,previous,hash",
  heads: "day,head,signature,statements",
  tariffs: "from,participant,supplier,importPerKwh,exportPerKwh",
  positions: "period,participant,energyKwh",
  periods:
    "period,pricePerKwh,volumeKwh,importKwh,exportKwh,generationKwh,consumptionKwh,systemBuyPerKwh,systemSellPerKwh,poolBuyPerKwh,poolSellPerKwh,carbonGramPerKwh",
  ledger: "entry,period,debit,credit,amount,reason",
} as const;
export type ResultFile = keyof typeof headers;

/** One participant's prices with its supplier. */
export type SettledTariff = SettledPrices["tariffs"][number];

let lastText = { periodMs: Number.NaN, text: "" };

/** Rows of a period stand together: its text is made once for them all. */
function periodText(periodMs: number): string {
  if (periodMs !== lastText.periodMs) lastText = { periodMs, text: isoUtc(periodMs) };
  return lastText.text;
}

/** @param clearingPrice of the period's auction */
export function orderRow(periodMs: number, fate: OrderFate, clearingPrice: MicroPerKwh | null): Row {
  return [
    fate.orderId,
    periodText(periodMs),
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
    kwhText(fate.cutWh ?? 0),
    majorTextOrEmpty(clearingPrice),
  ];
}

export function tradeRow(periodMs: number, trade: Trade): Row {
  const { buyer, seller, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh, mechanism, buyOrder, sellOrder } = trade;
  return [
    periodText(periodMs),
    buyer,
    seller,
    kwhText(energyWh),
    majorText(priceMicroPerKwh),
    mechanism,
    buyOrder,
    sellOrder,
    majorTextOrEmpty(sellerPriceMicroPerKwh),
  ];
}

export function cutRow(periodMs: number, { orderId, participant, side, cutWh, askedWh, cause }: CutOrder): Row {
  const why = cause === undefined ? ["", "", ""] : [cause.element, String(cause.limit), String(cause.value)];
  return [periodText(periodMs), orderId, participant, side, kwhText(cutWh), kwhText(askedWh), ...why];
}

/** @param lostWh to the DSO's cuts, by who both buys and sells and was not named */
export function contractRow(
  periodMs: number,
  participant: string,
  energyWh: number,
  valueMicro: number,
  lostWh = 0,
): Row {
  return [periodText(periodMs), participant, kwhText(energyWh), majorText(valueMicro), kwhText(lostWh)];
}

export function meterRow(periodMs: number, reading: Reading): Row {
  const { participant, importWh, exportWh, generationWh, quality } = reading;
  return [periodText(periodMs), participant, kwhText(importWh), kwhText(exportWh), kwhText(generationWh), quality];
}

/** One row for each line. */
export function billRows(bill: Bill): Row[] {
  return bill.lines.map(({ kind, energyWh, priceMicroPerKwh, amountMicro, orderId, name }) => [
    bill.billId,
    periodText(bill.periodMs),
    bill.participant,
    kind,
    kwhText(energyWh),
    majorText(priceMicroPerKwh),
    majorText(amountMicro),
    orderId ?? "",
    name ?? "",
  ]);
}

/** What the bill says beside its lines. */
export function statementRow(bill: Bill): Row {
  const { billId, periodMs, participant, contractedWh, meteredWh, totalMicro, previous, hash } = bill;
  const [contracted, metered] = [kwhText(contractedWh), kwhText(meteredWh)];
  return [billId, periodText(periodMs), participant, contracted, metered, majorText(totalMicro), previous, hash];
}

/** `statements`: how many rows of statements.csv the head covers. */
export function headRow({ day, head, signature }: StatementHead, statements: number): Row {
  return [day, head, signature, String(statements)];
}

export function tariffRow(fromMs: number, tariff: SettledTariff): Row {
  const { participant, supplier, importMicroPerKwh, exportMicroPerKwh } = tariff;
  return [isoUtc(fromMs), participant, supplier, majorText(importMicroPerKwh), majorText(exportMicroPerKwh)];
}

export function positionRow(periodMs: number, { participant, energyWh }: NotifiedPosition): Row {
  return [periodText(periodMs), participant, kwhText(energyWh)];
}

export function ledgerRow({ entry, periodMs, debit, credit, amountMicro, reason }: LedgerEntry): Row {
  return [String(entry), periodText(periodMs), debit, credit, majorText(amountMicro), reason];
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
    majorTextOrEmpty(row.prices?.systemBuyMicroPerKwh),
    majorTextOrEmpty(row.prices?.systemSellMicroPerKwh),
    majorTextOrEmpty(row.prices?.pool?.buyMicroPerKwh),
    majorTextOrEmpty(row.prices?.pool?.sellMicroPerKwh),
    row.prices?.carbonMilligramPerKwh === undefined ? "" : kwhText(row.prices.carbonMilligramPerKwh),
  ];
}
