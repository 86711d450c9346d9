/**
 * The terms one market runs under: made from a scenario by the composition root, told to strangers as `public/market-info`.
 *
 * All whole numbers in the units of their names; instants in UTC milliseconds.
 */
import type { ParticipantRole } from "../shared/participant-id.js";
import type { Micro, MicroPerKwh, Watt, Wh } from "../shared/units.js";

export interface BiddingTerms {
  /** One of rules/mechanisms/mechanism.ts, or the name of a mechanism of one's own. */
  readonly mechanism: string;
  /** Where in the price interval the uniform price lies: 0 = low end, 1 = high end. */
  readonly k: number;
  readonly tie: "pro-rata" | "time";
  readonly minEnergyWh: Wh;
  readonly maxOrdersPerPeriod: number;
  readonly priceFloorMicroPerKwh: MicroPerKwh;
  readonly priceCapMicroPerKwh: MicroPerKwh;
}

/** What is paid for each kWh drawn from the network beside its price. */
export interface LevyTerms {
  readonly name: string;
  readonly microPerKwh: MicroPerKwh;
}

export interface SettlementTerms {
  /** Rule 2: only promised energy not delivered or not taken, or all that differs from the notified position. */
  readonly imbalance: "promised" | "full";
  readonly imbalancePrice: "dual" | "single";
  /** Paid by buyer and seller alike for each traded kWh. */
  readonly serviceChargeMicroPerKwh: MicroPerKwh;
  /** Paid by buyer and seller alike of the value they trade, in millionths of it. */
  readonly serviceChargeMillionths: number;
  /** For each kWh drawn from the network. */
  readonly gridFeeMicroPerKwh: MicroPerKwh;
  /** The same for what is drawn against a local contract. */
  readonly localGridFeeMicroPerKwh: MicroPerKwh;
  readonly levies: readonly LevyTerms[];
  /** Value added tax on what a participant pays, in millionths of it. */
  readonly vatMillionths: number;
  /** Paid by each participant for each day (UTC), shared out over its periods. */
  readonly standingChargeMicroPerDay: Micro;
  /**
   * Rule 7: who bears what a truthful auction leaves over or lacks. A name: that account. `shared`: the participants, for each traded kWh.
   * Undefined: the account `mechanism` keeps it, allowed in simulation only.
   */
  readonly funder: string | undefined;
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
  /** Bill date: that long after the period's end, or after the end of what is billed together. */
  readonly billDays: number;
  /** Readings may be corrected that long after the period's end; 90 where it is not said. */
  readonly correctionDays?: number | undefined;
  /**
   * Where one price pair holds for a month (bill sharing): the instants at which local calendar months begin, rising, from the one that holds the
   * first period to one after the last. Undefined: each period is priced by itself.
   */
  readonly monthStartsMs?: readonly number[];
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
  /** Rule 5: how far below 0 its free funds may go, as a positive amount; 0: prepaid. Undefined: no limit. */
  readonly creditLimitMicro: Micro | undefined;
  /** Paid in before the run. */
  readonly depositMicro: Micro;
  /** Who sends for it, in batches; undefined: it alone. */
  readonly gateway?: string | undefined;
  /** Undefined: active. `left`: only its meter readings are taken. */
  readonly standing?: "suspended" | "left" | undefined;
  /** First delivery period that it takes part in; undefined: all. */
  readonly fromMs?: number | undefined;
  /** First that it takes no part in any more; undefined: none is known. */
  readonly untilMs?: number | undefined;
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
  /** Rule 5: the limit of whoever has none of its own. Undefined: money limits nobody who has none. */
  readonly creditLimitMicro: Micro | undefined;
  /** A stranger who speaks under a free id becomes a member with this capacity; undefined: strangers are not registered. */
  readonly guestCapacityW: Watt | undefined;
  /** Commands of one participant that are heard per second of wall time, or per tick in lockstep. */
  readonly maxCommandsPerTick: number;
}
