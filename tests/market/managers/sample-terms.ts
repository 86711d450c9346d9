/** Terms of a small market: half hours in three ticks from midnight, bidding for an hour, gate an hour before the exchange. */

import type { CalendarTerms, MarketTerms, MemberTerms } from "../../../market/terms.js";
import { hourMs, isoUtc } from "../../../shared/time.js";
import { micro, microPerKwh, watt, wh } from "../../../shared/units.js";
import { plainSettlement } from "../rules/settlement-cases.js";

export const startMs = Date.UTC(2016, 7, 1);
export const tickMs = 600_000;
/** The first period: 02:00, bidding from 00:00 to 01:00; then 02:30, 03:00, 03:30. */
export const first = isoUtc(startMs + 2 * hourMs);
export const second = isoUtc(startMs + 2.5 * hourMs);
export const third = isoUtc(startMs + 3 * hourMs);
export const firstMs = startMs + 2 * hourMs;
export const secondMs = startMs + 2.5 * hourMs;
export const firstGateMs = startMs + hourMs;

export const calendar: CalendarTerms = {
  periodMinutes: 30,
  rounds: 3,
  openMinutes: 60,
  gateMinutes: 60,
  meterDueMinutes: 60,
  billDays: 1,
  startMs,
  periods: 4,
};

export function member(id: string, role: MemberTerms["role"] = "prosumer"): MemberTerms {
  return {
    ...{ id, role, capacityW: watt(role === "prosumer" ? 8000 : 0), connectionPoint: null, phase: null },
    ...{ creditLimitMicro: undefined, depositMicro: micro(0) },
  };
}

export const terms: MarketTerms = {
  market: "main",
  currency: "GBP",
  timezone: "Europe/London",
  seed: 1,
  bidding: {
    mechanism: "uniform",
    k: 0.5,
    tie: "pro-rata",
    minEnergyWh: wh(10),
    maxOrdersPerPeriod: 3,
    priceFloorMicroPerKwh: microPerKwh(-1_000_000),
    priceCapMicroPerKwh: microPerKwh(2_000_000),
  },
  settlement: { ...plainSettlement, serviceChargeMicroPerKwh: microPerKwh(1000) },
  calendar,
  members: [member("ann"), member("bob"), member("cat"), member("ann-meter", "meter")],
  creditLimitMicro: undefined,
  guestCapacityW: watt(5000),
  maxCommandsPerTick: 20,
};
