/** Everything the bidding manager's actions work on: plain data with one writer, the bidding actor; and the ways to the world. */
import type { Topics } from "../../../shared/topics.js";
import type { DoorMemory } from "../../door/door-memory.js";
import type { Reception } from "../../door/reception.js";
import type { Digest, Journal, Log, Outbox } from "../../ports.js";
import type { Mechanism } from "../../rules/mechanisms/mechanism.js";
import type { Ratings } from "../../rules/reliability.js";
import type { MarketTerms } from "../../terms.js";
import type { Clock } from "../alarm.js";
import type { Link } from "../handover.js";
import type { Pending } from "../soon.js";
import type { CreditDesk } from "./credit-desk.js";
import type { PeriodDesk } from "./period-desk.js";
import type { TellingMemory } from "./telling.js";

export interface BiddingPorts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly link: Link;
  readonly journal: Journal;
  readonly log: Log;
  readonly digest: Digest;
  /** How the market makes prices: the one that the terms name. */
  readonly mechanism: Mechanism;
  /** Hides who stands behind a pseudonym on the item list. */
  readonly pseudonymSalt: string;
  /** Least market time between two publications of an item list. */
  readonly leastListIntervalMs: number;
  /** Market time in which `maxCommandsPerTick` counts. */
  readonly rateWindowMs: number;
}

/** All that its next answers depend on. */
export interface BiddingMemory {
  readonly door: DoorMemory;
  readonly periods: Map<number, PeriodDesk>;
  readonly periodOf: Map<string, number>;
  readonly ownersChanged: Set<string>;
  readonly fillCounts: Map<string, number>;
  readonly pseudonyms: Map<string, string>;
  readonly credit: CreditDesk;
  readonly ratings: Ratings;
  orderNumber: number;
  itemNumber: number;
  arrival: number;
  listsPublishedAtMs: number;
  readonly telling: TellingMemory;
  /** When what has changed is told that has not been yet. */
  readonly tell: Pending;
  unknownEvents: number;
}

export interface BiddingDesk extends BiddingMemory {
  readonly terms: MarketTerms;
  readonly topics: Topics;
  readonly ports: BiddingPorts;
  readonly reception: Reception;
  /** Tells what has changed before the next tick, where ticks are far apart. */
  readonly tellSoon: () => void;
}
