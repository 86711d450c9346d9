/** Everything the settlement manager's actions work on: its state, with one writer, the settlement actor; and the ways to the world. */
import type { ManageMetered, ManageTariffs, Member } from "../../../shared/messages/manage.js";
import type { Topics } from "../../../shared/topics.js";
import type { Wh } from "../../../shared/units.js";
import type { BillLine, Trade } from "../../facts.js";
import type { Digest, Journal, Log, Outbox, Sign } from "../../ports.js";
import type { PeriodCut } from "../../rules/cut-figures.js";
import type { Kpis } from "../../rules/kpi.js";
import type { Ledger } from "../../rules/ledger.js";
import type { PeriodQuality } from "../../rules/market-quality.js";
import type { Mechanism } from "../../rules/mechanisms/mechanism.js";
import type { PeriodSettlement, SettlementInput } from "../../rules/settlement.js";
import type { MarketTerms } from "../../terms.js";
import type { Clock } from "../alarm.js";
import type { PeriodTimes } from "../calendar.js";
import type { Link } from "../handover.js";
import type { WaitingPayout } from "./payments.js";

export interface SettlementPorts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly link: Link;
  readonly journal: Journal;
  readonly log: Log;
  readonly digest: Digest;
  readonly sign: Sign;
  /** What the salts of statements are made from. */
  readonly statementSecret: string;
  /** How the market makes prices: the one that the terms name. */
  readonly mechanism: Mechanism;
  /** An operator may correct any reading up to the correction limit: what that needs is kept. */
  readonly hasOperator?: boolean;
}

/** What one participant will be billed for a period. */
export interface PendingBill {
  readonly contractedWh: number;
  meteredWh: number;
  readonly lines: BillLine[];
}

/** A settled period, kept until it is billed, and up to the correction limit where something was estimated. */
export interface SettledDesk {
  readonly times: PeriodTimes;
  input: SettlementInput;
  /** Undefined once it is billed: it is worked out again where it has to be corrected. */
  settlement: PeriodSettlement | undefined;
  /** Once they went out without their lines. */
  readonly bills: Map<string, PendingBill>;
  billed: boolean;
  readonly tradedOrders: number;
  readonly carbonMilligramPerKwh: number | undefined;
  /** What the DSO took of its trades; undefined: nothing. */
  readonly cut?: PeriodCut | undefined;
  /** How well its market did, until it is billed; undefined: not known. */
  quality?: PeriodQuality | undefined;
}

/** A supplier's message, and each participant's tariff in it. */
export interface KnownTariffs extends ManageTariffs {
  readonly own: ReadonlyMap<string, ManageTariffs["tariffs"][number]>;
}

/** A metered period of a pool, not priced yet. */
export interface WaitingPeriod {
  readonly times: PeriodTimes;
  input: SettlementInput;
  readonly carbonMilligramPerKwh: number | undefined;
}

/** What has one price pair, until all of it is metered. */
export interface HorizonDesk {
  readonly waiting: Map<number, WaitingPeriod>;
  /** Those whose bill date has come before they could be priced. */
  readonly billsDue: Set<number>;
}

/** All that its next answers depend on, as plain data. */
export interface SettlementState {
  readonly ledger: Ledger;
  /** Of all settled periods: what is published. */
  readonly kpis: Kpis;
  /** Of the billed periods alone: what a run's summary tells. */
  readonly billedKpis: Kpis;
  members: readonly Member[];
  /** Newest last. */
  readonly tariffs: KnownTariffs[];
  readonly trades: Map<number, readonly Trade[]>;
  /** Number of the message that they are from. */
  readonly contractsTold: Map<number, number>;
  /** Notified at the gate, by period, where imbalance is `full`. */
  readonly positions: Map<number, ReadonlyMap<string, Wh>>;
  /** What innocents lost of their net contracts to the DSO's cuts, by period, where imbalance is `promised`. */
  readonly lost: Map<number, ReadonlyMap<string, Wh>>;
  /** What the DSO took of the periods that it has cut. */
  readonly cuts: Map<number, PeriodCut>;
  /** How well the market of each period did. */
  readonly qualities: Map<number, PeriodQuality>;
  /** Metered before its contracts or the tariffs came, on other connections: waits for them. */
  readonly waitingMetered: Map<number, ManageMetered[]>;
  /** Metered periods of a pool that wait for the others of their horizon, by its end. */
  readonly horizons: Map<number, HorizonDesk>;
  readonly settled: Map<number, SettledDesk>;
  readonly lastBillHash: Map<string, string>;
  /** Bills sent after the period's own were cleared, oldest first. */
  readonly lateBills: { readonly participant: string; readonly periodMs: number; readonly clearAtMs: number }[];
  readonly tariffsTold: Map<string, string>;
  /** Whose deposit is in the ledger. */
  readonly depositsBooked: Set<string>;
  /** Payouts of which the registrar's or bidding's word has not come, by payment. */
  readonly payouts: Map<string, WaitingPayout>;
  /** A correction has changed what participants may hold. */
  grantsChanged: boolean;
  billNumber: number;
  /** Latest day whose head is out: see statements.ts. */
  headDay: string;
  kpisChanged: boolean;
  periodsChanged: boolean;
  unknownEvents: number;
}

export interface SettlementDesk extends SettlementState {
  readonly terms: MarketTerms;
  readonly topics: Topics;
  readonly ports: SettlementPorts;
}
