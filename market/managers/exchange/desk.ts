/** Everything the exchange manager's actions work on: its state, with one writer, the exchange actor; and the ways to the world. */
import type { Topics } from "../../../shared/topics.js";
import type { DoorMemory } from "../../door/door-memory.js";
import type { Reception } from "../../door/reception.js";
import type { Reading } from "../../facts.js";
import type { Journal, Log, Outbox } from "../../ports.js";
import type { MarketTerms } from "../../terms.js";
import type { Clock } from "../alarm.js";
import type { Link } from "../handover.js";
import type { Pending } from "../soon.js";
import type { ExchangeTimes } from "./exchange-period.machine.js";

export interface ExchangePorts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly link: Link;
  readonly journal: Journal;
  readonly log: Log;
  /** A pool trades all that neighbours take and feed in at once: nobody contracts anything before. */
  readonly pooled: boolean;
  /** Market time in which `maxCommandsPerTick` counts. */
  readonly rateWindowMs: number;
  /** Market time after which a change of phase is reported; 0: with the tick. */
  readonly leastReportIntervalMs: number;
}

export interface Position {
  boughtWh: number;
  soldWh: number;
  /** What it said at the gate that it will feed in (positive) or take, where imbalance is `full`. */
  notifiedWh?: number;
}

/** A reading, and whether a `meter` or the operator gave it: rules/standing-reading.ts. */
export interface TakenReading {
  readonly reading: Reading;
  readonly fromMeter: boolean;
  /** Then `fromMeter` holds too. */
  readonly fromOperator?: true;
}

export interface ExchangePeriodDesk {
  readonly times: ExchangeTimes;
  stage: "exchange" | "metering" | "metered";
  readonly readings: Map<string, TakenReading>;
}

/** All that its next answers depend on, as plain data. */
export interface ExchangeState {
  readonly door: DoorMemory;
  readonly periods: Map<number, ExchangePeriodDesk>;
  /** What everyone contracted, by period: from the gate to the end of metering. */
  readonly positions: Map<number, Map<string, Position>>;
  /** Number of the message that they are from. */
  readonly contractsTold: Map<number, number>;
  /** Readings that correct a period, in the order in which they came: told with the next tick. */
  readonly corrections: Map<number, Reading[]>;
  /** Whom a reading has been missing of: told once, until one comes. */
  readonly estimated: Set<string>;
  /** When a change of phase is reported that has not been yet. */
  readonly report: Pending;
  unknownEvents: number;
}

export interface ExchangeDesk extends ExchangeState {
  readonly terms: MarketTerms;
  readonly topics: Topics;
  readonly ports: ExchangePorts;
  readonly reception: Reception;
}
