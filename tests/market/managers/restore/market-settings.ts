/** Markets whose managers are stopped and restored: between them every kind of mechanism, credit, both imbalances, told at ticks and soon. */
import { billSharing } from "../../../../market/rules/mechanisms/bill-sharing.js";
import { continuous } from "../../../../market/rules/mechanisms/continuous.js";
import type { Mechanism } from "../../../../market/rules/mechanisms/mechanism.js";
import { midMarketRate } from "../../../../market/rules/mechanisms/mid-market-rate.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import { vcg } from "../../../../market/rules/mechanisms/vcg.js";
import type { MarketTerms } from "../../../../market/terms.js";
import { dayMs, hourMs } from "../../../../shared/time.js";
import { micro } from "../../../../shared/units.js";
import { member, terms as sampleTerms, startMs } from "../sample-terms.js";
import type { Setting } from "./manager-life.js";

/** Hours in four ticks, bidding for two of them, readings due after one, bills after a day: many periods are alive in every phase. */
const calendar: MarketTerms["calendar"] = {
  ...{ periodMinutes: 60, rounds: 4, openMinutes: 120, gateMinutes: 60, meterDueMinutes: 60, billDays: 1 },
  ...{ startMs, periods: 28 },
};

/** Ann and bob have limits, cat and dan have none; ann-meter reads for all. */
const members = [
  { ...member("ann"), creditLimitMicro: micro(300_000) },
  { ...member("bob"), creditLimitMicro: micro(0), depositMicro: micro(500_000) },
  ...[member("cat"), member("dan"), member("ann-meter", "meter")],
];

function termsWith(mechanism: Mechanism, changes: Partial<MarketTerms>): MarketTerms {
  return {
    ...{ ...sampleTerms, calendar, members, maxCommandsPerTick: 1 },
    ...{ creditLimitMicro: micro(100_000), ...changes },
    bidding: { ...sampleTerms.bidding, mechanism: mechanism.name, maxOrdersPerPeriod: 6 },
  };
}

const fullImbalance = { settlement: { ...sampleTerms.settlement, imbalance: "full" as const } };
const shared = { settlement: { ...sampleTerms.settlement, funder: "shared" } };
const months = {
  calendar: { ...calendar, monthStartsMs: [startMs - 31 * dayMs, startMs + 12 * hourMs, startMs + 40 * dayMs] },
};

export const settings: readonly (readonly [name: string, setting: Setting])[] = [
  [
    "one auction at the gate, imbalance in full",
    { terms: termsWith(uniform, fullImbalance), mechanism: uniform, leastIntervalMs: 0 },
  ],
  [
    "two prices, paid for by all, told soon",
    { terms: termsWith(vcg, shared), mechanism: vcg, leastIntervalMs: 60_000 },
  ],
  [
    "trading at once, told soon",
    { terms: termsWith(continuous, {}), mechanism: continuous, leastIntervalMs: 1_200_000 },
  ],
  [
    "a pool that prices each period",
    { terms: termsWith(midMarketRate, {}), mechanism: midMarketRate, leastIntervalMs: 0 },
  ],
  [
    "a pool that prices a month",
    { terms: termsWith(billSharing, months), mechanism: billSharing, leastIntervalMs: 60_000 },
  ],
];
