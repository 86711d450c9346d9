/**
 * The terms one market runs under: made from a scenario by the composition root, told to strangers as `public/market-info`.
 *
 * All whole numbers in the units of their names; instants in UTC milliseconds.
 */
import type { ParticipantRole } from "../shared/participant-id.js";
import type { MicroPerKwh, Watt, Wh } from "../shared/units.js";

export interface BiddingTerms {
  readonly mechanism: "uniform" | "listing";
  /** Where in the price interval the uniform price lies: 0 = low end, 1 = high end. */
  readonly k: number;
  readonly tie: "pro-rata" | "time";
  readonly minEnergyWh: Wh;
  readonly maxOrdersPerPeriod: number;
  readonly priceFloorMicroPerKwh: MicroPerKwh;
  readonly priceCapMicroPerKwh: MicroPerKwh;
}

export interface SettlementTerms {
  readonly imbalance: "promised";
  readonly imbalancePrice: "dual" | "single";
  /** Paid by buyer and seller alike for each traded kWh. */
  readonly serviceChargeMicroPerKwh: MicroPerKwh;
}

export interface CalendarTerms {
  readonly periodMinutes: 5 | 15 | 30 | 60;
  /** Ticks per period. */
  readonly rounds: number;
  /** Bidding opens that long before the gate. */
  readonly openMinutes: number;
  /** The gate closes that long before the exchange starts. */
  readonly gateMinutes: number;
  /** Readings are due that long after the period's end. */
  readonly meterDueMinutes: number;
  /** Bill date: that long after the period's end. */
  readonly billDays: number;
  /** Market time of the first tick. */
  readonly startMs: number;
  /** The run's number of delivery periods; undefined where it goes on for ever. */
  readonly periods: number | undefined;
}

export interface MemberTerms {
  readonly id: string;
  readonly role: ParticipantRole;
  readonly capacityW: Watt;
  readonly connectionPoint: string | null;
  readonly phase: string | null;
}

export interface MarketTerms {
  /** The market's name in its topics. */
  readonly market: string;
  readonly currency: string;
  readonly timezone: string;
  readonly seed: number;
  readonly bidding: BiddingTerms;
  readonly settlement: SettlementTerms;
  readonly calendar: CalendarTerms;
  readonly members: readonly MemberTerms[];
  /** A stranger who speaks under a free id becomes a member with this capacity; undefined: strangers are not registered. */
  readonly guestCapacityW: Watt | undefined;
  /** Commands of one participant that are heard per second of wall time, or per tick in lockstep. */
  readonly maxCommandsPerTick: number;
}
