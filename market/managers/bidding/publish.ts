/** What the bidding manager tells the world while bidding is open: item lists, the top of the book, everyone's own orders. */
import { kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import type { Fill } from "../../../shared/messages/private.js";
import type { ListedItem } from "../../../shared/messages/public.js";
import { isoUtc } from "../../../shared/time.js";
import type { Side, Trade } from "../../facts.js";
import { bookTop } from "../../rules/indicative.js";
import type { MatchedTrade } from "../../rules/matching.js";
import type { BookChange } from "../../rules/period-book.js";
import {
  itemCount,
  orderCount,
  ownObjects,
  type PublicItem,
  publicItem,
  publicItems,
} from "../../rules/period-book-views.js";
import type { BiddingDesk } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";
import { publicRating } from "./ratings.js";
import { tellWithin, type Untold } from "./telling.js";

/** At once: one message per changed item, to those whose order or item was reserved or released, and every trade with the book after it. */
export function publishBookChanges(desk: BiddingDesk, period: PeriodDesk, changes: readonly BookChange[]): void {
  period.bookChanged = true;
  let traded = false;
  for (const change of changes) {
    if (change.kind === "item") publishItemDelta(desk, period, change.itemId);
    else if (change.kind === "traded") {
      tellTrade(desk, period, change);
      traded = true;
    } else tellBoth(desk, period, change);
  }
  if (traded) publishBookTop(desk, period);
}

function publishItemDelta(desk: BiddingDesk, period: PeriodDesk, itemId: string): void {
  period.itemChanges += 1;
  period.itemsChanged = true;
  const item = publicItem(period.book, itemId);
  if (item === undefined) return;
  desk.ports.outbox.publish(desk.topics.publicPeriod("items-delta", period.times.periodMs), {
    v: 1,
    ts: isoUtc(desk.ports.clock.now()),
    n: period.itemChanges,
    period: isoUtc(period.times.periodMs),
    ...listed(desk, item),
  });
}

/** A final trade: recorded, public, and told to both sides at once. */
export function tellTrade(desk: BiddingDesk, period: PeriodDesk, { trade, taker }: MatchedTrade): void {
  const { periodMs } = period.times;
  desk.ports.journal.record({ type: "trade", periodMs, trade });
  publishTrade(desk, period, trade, taker);
  for (const [participant, id] of [[trade.buyer, trade.buyOrder] as const, [trade.seller, trade.sellOrder] as const]) {
    desk.ownersChanged.add(participant);
    publishFill(desk, participant, {
      period: isoUtc(periodMs),
      orderId: id.startsWith("i") ? null : id,
      itemId: id.startsWith("i") ? id : null,
      kind: "filled",
      energyKwh: kwhFromWh(trade.energyWh),
      pricePerKwh: majorFromMicro(trade.priceMicroPerKwh),
    });
  }
}

export function publishTrade(desk: BiddingDesk, period: PeriodDesk, trade: Trade, taker: Side): void {
  period.trades += 1;
  desk.ports.outbox.publish(desk.topics.publicPeriod("trades", period.times.periodMs), {
    v: 1,
    ts: isoUtc(desk.ports.clock.now()),
    n: period.trades,
    period: isoUtc(period.times.periodMs),
    energyKwh: kwhFromWh(trade.energyWh),
    pricePerKwh: majorFromMicro(trade.priceMicroPerKwh),
    taker,
  });
}

type Moved = Extract<BookChange, { kind: "reserved" | "released" }>;

function tellBoth(desk: BiddingDesk, period: PeriodDesk, change: Moved): void {
  for (const participant of new Set([change.orderParticipant, change.itemParticipant])) {
    desk.ownersChanged.add(participant);
    publishFill(desk, participant, {
      period: isoUtc(period.times.periodMs),
      orderId: change.orderId,
      itemId: change.itemId,
      kind: change.kind,
      energyKwh: kwhFromWh(change.energyWh),
      pricePerKwh: majorFromMicro(change.priceMicroPerKwh),
    });
  }
}

export function publishFill(desk: BiddingDesk, participant: string, fill: Omit<Fill, "v" | "ts" | "n">): void {
  const n = (desk.fillCounts.get(participant) ?? 0) + 1;
  desk.fillCounts.set(participant, n);
  desk.ports.outbox.publish(desk.topics.private(participant, "fills"), {
    v: 1,
    ts: isoUtc(desk.ports.clock.now()),
    n,
    ...fill,
  });
}

/** Once a tick: whole lists, tops of books and own orders that have changed, and how it stands with every live period. */
export function publishChanges(desk: BiddingDesk): void {
  const { clock, leastListIntervalMs } = desk.ports;
  const nowMs = clock.now();
  const listsAreDue = nowMs - desk.listsPublishedAtMs >= leastListIntervalMs;
  const open = [...desk.periods.values()].filter(({ closed }) => !closed);
  const untold = [
    ...open.flatMap((period) => untoldOf(desk, period, listsAreDue)),
    ...[...desk.ownersChanged].sort().map((owner) => untoldOrders(desk, open, owner)),
  ];
  const waiting = tellWithin(desk.telling, untold, nowMs, leastListIntervalMs);
  if (listsAreDue) desk.listsPublishedAtMs = nowMs;
  if (waiting.size > 0 || open.some(({ itemsChanged }) => itemsChanged)) desk.tellSoon();
  report(desk);
}

function untoldOf(desk: BiddingDesk, period: PeriodDesk, listsAreDue: boolean): Untold[] {
  const { book, times } = period;
  const untold: Untold[] = [];
  if (listsAreDue && period.itemsChanged) {
    const tell = (): void => publishItemList(desk, period);
    untold.push({ key: `items/${times.periodMs}`, objects: book.liveItems, tell });
  }
  if (period.bookChanged) {
    const tell = (): void => publishBookTop(desk, period);
    untold.push({ key: `book/${times.periodMs}`, objects: book.liveItems + book.liveOrders, tell });
  }
  return untold;
}

function untoldOrders(desk: BiddingDesk, open: readonly PeriodDesk[], owner: string): Untold {
  const objects = open.reduce((sum, { book }) => sum + (book.liveOf.get(owner)?.size ?? 0), 0);
  const tell = (): void => {
    desk.ownersChanged.delete(owner);
    publishOwnOrders(desk, owner);
  };
  return { key: `orders/${owner}`, objects, tell };
}

function publishItemList(desk: BiddingDesk, period: PeriodDesk): void {
  const { periodMs } = period.times;
  period.itemsChanged = false;
  desk.ports.outbox.publish(
    desk.topics.publicPeriod("items", periodMs),
    {
      v: 1,
      ts: isoUtc(desk.ports.clock.now()),
      n: period.itemChanges,
      period: isoUtc(periodMs),
      start: isoUtc(periodMs),
      durationMinutes: desk.terms.calendar.periodMinutes,
      items: publicItems(period.book).map((item) => listed(desk, item)),
    },
    true,
  );
}

function listed(desk: BiddingDesk, item: PublicItem): ListedItem {
  return {
    itemId: item.itemId,
    side: item.side,
    energyKwh: kwhFromWh(item.leftWh),
    pricePerKwh: majorFromMicro(item.priceMicroPerKwh),
    minEnergyKwh: kwhFromWh(item.minEnergyWh),
    sale: item.sale,
    owner: pseudonymOf(desk, item.owner),
    reliability: publicRating(desk, item.owner),
  };
}

function pseudonymOf(desk: BiddingDesk, id: string): string {
  const known = desk.pseudonyms.get(id);
  if (known !== undefined) return known;
  const pseudonym = `p${desk.ports.digest(`${desk.ports.pseudonymSalt}/${id}`).slice(0, 6)}`;
  desk.pseudonyms.set(id, pseudonym);
  return pseudonym;
}

function publishBookTop(desk: BiddingDesk, period: PeriodDesk): void {
  period.bookChanged = false;
  const top = bookTop(period.book);
  const values = {
    bestBidPerKwh: majorOrNull(top.bestBidMicroPerKwh),
    bestAskPerKwh: majorOrNull(top.bestAskMicroPerKwh),
    indicativePerKwh: majorOrNull(top.indicativeMicroPerKwh),
    indicativeKwh: kwhFromWh(top.indicativeWh),
  };
  const text = JSON.stringify(values);
  if (text === period.lastBookTop) return;
  period.lastBookTop = text;
  const { periodMs } = period.times;
  const message = { v: 1, ts: isoUtc(desk.ports.clock.now()), period: isoUtc(periodMs), ...values };
  desk.ports.outbox.publish(desk.topics.publicPeriod("book", periodMs), message, true);
}

function publishOwnOrders(desk: BiddingDesk, owner: string): void {
  const items: object[] = [];
  const orders: object[] = [];
  for (const period of desk.periods.values()) {
    if (period.closed) continue;
    const own = ownObjects(period.book, owner);
    const iso = isoUtc(period.times.periodMs);
    for (const item of own.items) {
      items.push({
        itemId: item.itemId,
        version: item.version,
        period: iso,
        side: item.side,
        energyKwh: kwhFromWh(item.energyWh),
        reservedKwh: kwhFromWh(item.reservedWh),
        pricePerKwh: majorFromMicro(item.priceMicroPerKwh),
      });
    }
    for (const order of own.orders) {
      orders.push({
        orderId: order.orderId,
        version: order.version,
        period: iso,
        side: order.side,
        energyKwh: kwhFromWh(order.energyWh),
        ...(order.filledWh > 0 ? { filledKwh: kwhFromWh(order.filledWh) } : {}),
        pricePerKwh: majorFromMicro(order.priceMicroPerKwh),
        itemId: order.itemId,
      });
    }
  }
  desk.ports.outbox.publish(
    desk.topics.private(owner, "orders"),
    { v: 1, ts: isoUtc(desk.ports.clock.now()), items, orders },
    true,
  );
}

function report(desk: BiddingDesk): void {
  const nowMs = desk.ports.clock.now();
  const periods = [...desk.periods.values()]
    .filter(({ closed, times }) => !closed || nowMs < times.periodMs)
    .map(({ closed, times, book, contractCount }) =>
      closed
        ? { period: isoUtc(times.periodMs), phase: "contracted" as const, contractCount }
        : {
            period: isoUtc(times.periodMs),
            phase: "bidding" as const,
            orderCount: orderCount(book),
            itemCount: itemCount(book),
          },
    );
  desk.ports.link.report({ role: "bidding", status: "online", periods });
}

export function majorOrNull(value: number | null): number | null {
  return value === null ? null : majorFromMicro(value);
}
