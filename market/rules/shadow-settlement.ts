/**
 * What a period would have cost everyone under another mechanism: the same book cleared by it, the same meters settled by its contracts.
 *
 * Mechanical: bids and devices as they were, not re-optimised. Auctions clear the whole book of the gate, what was traded through the list
 * included; pools price what was metered; with `none` everyone is alone with the supplier. Welfare is by the orders' limits. Without effect.
 * Source: elecbay.md 2.4, 5.
 */
import { type Micro, type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { Reading, SettledPrices, Trade } from "../facts.js";
import type { MarketTerms } from "../terms.js";
import { tradedWelfare } from "./clearing-figures.js";
import type { Auction, Pool } from "./mechanisms/mechanism.js";
import type { AuctionOrder } from "./merit-order.js";
import { settleHorizon } from "./pool-settlement.js";
import { type PeriodSettlement, type SettlementInput, settlePeriod, type Tariffs } from "./settlement.js";
import { averagePrice, turnoverOf } from "./value.js";

/** A period as it came to be: its book, what was metered, the prices it was settled at. */
export interface ShadowCase {
  readonly periodMs: number;
  readonly orders: readonly AuctionOrder[];
  readonly readings: readonly Reading[];
  readonly prices: SettledPrices;
  /** Notified at the gate; imbalance `full`. */
  readonly positions: ReadonlyMap<string, Wh>;
  readonly terms: Pick<MarketTerms, "bidding" | "settlement" | "calendar">;
}

export interface ShadowOutcome {
  /** Volume-weighted, what buyers pay; null without trades. */
  readonly priceMicroPerKwh: MicroPerKwh | null;
  readonly volumeWh: Wh;
  readonly trades: number;
  /** Billionths of the currency. */
  readonly welfareBillionths: bigint;
  /** What each participant's bill would have come to; positive = received. */
  readonly totals: ReadonlyMap<string, Micro>;
}

/** The period under an auction. Orders of whoever has no meter in the period are left out. */
export function auctionShadow(auction: Auction, period: ShadowCase): ShadowOutcome {
  const metered = new Set(period.readings.map(({ participant }) => participant));
  const orders = period.orders.filter(({ participant }) => metered.has(participant));
  const { trades } = auction.clear(orders, period.terms.bidding);
  return settledShadow(
    period,
    trades.map((trade): Trade => ({ ...trade, mechanism: auction.name })),
    tradedWelfare(orders, trades),
  );
}

/** Periods that have one price pair together, under a pool; one outcome for each. Its welfare is 0: it asks nobody's limit. */
export function poolShadow(pool: Pool, periods: readonly ShadowCase[]): ShadowOutcome[] {
  const { prices, periods: settled } = settleHorizon(
    pool,
    periods.map((period) => inputOf(period, [])),
  );
  return settled.map(({ settlement }) => ({
    priceMicroPerKwh: prices.buyMicroPerKwh,
    volumeWh: settlement.pooledWh ?? wh(0),
    trades: 0,
    welfareBillionths: 0n,
    totals: totalsOf(settlement),
  }));
}

/** The period with everyone alone with the supplier. */
export function aloneShadow(period: ShadowCase): ShadowOutcome {
  // What was notified followed contracts that this market does not have: alone, nobody is held to a position.
  return settledShadow({ ...period, terms: promised(period.terms) }, [], 0n);
}

function promised(terms: ShadowCase["terms"]): ShadowCase["terms"] {
  return { ...terms, settlement: { ...terms.settlement, imbalance: "promised" } };
}

function settledShadow(period: ShadowCase, trades: readonly Trade[], welfareBillionths: bigint): ShadowOutcome {
  const settlement = settlePeriod(inputOf(period, trades));
  return { ...tradedOf(trades), welfareBillionths, totals: totalsOf(settlement) };
}

/** How much was traded, and at what average price. */
export function tradedOf(trades: readonly Trade[]): Pick<ShadowOutcome, "priceMicroPerKwh" | "volumeWh" | "trades"> {
  const volumeWh = trades.reduce((sum, { energyWh }) => sum + energyWh, 0);
  return {
    priceMicroPerKwh: averagePrice(turnoverOf(trades), volumeWh),
    volumeWh: wh(volumeWh),
    trades: trades.length,
  };
}

function inputOf(period: ShadowCase, trades: readonly Trade[]): SettlementInput {
  const { periodMs, readings, prices, positions, terms } = period;
  const { systemBuyMicroPerKwh, systemSellMicroPerKwh } = prices;
  return {
    ...{ periodMs, trades, readings, systemBuyMicroPerKwh, systemSellMicroPerKwh, positions },
    periodMinutes: terms.calendar.periodMinutes,
    tariffs: tariffsOf(prices),
    terms: terms.settlement,
  };
}

function totalsOf({ participants }: PeriodSettlement): ReadonlyMap<string, Micro> {
  return new Map(participants.map(({ participant, totalMicro }) => [participant, totalMicro]));
}

/** The tariffs of a settled period, by participant. */
export function tariffsOf(prices: SettledPrices): Tariffs {
  return new Map(prices.tariffs.map(({ participant, ...tariff }) => [participant, tariff]));
}
