/**
 * From one look at a period to commands: how much is still to trade, on which way, at which quote.
 *
 * The list first, where it is used; what it leaves goes to the auction one tick before the gate, and that tick also corrects
 * orders which no longer fit the forecast. A command about an object whose last one is unanswered is never sent. Few commands on
 * purpose: one to three a period. Quotes are drawn from streams of their own names, so that looking twice draws the same.
 */
import type { RandomStream } from "../../shared/random-stream.js";
import type { Intent, Side, StandingOrder, View } from "./intent.js";
import { lastListTick, listIntents, trustworthy } from "./list-trading.js";
import { priceTakerQuote } from "./price-taker.js";
import { zeroIntelligenceQuote } from "./zero-intelligence.js";

export interface Strategy {
  readonly name: "price-taker" | "zero-intelligence";
  readonly margin: number;
  readonly usesList: boolean;
  /** Items of owners who have kept less of their promises than this share are not ordered: 0 to 1. */
  readonly minReliability: number;
}

/** Ticks before the gate from which a period may be looked at. */
const planTicks = 6;
/** A forecast that moved by less than this share of the order is not worth a command. */
const tolerance = 0.1;
/** In lockstep a reply takes two ticks, so quotes are that far apart. */
const ticksPerQuote = 2;
const mostQuotes = 3;

/** The stream of a purpose, such as `quote/<period>`: the same purpose gives the same draws. */
export type Draw = (purpose: string) => RandomStream;

/** @returns commands in the order of sending; none crosses the view's limits or the market's band */
export function decide(strategy: Strategy, view: View, draw: Draw): Intent[] {
  const side: Side = view.positionWh >= 0 ? "sell" : "buy";
  const wantedWh = Math.abs(view.positionWh) < view.minEnergyWh ? 0 : Math.abs(view.positionWh);
  const intents = clearedSide(view, side === "sell" ? "buy" : "sell");
  const quote = quoteOf(strategy, view, side, draw);
  if (quote === undefined) return intents;
  const missingWh = wantedWh + boundWh(view, side) - committedWh(view, side);
  let leftWh = missingWh;
  if (strategy.usesList) {
    const drawSale = () => (draw(`sale/${view.periodMs}`).uniform() < 0.5 ? "fixed" : "best-offer");
    const listed = listIntents(trustworthy(view, strategy.minReliability), side, missingWh, quote, drawSale);
    intents.push(...listed.intents);
    leftWh -= listed.coveredWh;
  }
  intents.push(...auctionIntents(strategy, view, side, leftWh, quote));
  return intents;
}

/** Quotes a period: zero intelligence draws anew each round, as far as replies allow. */
function quotesOf(strategy: Strategy, rounds: number): number {
  return strategy.name === "zero-intelligence" && !strategy.usesList ? Math.min(mostQuotes, rounds) : 1;
}

function firstAuctionTick(strategy: Strategy, rounds: number): number {
  if (strategy.usesList) return lastListTick - 1;
  return 1 + ticksPerQuote * Math.max(1, quotesOf(strategy, rounds) - 1);
}

/** Ticks before the gate from which the strategy has anything to say about a period. */
export function firstLook(strategy: Strategy, rounds: number): number {
  return strategy.usesList ? planTicks : firstAuctionTick(strategy, rounds);
}

function auctionIntents(strategy: Strategy, view: View, side: Side, missingWh: number, quote: number): Intent[] {
  if (view.ticksToGate > firstAuctionTick(strategy, view.rounds)) return [];
  const order = view.orders.find((own) => own.side === side && own.itemId === undefined && openWh(own) > 0);
  if (order === undefined && missingWh >= view.minEnergyWh) {
    const { periodMs } = view;
    return [{ action: "place", side, periodMs, energyWh: missingWh, priceMicroPerKwh: quote, itemId: undefined }];
  }
  if (order !== undefined && !order.settled) return [];
  const requotes = quotesOf(strategy, view.rounds) > 1 && view.ticksToGate % ticksPerQuote === 1;
  const last = view.ticksToGate === 1 && isMaterial(view, missingWh);
  if (order !== undefined && (requotes || last)) return changed(view, order, missingWh, requotes ? quote : undefined);
  return last && missingWh < 0 ? freed(view, side, -missingWh, quote) : [];
}

