/**
 * What happened in the market, as plain facts in whole numbers: each is told once, in order, by the one manager that owns it.
 *
 * Results, dashboards and metrics are built from these and can be rebuilt; nothing here feeds a decision.
 */
import type { WireCustomer, WireOffer } from "../shared/messages/manage.js";
import type { BillLineKind } from "../shared/messages/private.js";
import type { RejectCode } from "../shared/reject-codes.js";
import type { Micro, MicroPerKwh, Wh } from "../shared/units.js";
import type { Account, AccountRefusal } from "./rules/account.js";
import type { Dispute } from "./rules/disputes.js";
import type { Draft } from "./rules/drafts.js";
import type { Invitation } from "./rules/invitations.js";
import type { AuctionOrder } from "./rules/merit-order.js";
import type { NotedPayment } from "./rules/payments.js";
import type { RegistrationPolicy } from "./rules/registration.js";

export type Side = "buy" | "sell";
export type OrderOutcome = "filled" | "partly" | "unfilled" | "lapsed" | "cancelled" | "withdrawn";

/** The fate of one order or item of a period: told at the gate, after clearing. Where it is an item, `orderId` is the item's id. */
export interface OrderFate {
  readonly orderId: string;
  readonly participant: string;
  readonly side: Side;
  readonly energyWh: Wh;
  /** What it asked for at the end: the item's price, or the order's own limit. */
  readonly limitPriceMicroPerKwh: MicroPerKwh;
  readonly acceptedAtMs: number;
  readonly biddingCycle: number;
  readonly outcome: OrderOutcome;
  readonly tradedWh: Wh;
  /** Average price of what was traded, rounded down to a millionth; null where nothing was. */
  readonly tradedPriceMicroPerKwh: MicroPerKwh | null;
  readonly why: string;
  /** The price that would have traded more; null where no price would have, or all was traded. */
  readonly wouldTradeAtMicroPerKwh: MicroPerKwh | null;
  /** Place in the merit order of its side, from 1; null where it did not reach the auction. */
  readonly rank: number | null;
  /** What it had traded at the gate and lost to the DSO; undefined: nothing. */
  readonly cutWh?: Wh;
}

export interface Trade {
  readonly buyer: string;
  readonly seller: string;
  readonly energyWh: Wh;
  /** What the buyer pays. */
  readonly priceMicroPerKwh: MicroPerKwh;
  /** What the seller gets, where it is another price: truthful auctions, rule 7. The difference is the mechanism's. */
  readonly sellerPriceMicroPerKwh?: MicroPerKwh;
  readonly mechanism: string;
  /** Id of the buying order or, where the buyer listed a need, of that item. Likewise `sellOrder`. */
  readonly buyOrder: string;
  readonly sellOrder: string;
}

export interface Reading {
  readonly participant: string;
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly generationWh: Wh;
  readonly quality: "actual" | "provisional" | "estimated";
}

export interface BillLine {
  readonly kind: BillLineKind;
  readonly energyWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
  /** Positive = received by the participant. */
  readonly amountMicro: Micro;
  readonly orderId?: string;
  /** Which of several of its kind: the name of a levy. */
  readonly name?: string;
}

export interface Bill {
  readonly billId: string;
  readonly periodMs: number;
  readonly participant: string;
  readonly contractedWh: Wh;
  readonly meteredWh: Wh;
  readonly lines: readonly BillLine[];
  readonly totalMicro: Micro;
  readonly previous: string;
  readonly hash: string;
}

/** One double entry: `amountMicro` (never negative) goes from account `debit` to account `credit`. */
export interface LedgerEntry {
  /** Number of the entry, from 1, without gaps. */
  readonly entry: number;
  readonly periodMs: number;
  readonly debit: string;
  readonly credit: string;
  readonly amountMicro: Micro;
  readonly reason: string;
}

export interface PeriodPrice {
  readonly periodMs: number;
  readonly priceMicroPerKwh: MicroPerKwh | null;
  readonly volumeWh: Wh;
}

/** The prices that a period was settled at. */
export interface SettledPrices {
  readonly periodMs: number;
  readonly systemBuyMicroPerKwh: MicroPerKwh;
  readonly systemSellMicroPerKwh: MicroPerKwh;
  /** The pool's own price pair; undefined where there is no pool. */
  readonly pool: { readonly buyMicroPerKwh: MicroPerKwh; readonly sellMicroPerKwh: MicroPerKwh } | undefined;
  /** What each kWh from the grid emitted; undefined where it is not known. */
  readonly carbonMilligramPerKwh: number | undefined;
  readonly tariffs: readonly {
    readonly participant: string;
    readonly supplier: string;
    readonly importMicroPerKwh: MicroPerKwh;
    readonly exportMicroPerKwh: MicroPerKwh;
  }[];
}

