/** Hand-made facts of periods in which h1 buys 0.4 kWh of h2, takes 0.55 kWh and is supplied with the rest. */
import type { Bill, BillLine, Fact, LedgerEntry, Reading } from "../../../market/facts.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";

export const firstPeriodMs = Date.UTC(2016, 7, 1, 2, 0);
export const halfHourMs = 30 * 60_000;

const price = microPerKwh(98_000);

export function reading(
  participant: string,
  importWh: number,
  exportWh: number,
  quality: Reading["quality"] = "actual",
): Reading {
  return { participant, importWh: wh(importWh), exportWh: wh(exportWh), generationWh: wh(exportWh), quality };
}

function line(
  kind: BillLine["kind"],
  energyWh: number,
  priceMicroPerKwh: number,
  amountMicro: number,
  orderId?: string,
): BillLine {
  const sums = {
    energyWh: wh(energyWh),
    priceMicroPerKwh: microPerKwh(priceMicroPerKwh),
    amountMicro: micro(amountMicro),
  };
  return { kind, ...sums, ...(orderId === undefined ? {} : { orderId }) };
}

export function bill(
  billId: string,
  periodMs: number,
  participant: string,
  meteredWh: number,
  lines: BillLine[],
): Bill {
  const totalMicro = micro(lines.reduce((sum, { amountMicro }) => sum + amountMicro, 0));
  return {
    billId,
    periodMs,
    participant,
    contractedWh: wh(0),
    meteredWh: wh(meteredWh),
    lines,
    totalMicro,
    previous: "",
    hash: "",
  };
}

function entry(
  number: number,
  periodMs: number,
  debit: string,
  credit: string,
  amountMicro: number,
  reason: string,
): LedgerEntry {
  return { entry: number, periodMs, debit, credit, amountMicro: micro(amountMicro), reason };
}

/** The facts of one period up to its metering. `index` numbers periods from 0. */
export function tradedFacts(index: number): Fact[] {
  const periodMs = firstPeriodMs + index * halfHourMs;
  return [
    {
      type: "fate",
      periodMs,
      fate: {
        orderId: `o${index}`,
        participant: "h1",
        side: "buy",
        energyWh: wh(500),
        limitPriceMicroPerKwh: microPerKwh(120_000),
        acceptedAtMs: firstPeriodMs - 7_200_000,
        biddingCycle: 4,
        outcome: "partly",
        tradedWh: wh(400),
        tradedPriceMicroPerKwh: price,
        why: 'at the margin, shared "pro rata"',
        wouldTradeAtMicroPerKwh: microPerKwh(98_500),
        rank: 7,
      },
    },
    {
      type: "trade",
      periodMs,
      trade: {
        buyer: "h1",
        seller: "h2",
        energyWh: wh(400),
        priceMicroPerKwh: price,
        mechanism: "uniform",
        buyOrder: `o${index}`,
        sellOrder: `s${index}`,
      },
    },
    { type: "cleared", price: { periodMs, priceMicroPerKwh: price, volumeWh: wh(400) } },
    { type: "contract", periodMs, participant: "h1", energyWh: wh(-400), valueMicro: micro(-39_200) },
    { type: "contract", periodMs, participant: "h2", energyWh: wh(400), valueMicro: micro(39_200) },
  ];
}

/** Metering, ledger and bills of the same period, its last fact included. h2 delivers 0.3 of its 0.4 kWh. */
export function settledFacts(index: number): Fact[] {
  const periodMs = firstPeriodMs + index * halfHourMs;
  const first = 1 + index * 3;
  const bought = [line("trade", -400, 98_000, -39_200, `o${index}`), line("supply", -150, 145_700, -21_855)];
  const sold = [line("trade", 400, 98_000, 39_200, `s${index}`), line("imbalance", -100, 160_000, -16_000)];
  return [
    { type: "metered", periodMs, reading: reading("h1", 550, 0), correction: false },
    { type: "metered", periodMs, reading: reading("h2", 0, 300, "estimated"), correction: false },
    { type: "entry", entry: entry(first, periodMs, "participant:h1", "participant:h2", 39_200, "trade") },
    { type: "entry", entry: entry(first + 1, periodMs, "participant:h1", "supplier:retail1", 21_855, "supply") },
    { type: "entry", entry: entry(first + 2, periodMs, "participant:h2", "supplier:retail1", 16_000, "imbalance") },
    { type: "bill", bill: bill(`b${2 * index + 1}`, periodMs, "h1", -550, bought) },
    { type: "bill", bill: bill(`b${2 * index + 2}`, periodMs, "h2", 300, sold) },
    { type: "billed", periodMs },
  ];
}

/** After the bills: h2's meter reads 0.35 kWh, so that it was short of only 0.05. */
export function correctionFacts(index: number, entryNumber: number): Fact[] {
  const periodMs = firstPeriodMs + index * halfHourMs;
  const correction = line("correction", 50, 160_000, 8_000);
  return [
    { type: "metered", periodMs, reading: reading("h2", 0, 350), correction: true },
    { type: "entry", entry: entry(entryNumber, periodMs, "supplier:retail1", "participant:h2", 8_000, "correction") },
    { type: "bill", bill: bill("b99", periodMs, "h2", 350, [correction]) },
  ];
}
