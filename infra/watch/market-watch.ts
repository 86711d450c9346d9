/** What a terminal shows of a market: built from its topics alone, bounded, with no rule of the market in it. */
import type * as z from "zod";
import { readJson } from "../../market/door/decode.js";
import { type ClockTick, clockTick, type Status, status } from "../../shared/messages/clock.js";
import { type OwnOrders, ownOrders } from "../../shared/messages/private.js";
import * as m from "../../shared/messages/public.js";
import { instantFromIso, periodTopicLevel } from "../../shared/time.js";
import { sentTo, topicParts } from "../../shared/topics.js";

export interface PeriodPrice {
  readonly period?: string | undefined;
  readonly pricePerKwh: number | null;
  readonly volumeKwh: number;
}

export interface MarketWatch {
  readonly market: string;
  isConnected: boolean;
  tick: ClockTick | undefined;
  /** Wall time at which the tick was heard. */
  tickWallMs: number;
  status: m.MarketStatus | undefined;
  info: m.MarketInfo | undefined;
  state: m.MarketState | undefined;
  kpi: m.Kpi | undefined;
  /** By period, as in JSON. */
  readonly prices: Map<string, PeriodPrice>;
  readonly energies: Map<string, m.Energy>;
  readonly books: Map<string, m.BookTop>;
  readonly lists: Map<string, m.ItemList>;
  /** Who is there, for an operator; undefined for anybody else. */
  readonly online: Map<string, Status> | undefined;
  own: OwnOrders | undefined;
}

/** Periods shown in a row of little bars. */
export const keptPeriods = 240;

export function createMarketWatch(market: string, isOperator: boolean): MarketWatch {
  return {
    ...{ market, isConnected: false, tick: undefined, tickWallMs: 0, status: undefined, info: undefined },
    ...{ state: undefined, kpi: undefined, prices: new Map(), energies: new Map(), books: new Map() },
    ...{ lists: new Map(), online: isOperator ? new Map() : undefined, own: undefined },
  };
}

/** Takes in a message; one that cannot be read is left out. */
export function hear(watch: MarketWatch, topic: string, payload: string, wallMs: number): void {
  const sent = sentTo(watch.market, topic);
  const parts = topicParts(watch.market, topic);
  if (sent?.name === "status") hearStatus(watch, sent.id, payload);
  else if (parts?.area === "private" && parts.levels[1] === "orders") watch.own = read(ownOrders, payload);
  else if (parts?.area === "public" && parts.levels[0] === "clock") hearTick(watch, read(clockTick, payload), wallMs);
  else if (parts?.area === "public" && payload === "") forget(watch, parts.levels);
  else if (parts?.area === "public") readers[parts.levels[0] ?? ""]?.(watch, payload);
}

/** A period's list and book are cleared at its gate. */
function forget({ lists, books }: MarketWatch, [name, level]: readonly string[]): void {
  const map = name === "items" ? lists : name === "book" ? books : undefined;
  for (const period of map?.keys() ?? [])
    if (periodTopicLevel(instantFromIso(period) ?? 0) === level) map?.delete(period);
}

function hearStatus({ online }: MarketWatch, id: string, payload: string): void {
  const told = read(status, payload);
  if (told?.status === "online") online?.set(id, told);
  else online?.delete(id);
}

const readers: Readonly<Record<string, (watch: MarketWatch, payload: string) => void>> = {
  status: (watch, payload) => {
    watch.status = read(m.marketStatus, payload) ?? watch.status;
  },
  "market-info": (watch, payload) => {
    watch.info = read(m.marketInfo, payload) ?? watch.info;
  },
  "market-state": (watch, payload) => {
    watch.state = read(m.marketState, payload) ?? watch.state;
  },
  kpi: (watch, payload) => {
    watch.kpi = read(m.kpi, payload) ?? watch.kpi;
  },
  price: (watch, payload) => keep(watch.prices, read(m.price, payload)),
  results: (watch, payload) => keep(watch.prices, read(m.results, payload)),
  energy: (watch, payload) => keep(watch.energies, read(m.energy, payload)),
  book: (watch, payload) => keep(watch.books, read(m.bookTop, payload)),
  items: (watch, payload) => keep(watch.lists, read(m.itemList, payload)),
};

function hearTick(watch: MarketWatch, tick: ClockTick | undefined, wallMs: number): void {
  if (tick === undefined) return;
  watch.tick = tick;
  watch.tickWallMs = wallMs;
  const nowMs = instantFromIso(tick.ts) ?? 0;
  // Their topics are cleared at the gate; where that was missed, they are over when the period begins.
  for (const map of [watch.lists, watch.books])
    for (const period of map.keys()) if ((instantFromIso(period) ?? 0) <= nowMs) map.delete(period);
}

/** In the order of periods, for a newcomer hears retained ones in any order. */
function keep<T extends { readonly period?: string | undefined }>(map: Map<string, T>, message: T | undefined): void {
  if (message?.period === undefined) return;
  const isNewest = [...map.keys()].every((period) => period < (message.period ?? ""));
  map.set(message.period, message);
  if (!isNewest) {
    const sorted = [...map].sort(([one], [other]) => (one < other ? -1 : 1));
    map.clear();
    for (const [period, value] of sorted) map.set(period, value);
  }
  for (const period of map.keys()) if (map.size > keptPeriods) map.delete(period);
}

function read<T>(schema: z.ZodType<T>, payload: string): T | undefined {
  return payload === "" ? undefined : schema.safeParse(readJson(payload)).data;
}
