/**
 * What a bot knows of the market, taken from its messages: each is checked by the contract's own schema before it is believed.
 *
 * Hearing only fills memory. Acting is the tick's business (mind.ts), so that nothing depends on when between ticks a message came.
 */
import type * as z from "zod";
import { microPerKwhFromMajor, wattFromKw, whFromKwh } from "../../shared/decimal.js";
import { type ClockTick, clockTick } from "../../shared/messages/clock.js";
import { contract, fill, ownOrders, type Reply, reply, tariff } from "../../shared/messages/private.js";
import {
  consumptionCurve,
  type ItemList,
  itemList,
  type MarketInfo,
  marketInfo,
  price,
  solarForecast,
} from "../../shared/messages/public.js";
import { instantFromIso, periodFromTopicLevel } from "../../shared/time.js";
import { topicParts } from "../../shared/topics.js";
import type { Duty } from "./household.js";
import { forgetPeriod, noOrders, noteFill, noteReply, type OwnOrders, takeOver } from "./own-orders.js";
import { type OwnTariff, ownTariff } from "./price-series.js";
import { noTrends, type Trends, takeConsumptionCurve, takeSolarForecast } from "./trends.js";
import { noneUnanswered, noteAnswer, type UnansweredCommands } from "./unanswered.js";

export interface Knowledge {
  info: MarketInfo | undefined;
  tariff: OwnTariff | undefined;
  lastPriceMicroPerKwh: number | undefined;
  readonly trends: Trends;
  /** The curve as heard: its day begins by the market's timezone, which may be heard later. */
  curveHeard: z.infer<typeof consumptionCurve> | undefined;
  readonly contracts: Map<number, Duty>;
  readonly lists: Map<number, ItemList>;
  readonly orders: OwnOrders;
  readonly unanswered: UnansweredCommands;
  /** The market has answered that it takes no orders at all. */
  ordersRefused: boolean;
}

/** What hearing asks of the listener: to act on a tick, or to tell the operator something. */
export type Heard =
  | { readonly kind: "tick"; readonly tick: ClockTick }
  | {
      readonly kind: "note";
      readonly level: "info" | "warn";
      readonly message: string;
      readonly values: Record<string, unknown>;
    }
  | undefined;

export function noKnowledge(): Knowledge {
  return {
    info: undefined,
    tariff: undefined,
    lastPriceMicroPerKwh: undefined,
    trends: noTrends(),
    curveHeard: undefined,
    contracts: new Map(),
    lists: new Map(),
    orders: noOrders(),
    unanswered: noneUnanswered(),
    ordersRefused: false,
  };
}

/** All that trading needs: standing rules, own tariff, and the published trends. */
export function knowsTheMarket(knowledge: Knowledge): boolean {
  const { info, tariff: own, trends } = knowledge;
  return info !== undefined && own !== undefined && trends.solar !== undefined && trends.curve !== undefined;
}

/** Takes in one message; an empty payload clears a retained topic. Never throws: what cannot be read is told in a note. */
export function hear(knowledge: Knowledge, market: string, id: string, topic: string, payload: string): Heard {
  const parts = topicParts(market, topic);
  const [first = "", second = "", third] = parts?.levels ?? [];
  try {
    if (parts?.area === "public") return hearPublic(knowledge, first, second, payload);
    if (parts?.area === "private" && first === id) return hearPrivate(knowledge, second, third ?? "", payload);
  } catch (error) {
    return note("unreadable message ignored", { topic, error: error instanceof Error ? error.message : String(error) });
  }
  return note("message on an unexpected topic ignored", { topic });
}

function note(message: string, values: Record<string, unknown>, level: "info" | "warn" = "warn"): Heard {
  return { kind: "note", level, message, values };
}

/** Rejections that belong to trading: another was quicker, or filled the order meanwhile. */
const ordinary: ReadonlySet<string> = new Set([
  "item-taken",
  "gate-closed",
  "unknown-item",
  "unknown-order",
  "rate-limited",
  "credit-exceeded",
  "market-closed",
]);

