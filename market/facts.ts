/**
 * What happened in the market, as plain facts in whole numbers: each is told once, in order, by the one manager that owns it.
 *
 * Results, dashboards and metrics are built from these and can be rebuilt; nothing here feeds a decision.
 */
import type { BillLineKind } from "../shared/messages/private.js";
import type { RejectCode } from "../shared/reject-codes.js";
import type { Micro, MicroPerKwh, Wh } from "../shared/units.js";

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
}

export interface Trade {
  readonly buyer: string;
  readonly seller: string;
  readonly energyWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
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

export type Fact =
  | { readonly type: "rejected"; readonly participant: string; readonly topic: string; readonly code: RejectCode }
  | { readonly type: "fate"; readonly periodMs: number; readonly fate: OrderFate }
  | { readonly type: "trade"; readonly periodMs: number; readonly trade: Trade }
  | { readonly type: "cleared"; readonly price: PeriodPrice }
  | {
      readonly type: "contract";
      readonly periodMs: number;
      readonly participant: string;
      readonly energyWh: Wh;
      readonly valueMicro: Micro;
    }
  | { readonly type: "metered"; readonly periodMs: number; readonly reading: Reading; readonly correction: boolean }
  | { readonly type: "entry"; readonly entry: LedgerEntry }
  | { readonly type: "bill"; readonly bill: Bill }
  /** The last fact of a period: all its bills are out. */
  | { readonly type: "billed"; readonly periodMs: number };
