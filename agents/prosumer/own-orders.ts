/**
 * What this bot has in the market, by what it sent and what was replied: the only source is its own commands and their replies.
 *
 * A command in flight counts at its worst: a modified order as the larger of old and new. An order placed counts from its sending, so
 * that no energy is offered twice while a reply is on its way. Kept per period, dropped with the period.
 */
import { microPerKwhFromMajor, whFromKwh } from "../../shared/decimal.js";
import type { Fill, OwnOrders as LeftOrders, Reply } from "../../shared/messages/private.js";
import { instantFromIso } from "../../shared/time.js";
import type { Intent, Side, StandingItem, StandingOrder } from "../strategies/intent.js";

interface Standing {
  readonly side: Side;
  energyWh: number;
  priceMicroPerKwh: number;
  /** requestId of the command in flight. */
  pending: string | undefined;
}

interface OwnOrder extends Standing {
  orderId: string | undefined;
  readonly itemId: string | undefined;
  version: number;
  /** Part of `energyWh` that is traded for good, where orders are matched as they come. */
  filledWh: number;
}

interface OwnItem extends Standing {
  itemId: string | undefined;
  reservedWh: number;
}

interface PeriodHoldings {
  readonly orders: OwnOrder[];
  readonly items: OwnItem[];
  /** Fills heard before the reply that names their order. */
  readonly earlyFills: Map<string, number>;
  /** The market takes nothing more for this period. */
  shut: boolean;
}

type Change =
  | {
      readonly kind: "order";
      readonly order: OwnOrder;
      readonly beforeWh: number;
      readonly energyWh: number;
      readonly priceMicroPerKwh: number;
    }
  | { readonly kind: "cancel"; readonly order: OwnOrder }
  | { readonly kind: "list"; readonly item: OwnItem }
  | { readonly kind: "withdraw"; readonly item: OwnItem };

export interface OwnOrders {
  readonly periods: Map<number, PeriodHoldings>;
  readonly inFlight: Map<string, { readonly periodMs: number; readonly change: Change }>;
}

export const noOrders = (): OwnOrders => ({ periods: new Map(), inFlight: new Map() });

/** Notes a command that is about to be sent. @returns false where its object is not ours, so that it must not be sent */
export function noteSent(own: OwnOrders, intent: Intent, requestId: string): boolean {
  const change = changeOf(own, intent, requestId);
  if (change !== undefined) own.inFlight.set(requestId, { periodMs: intent.periodMs, change });
  return change !== undefined;
}

/** Takes in a reply. Unknown or repeated ones change nothing. */
export function noteReply(own: OwnOrders, reply: Reply): void {
  if (reply.requestId === null) return;
  const sent = own.inFlight.get(reply.requestId);
  if (sent === undefined) return;
  own.inFlight.delete(reply.requestId);
  const holdings = own.periods.get(sent.periodMs);
  if (holdings === undefined) return;
  if (reply.status === "accepted") settle(holdings, sent.change, reply.orderId, reply.itemId, reply.version);
  else undo(holdings, sent.change, reply.code);
}

/** Takes in what others ordered of an own item, or gave back, and what an own order has traded. */
export function noteFill(own: OwnOrders, periodMs: number, fill: Fill): void {
  if (fill.kind === "filled" && fill.orderId !== null)
    noteTrade(own, periodMs, fill.orderId, whFromKwh(fill.energyKwh));
  const item = own.periods.get(periodMs)?.items.find((held) => held.itemId === fill.itemId);
  if (item === undefined || fill.itemId === null) return;
  const energyWh = whFromKwh(fill.energyKwh);
  if (fill.kind === "reserved") item.reservedWh = Math.min(item.energyWh, item.reservedWh + energyWh);
  if (fill.kind === "released") item.reservedWh = Math.max(0, item.reservedWh - energyWh);
}

function noteTrade(own: OwnOrders, periodMs: number, orderId: string, energyWh: number): void {
  const holdings = own.periods.get(periodMs);
  if (holdings === undefined) return;
  const order = holdings.orders.find((held) => held.orderId === orderId);
  if (order !== undefined) order.filledWh += energyWh;
  else holdings.earlyFills.set(orderId, (holdings.earlyFills.get(orderId) ?? 0) + energyWh);
}

/** Drops all of a period: its contract, or its meter, has the word now. */
export function forgetPeriod(own: OwnOrders, periodMs: number): void {
  own.periods.delete(periodMs);
  for (const [requestId, sent] of own.inFlight) if (sent.periodMs === periodMs) own.inFlight.delete(requestId);
}

/** Most that the period's live offers could come to sell. */
export function offeredWh(own: OwnOrders, periodMs: number): number {
  const holdings = own.periods.get(periodMs);
  let energyWh = 0;
  for (const { side, energyWh: offered } of holdings?.orders ?? []) if (side === "sell") energyWh += offered;
  for (const { side, energyWh: offered } of holdings?.items ?? []) if (side === "sell") energyWh += offered;
  return energyWh;
}

/**
 * Takes over what a life before this one left in the market, so that its energy is not offered again: only what is not known
 * yet, and only before this life has sent a command of its own. A period in which something is left is not traded anew.
 */