function isMaterial(view: View, missingWh: number): boolean {
  const least = Math.max(view.minEnergyWh, Math.ceil(Math.abs(view.positionWh) * tolerance));
  return Math.abs(missingWh) >= least;
}

function changed(view: View, order: StandingOrder, missingWh: number, quote: number | undefined): Intent[] {
  if (order.orderId === undefined) return [];
  const { periodMs } = view;
  const energyWh = order.energyWh + missingWh;
  if (energyWh - order.filledWh < view.minEnergyWh) return [{ action: "cancel", periodMs, orderId: order.orderId }];
  const priceMicroPerKwh = quote ?? order.priceMicroPerKwh;
  if (energyWh === order.energyWh && priceMicroPerKwh === order.priceMicroPerKwh) return [];
  const { orderId, version: expectedVersion } = order;
  return [{ action: "modify", periodMs, orderId, expectedVersion, energyWh, priceMicroPerKwh }];
}

/** Too much is promised and no auction order can give way: what is still free of an item, or of orders on items, is taken back. */
function freed(view: View, side: Side, excessWh: number, quote: number): Intent[] {
  const { periodMs } = view;
  const item = view.items.find((own) => own.side === side && own.settled && own.energyWh > own.reservedWh);
  if (item?.itemId !== undefined) {
    const intents: Intent[] = [{ action: "withdraw", periodMs, itemId: item.itemId }];
    const backWh = item.energyWh - item.reservedWh - excessWh;
    if (backWh >= view.minEnergyWh) {
      intents.push({
        action: "place",
        side,
        periodMs,
        energyWh: backWh,
        priceMicroPerKwh: quote,
        itemId: undefined,
      });
    }
    return intents;
  }
  const order = view.orders.find(
    (own) => own.side === side && own.settled && own.itemId !== undefined && openWh(own) > 0,
  );
  return order === undefined ? [] : changed(view, order, -excessWh, undefined);
}

/** Orders and items on the side that the forecast has left are taken back. */
function clearedSide(view: View, side: Side): Intent[] {
  const { periodMs } = view;
  const intents: Intent[] = [];
  for (const order of view.orders) {
    if (order.side === side && order.settled && order.orderId !== undefined && openWh(order) > 0) {
      intents.push({ action: "cancel", periodMs, orderId: order.orderId });
    }
  }
  for (const item of view.items) {
    if (item.side === side && item.settled && item.itemId !== undefined && item.energyWh > item.reservedWh) {
      intents.push({ action: "withdraw", periodMs, itemId: item.itemId });
    }
  }
  return intents;
}

/** What has not been traded of an order; an order in flight counts whole. */
function openWh(order: StandingOrder): number {
  return order.energyWh - order.filledWh;
}

/** What others hold already on the other side, or was traded there: it has to be bought, or sold, on top. */
function boundWh(view: View, side: Side): number {
  let energyWh = 0;
  for (const order of view.orders) if (order.side !== side) energyWh += order.filledWh;
  for (const item of view.items) if (item.side !== side) energyWh += item.reservedWh;
  return energyWh;
}

function committedWh(view: View, side: Side): number {
  let energyWh = 0;
  for (const order of view.orders) if (order.side === side) energyWh += order.energyWh;
  for (const item of view.items) if (item.side === side) energyWh += item.energyWh;
  return energyWh;
}

/** Undefined where no price is both lawful and within the limit. */
function quoteOf(strategy: Strategy, view: View, side: Side, draw: Draw): number | undefined {
  const quote =
    strategy.name === "price-taker"
      ? priceTakerQuote(view, side, strategy.margin, draw(`margin/${view.periodMs}`))
      : zeroIntelligenceQuote(view, side, draw(`quote/${view.periodMs}/${view.ticksToGate}`));
  const lawful = Math.min(view.marketCapMicroPerKwh, Math.max(view.marketFloorMicroPerKwh, quote));
  const crosses = side === "buy" ? lawful > view.buyLimitMicroPerKwh : lawful < view.sellLimitMicroPerKwh;
  return crosses ? undefined : lawful;
}
