/** What a participant can listen to: the topics by plain names, each with its schema. Source: contract.md, "Topics". */
import type * as z from "zod";
import { clockTick } from "../../shared/messages/clock.js";
import * as own from "../../shared/messages/private.js";
import * as open from "../../shared/messages/public.js";
import { filtersOf, topicParts, topicsOf } from "../../shared/topics.js";

const schemas = {
  clock: clockTick,
  "market-info": open.marketInfo,
  "market-state": open.marketState,
  status: open.marketStatus,
  price: open.price,
  "solar-forecast": open.solarForecast,
  kpi: open.kpi,
  items: open.itemList,
  "items-delta": open.itemDelta,
  book: open.bookTop,
  trades: open.publicTrade,
  results: open.results,
  reply: own.reply,
  fill: own.fill,
  orders: own.ownOrders,
  tariff: own.tariff,
  statement: own.statement,
  contract: own.contract,
  bill: own.bill,
} as const;

export type HeardName = keyof typeof schemas;
/** The message behind a name. */
export type Heard<Name extends HeardName> = z.infer<(typeof schemas)[Name]>;

/** One's own topics under names in the singular. */
const privateLevels = {
  reply: "replies",
  fill: "fills",
  orders: "orders",
  tariff: "tariff",
  statement: "statement",
} as const;
const privatePeriodLevels = { contract: "contracts", bill: "bills" } as const;
const publicPeriodLevels = ["items", "items-delta", "book", "trades", "results"] as const;
const publicLevels = ["clock", "market-info", "market-state", "status", "price", "solar-forecast", "kpi"] as const;

const passing = new Set<HeardName>(["reply", "fill", "items-delta", "trades"]);

/** Whether the broker keeps the last message of the topic for who comes later. */
export const isRetained = (name: HeardName): boolean => !passing.has(name);

/** What each name subscribes to, for one participant. No two overlap, so that nothing is heard twice. */
export function filtersByName(market: string, id: string): ReadonlyMap<HeardName, string> {
  const [topics, filters] = [topicsOf(market), filtersOf(market)];
  return new Map<HeardName, string>([
    ...publicLevels.map((name) => [name, topics.public(name)] as const),
    ...publicPeriodLevels.map((name) => [name, filters.publicPeriods(name)] as const),
    ...entries(privateLevels).map(([name, level]) => [name, topics.private(id, level)] as const),
    ...entries(privatePeriodLevels).map(([name, level]) => [name, filters.privatePeriods(id, level)] as const),
  ]);
}

const nameOfPrivateLevel = new Map<string, HeardName>(
  entries({ ...privateLevels, ...privatePeriodLevels }).map(([name, level]) => [level, name]),
);

/** The name behind a topic; undefined for what has none. */
export function nameOf(market: string, topic: string): HeardName | undefined {
  const parts = topicParts(market, topic);
  const [first = "", second = ""] = parts?.levels ?? [];
  if (parts?.area === "private") return nameOfPrivateLevel.get(second);
  return parts?.area === "public" && Object.hasOwn(schemas, first) ? (first as HeardName) : undefined;
}

/** @throws Error saying what is wrong with it. */
export function messageFrom<Name extends HeardName>(name: Name, text: string): Heard<Name> {
  return schemas[name].parse(JSON.parse(text)) as Heard<Name>;
}

function entries<Levels extends Readonly<Record<string, string>>>(levels: Levels) {
  return Object.entries(levels) as [keyof Levels & HeardName, Levels[keyof Levels]][];
}