/** What a participant told the market at the gate that it will take or feed in; imbalance `full`. Positive = feeds in. */
export interface NotifiedPosition {
  readonly participant: string;
  readonly energyWh: Wh;
}

/** What an innocent participant lost of its net contract to the DSO's cuts: rules/lost-after-cuts.ts. Positive = sold. */
export interface LostEnergy {
  readonly participant: string;
  readonly energyWh: Wh;
}

/** The day's signed word on all statements: see rules/statement-tree.ts. */
export interface StatementHead {
  /** Market day (UTC), as 2016-08-01. */
  readonly day: string;
  readonly head: string;
  readonly signature: string;
}

/** What one order lost to the DSO's cuts after its gate: rules/operating-cuts.ts. */
export interface CutOrder {
  readonly orderId: string;
  readonly participant: string;
  readonly side: Side;
  /** In all, more than 0. */
  readonly cutWh: Wh;
  /** What of it the DSO asked of this order; the rest because the other side was cut. */
  readonly askedWh: Wh;
  /** Undefined where the DSO asked nothing of this order. */
  readonly cause: CutCause | undefined;
}

/** Why the DSO cuts. */
export interface CutCause {
  /** What would be overloaded: a line, a transformer, a node. */
  readonly element: string;
  /** The element's limit and what it would have come to, in the DSO's own unit. */
  readonly limit: number;
  readonly value: number;
}

export type Fact =
  | { readonly type: "rejected"; readonly participant: string; readonly topic: string; readonly code: RejectCode }
  /**
   * The book as it came to the gate, in order of arrival: every live item and order at its own limit with all of its energy, also where an
   * order on an item or a trade of the continuous market has taken of it. What other mechanisms would have cleared.
   */
  | { readonly type: "book"; readonly periodMs: number; readonly orders: readonly AuctionOrder[] }
  | { readonly type: "notified"; readonly periodMs: number; readonly positions: readonly NotifiedPosition[] }
  | { readonly type: "fate"; readonly periodMs: number; readonly fate: OrderFate }
  | { readonly type: "trade"; readonly periodMs: number; readonly trade: Trade }
  /**
   * After the gate the DSO has cut orders: trades and fates told before hold with these cuts applied to them. What a period is priced at,
   * everybody's contract and positions are told anew behind it, and take the place of what was told before.
   */
  | { readonly type: "cut"; readonly periodMs: number; readonly orders: readonly CutOrder[] }
  | { readonly type: "cleared"; readonly price: PeriodPrice }
  | {
      readonly type: "contract";
      readonly periodMs: number;
      readonly participant: string;
      readonly energyWh: Wh;
      readonly valueMicro: Micro;
      /** After cuts, imbalance `promised`: as LostEnergy; undefined where nothing has to be protected. */
      readonly lostWh?: Wh;
    }
  | { readonly type: "metered"; readonly periodMs: number; readonly reading: Reading; readonly correction: boolean }
  | { readonly type: "settled"; readonly prices: SettledPrices }
  | { readonly type: "head"; readonly head: StatementHead }
  | { readonly type: "entry"; readonly entry: LedgerEntry }
  | { readonly type: "bill"; readonly bill: Bill }
  /** The last fact of a period: all its bills are out. */
  | { readonly type: "billed"; readonly periodMs: number }
  | RegistrarFact;

/** What the registrar tells: each thing as it is from now on, then the answer to whoever asked. */
export type RegistrarFact =
  | { readonly type: "account"; readonly account: Account }
  | { readonly type: "invitation"; readonly invitation: Invitation }
  /** What the operator says of supply, from a period on. */
  | { readonly type: "offer"; readonly offer: WireOffer }
  | { readonly type: "customer"; readonly customer: WireCustomer }
  /** A payment as it stands now: noted, then booked or refused. */
  | { readonly type: "payment"; readonly payment: NotedPayment }
  | { readonly type: "draft"; readonly draft: Draft }
  | { readonly type: "draft-dropped"; readonly participant: string; readonly draftId: string }
  | { readonly type: "dispute"; readonly dispute: Dispute }
  /** Who may register from now on. */
  | { readonly type: "policy"; readonly policy: RegistrationPolicy }
  | {
      readonly type: "answered";
      readonly askId: string;
      readonly outcome: { readonly ok: true } | ({ readonly ok: false } & AccountRefusal);
    };