export function takeOver(own: OwnOrders, left: LeftOrders): void {
  for (const { period, side, energyKwh, filledKwh, pricePerKwh, orderId, version, itemId } of left.orders) {
    const holdings = holdingsOf(own, instantFromIso(period) ?? 0);
    const [energyWh, priceMicroPerKwh] = [whFromKwh(energyKwh), microPerKwhFromMajor(pricePerKwh)];
    const order = {
      side,
      energyWh,
      priceMicroPerKwh,
      orderId,
      version,
      itemId: itemId ?? undefined,
      filledWh: whFromKwh(filledKwh ?? 0),
      pending: undefined,
    };
    holdings.orders.push(order);
    holdings.shut = true;
  }
  for (const { period, side, energyKwh, pricePerKwh, itemId, reservedKwh } of left.items) {
    const holdings = holdingsOf(own, instantFromIso(period) ?? 0);
    const [energyWh, priceMicroPerKwh] = [whFromKwh(energyKwh), microPerKwhFromMajor(pricePerKwh)];
    holdings.items.push({
      side,
      energyWh,
      priceMicroPerKwh,
      itemId,
      reservedWh: whFromKwh(reservedKwh),
      pending: undefined,
    });
    holdings.shut = true;
  }
}

export function isShut(own: OwnOrders, periodMs: number): boolean {
  return own.periods.get(periodMs)?.shut ?? false;
}

export function ownsItem(own: OwnOrders, periodMs: number, itemId: string): boolean {
  return own.periods.get(periodMs)?.items.some((item) => item.itemId === itemId) ?? false;
}

/** What a strategy may see of them. */
export function standing(own: OwnOrders, periodMs: number): { orders: StandingOrder[]; items: StandingItem[] } {
  const holdings = own.periods.get(periodMs);
  const orders = holdings?.orders ?? [];
  const items = holdings?.items ?? [];
  return {
    orders: orders.map((order) => ({ ...order, settled: order.pending === undefined })),
    items: items.map((item) => ({ ...item, settled: item.pending === undefined })),
  };
}

function holdingsOf(own: OwnOrders, periodMs: number): PeriodHoldings {
  const known = own.periods.get(periodMs);
  if (known !== undefined) return known;
  const holdings: PeriodHoldings = { orders: [], items: [], earlyFills: new Map(), shut: false };
  own.periods.set(periodMs, holdings);
  return holdings;
}

function changeOf(own: OwnOrders, intent: Intent, pending: string): Change | undefined {
  const holdings = holdingsOf(own, intent.periodMs);
  if (intent.action === "place") {
    const { side, energyWh, priceMicroPerKwh, itemId } = intent;
    const fresh = { orderId: undefined, version: 1, filledWh: 0, pending };
    const order = { side, energyWh, priceMicroPerKwh, itemId, ...fresh };
    holdings.orders.push(order);
    return { kind: "order", order, beforeWh: 0, energyWh, priceMicroPerKwh };
  }
  if (intent.action === "list") {
    const { side, energyWh, priceMicroPerKwh } = intent;
    const item = { side, energyWh, priceMicroPerKwh, itemId: undefined, reservedWh: 0, pending };
    holdings.items.push(item);
    return { kind: "list", item };
  }
  if (intent.action === "withdraw") {
    const item = holdings.items.find((held) => held.itemId === intent.itemId);
    if (item === undefined) return undefined;
    item.pending = pending;
    return { kind: "withdraw", item };
  }
  const order = holdings.orders.find((held) => held.orderId === intent.orderId);
  if (order === undefined) return undefined;
  order.pending = pending;
  if (intent.action === "cancel") return { kind: "cancel", order };
  const { energyWh, priceMicroPerKwh } = intent;
  const beforeWh = order.energyWh;
  order.energyWh = Math.max(beforeWh, energyWh);
  return { kind: "order", order, beforeWh, energyWh, priceMicroPerKwh };
}

function settle(
  holdings: PeriodHoldings,
  change: Change,
  orderId: string | undefined,
  itemId: string | undefined,
  version: number | undefined,
): void {
  if (change.kind === "order") {
    const { order, energyWh, priceMicroPerKwh } = change;
    order.orderId = orderId ?? order.orderId;
    order.version = version ?? order.version;
    order.energyWh = energyWh;
    order.priceMicroPerKwh = priceMicroPerKwh;
    order.pending = undefined;
    order.filledWh += holdings.earlyFills.get(order.orderId ?? "") ?? 0;
    holdings.earlyFills.delete(order.orderId ?? "");
  } else if (change.kind === "cancel") {
    closeOrder(holdings, change.order);
  } else if (change.kind === "list") {
    change.item.itemId = itemId;
    change.item.pending = undefined;
  } else {
    change.item.energyWh = change.item.reservedWh;
    change.item.pending = undefined;
    if (change.item.energyWh === 0) remove(holdings.items, change.item);
  }
}

const periodIsShut: ReadonlySet<string> = new Set([
  "unknown-period",
  "not-open-yet",
  "gate-closed",
  "no-orders-in-pool",
]);
const objectIsGone: ReadonlySet<string> = new Set(["unknown-order", "unknown-item", "not-owner"]);

function undo(holdings: PeriodHoldings, change: Change, code: string): void {
  if (periodIsShut.has(code)) holdings.shut = true;
  if (change.kind === "list") {
    remove(holdings.items, change.item);
    return;
  }
  if (change.kind === "withdraw") {
    change.item.pending = undefined;
    if (objectIsGone.has(code)) remove(holdings.items, change.item);
    return;
  }
  const { order } = change;
  if (change.kind === "order") order.energyWh = change.beforeWh;
  if (order.orderId === undefined || objectIsGone.has(code)) closeOrder(holdings, order);
  // Refused changes leave the order as it was; one whose version is not ours any more is not touched again.
  else if (code !== "version-conflict") order.pending = undefined;
}

/** Nothing of an order is open any more: what it traded stays to be counted. */
function closeOrder(holdings: PeriodHoldings, order: OwnOrder): void {
  order.energyWh = order.filledWh;
  order.pending = undefined;
  if (order.filledWh === 0) remove(holdings.orders, order);
}

function remove<T>(list: T[], entry: T): void {
  const index = list.indexOf(entry);
  if (index >= 0) list.splice(index, 1);
}
