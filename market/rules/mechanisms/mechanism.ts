/**
 * What a market mechanism is: one pure rule that makes prices and trades, chosen by name in the scenario.
 *
 * An auction matches orders by their limits; a pool takes all metered energy at a price pair made after the fact; `none` trades nothing.
 * Energy in Wh, prices in millionths per kWh. Orders are divisible. Every mechanism gives the same answer to the same orders,
 * whatever the order they are put in: time is in `arrival`. Source: elecbay.md 2, 3 and 0 (rules 1, 6, 7).
 */
import type { MicroPerKwh, Wh } from "../../../shared/units.js";
import type { Trade } from "../../facts.js";
import type { BiddingTerms } from "../../terms.js";
import type { EfficientMatching } from "../efficient-matching.js";
import type { AuctionOrder } from "../merit-order.js";

/** In the order in which they are told. */
export const mechanismNames = [
  "listing",
  "uniform",
  "pay-as-bid",
  "continuous",
  "mcafee",
  "vcg",
  "mid-market-rate",
  "supply-demand-ratio",
  "bill-sharing",
  "optimal",
  "none",
] as const;
export type MechanismName = (typeof mechanismNames)[number];

/** What a clearing must know besides the orders. */
export type AuctionTerms = Pick<
  BiddingTerms,
  "k" | "tie" | "minEnergyWh" | "priceFloorMicroPerKwh" | "priceCapMicroPerKwh"
>;

/** One pairing: the seller's price is named where it is not the buyer's. */
export type AuctionTrade = Omit<Trade, "mechanism">;

export interface AuctionClearing {
  readonly trades: readonly AuctionTrade[];
  /** The one price at which all trade; null where there is none. */
  readonly priceMicroPerKwh: MicroPerKwh | null;
  /**
   * The interval that the one price was taken from; without one price, the lowest and the highest traded price. Of `vcg`: of prices that clear
   * the market, buyers pay none above it and sellers get none below it. Null without trades.
   */
  readonly lowMicroPerKwh: MicroPerKwh | null;
  readonly highMicroPerKwh: MicroPerKwh | null;
  readonly volumeWh: Wh;
  /** Why an order fared as only this mechanism makes it fare, by order id: such as "left out: its price set the others'". */
  readonly reasons?: ReadonlyMap<string, string>;
  /** Where it trades the efficient matching and has it at hand: receipts are then told without sorting once more. */
  readonly matching?: EfficientMatching;
}

/** Matches orders by their limits. */
export interface Auction {
  readonly kind: "auction";
  readonly name: string;
  /**
   * `gate`: once, at the gate. `arrival`: each order as it comes, fills final at once. `list`: only through listed items and needs; there is no
   * auction at the gate.
   */
  readonly clears: "gate" | "arrival" | "list";
  /** Clears a whole book at once. @throws RangeError where two orders have one id, or one has no energy. */
  clear(orders: readonly AuctionOrder[], terms: AuctionTerms): AuctionClearing;
}

/** Energy that a community took and fed in during one period, each participant's net counted, and the supplier's prices. */
export interface PoolPeriod {
  /** Sum over those who took more than they fed in. Not negative. */
  readonly demandWh: number;
  /** Sum over those who fed in more than they took. Not negative. */
  readonly supplyWh: number;
  readonly retailMicroPerKwh: number;
  readonly exportMicroPerKwh: number;
}

export interface PoolPrices {
  /** Paid for each kWh taken. */
  readonly buyMicroPerKwh: MicroPerKwh;
  /** Received for each kWh fed in. */
  readonly sellMicroPerKwh: MicroPerKwh;
}

/** Prices metered net energy after the fact. */
export interface Pool {
  readonly kind: "pool";
  readonly name: string;
  /** Over what one price pair is made: each period, or the local calendar month. */
  readonly horizon: "period" | "month";
  /** @throws RangeError where there is no period, or `horizon` is a period and there are more. */
  prices(periods: readonly PoolPeriod[]): PoolPrices;
}

/** Everyone with the supplier: the reference. */
export interface NoMarket {
  readonly kind: "none";
  readonly name: "none";
}

export type Mechanism = Auction | Pool | NoMarket;