function hearPublic(knowledge: Knowledge, name: string, level: string, payload: string): Heard {
  if (payload === "") {
    const periodMs = periodFromTopicLevel(level);
    if (name === "items" && periodMs !== undefined) knowledge.lists.delete(periodMs);
    return undefined;
  }
  const body: unknown = JSON.parse(payload);
  if (name === "clock") return { kind: "tick", tick: clockTick.parse(body) };
  if (name === "items") return hearList(knowledge, itemList.parse(body));
  if (name === "price") {
    const { pricePerKwh } = price.parse(body);
    if (pricePerKwh !== null) knowledge.lastPriceMicroPerKwh = microPerKwhFromMajor(pricePerKwh);
  } else if (name === "market-info") {
    const info = marketInfo.parse(body);
    if (info.mechanism !== knowledge.info?.mechanism) knowledge.ordersRefused = false;
    knowledge.info = info;
    layCurve(knowledge);
  } else if (name === "solar-forecast") takeSolarForecast(knowledge.trends, solarForecast.parse(body));
  else if (name === "consumption-curve") {
    knowledge.curveHeard = consumptionCurve.parse(body);
    layCurve(knowledge);
  } else return note("message on an unexpected topic ignored", { name });
  return undefined;
}

function hearPrivate(knowledge: Knowledge, name: string, level: string, payload: string): Heard {
  if (payload === "") {
    const periodMs = periodFromTopicLevel(level);
    if (name === "contracts" && periodMs !== undefined) knowledge.contracts.delete(periodMs);
    return undefined;
  }
  const body: unknown = JSON.parse(payload);
  if (name === "replies") return hearReply(knowledge, reply.parse(body));
  if (name === "orders") {
    const isFirst = knowledge.orders.periods.size === 0 && knowledge.orders.inFlight.size === 0;
    if (isFirst) takeOver(knowledge.orders, ownOrders.parse(body));
    return undefined;
  }
  if (name === "tariff") knowledge.tariff = ownTariff(tariff.parse(body));
  else if (name === "fills") {
    const message = fill.parse(body);
    noteFill(knowledge.orders, instantFromIso(message.period) ?? 0, message);
  } else if (name === "contracts") {
    const message = contract.parse(body);
    const periodMs = instantFromIso(message.period) ?? 0;
    knowledge.contracts.set(periodMs, {
      contractWh: whFromKwh(message.energyKwh),
      maxImportW: wattFromKw(message.maxImportKw),
      maxExportW: wattFromKw(message.maxExportKw),
    });
    forgetPeriod(knowledge.orders, periodMs);
  } else return note("message on an unexpected topic ignored", { name });
  return undefined;
}

function hearReply(knowledge: Knowledge, heard: Reply): Heard {
  if (noteAnswer(knowledge.unanswered, heard)) noteReply(knowledge.orders, heard);
  if (heard.status === "accepted") return undefined;
  const { requestId, topic, code, reason } = heard;
  if (code === "no-orders-in-pool") knowledge.ordersRefused = true;
  const message = code === "absent" ? "counted as absent" : "command rejected";
  return note(message, { requestId, topic, code, reason }, ordinary.has(code) ? "info" : "warn");
}

/** Keeps the newest: lists of one period may overtake each other only across a reconnection. */
function hearList(knowledge: Knowledge, list: ItemList): Heard {
  const periodMs = instantFromIso(list.period) ?? 0;
  const known = knowledge.lists.get(periodMs);
  if (known === undefined || known.n <= list.n) knowledge.lists.set(periodMs, list);
  return undefined;
}

function layCurve(knowledge: Knowledge): void {
  const { info, curveHeard } = knowledge;
  if (info !== undefined && curveHeard !== undefined) {
    takeConsumptionCurve(knowledge.trends, curveHeard, info.timezone);
  }
}
