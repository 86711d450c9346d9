/** What somebody watching sees at a glance: built from what the market publishes, never feeding a decision. */
import type { MarketState, Price, Results } from "../../shared/messages/public.js";
import { topicParts } from "../../shared/topics.js";

export interface MarketView {
  readonly market: string;
  currency: string;
  marketTime: string;
  status: string;
  state: MarketState | undefined;
  price: Price | undefined;
  /** Results of the last cleared periods, oldest first. */
  readonly results: Results[];
  readonly online: Set<string>;
  orders: number;
  trades: number;
  bills: number;
  /** Wall times of the last orders, for a rate. */
  readonly orderTimes: number[];
}

const keptResults = 8;
/** The rate is taken over that much wall time. */
const rateWindowMs = 10_000;

export function createMarketView(market: string, currency: string): MarketView {
  return {
    ...{ market, currency, marketTime: "", status: "starting", state: undefined, price: undefined },
    ...{ results: [], online: new Set<string>(), orders: 0, trades: 0, bills: 0, orderTimes: [] },
  };
}

/** Takes in a message that one of the market's processes has published. */
export function seePublished(view: MarketView, topic: string, message: object | null): void {
  if (message === null) return;
  const parts = topicParts(view.market, topic);
  if (parts?.area === "private" && parts.levels[1] === "bills") view.bills += 1;
  if (parts?.area !== "public") return;
  switch (parts.levels[0]) {
    case "clock":
      view.marketTime = (message as { ts: string }).ts;
      break;
    case "market-state":
      view.state = message as MarketState;
      break;
    case "status":
      view.status = (message as { status: string }).status;
      break;
    case "price":
      view.price = message as Price;
      view.trades += view.price.tradeCount;
      break;
    case "results":
      view.results.push(message as Results);
      if (view.results.length > keptResults) view.results.shift();
      break;
  }
}

/** Takes in a message that a participant has sent. */
export function seeSent(view: MarketView, sender: string, name: string, payload: string, wallMs: number): void {
  if (name === "status") {
    if (payload.includes('"online"')) view.online.add(sender);
    else view.online.delete(sender);
  } else if (name === "orders" || name === "items") {
    view.orders += 1;
    view.orderTimes.push(wallMs);
    forgetOldOrders(view, wallMs); // whether or not somebody asks for the rate
  }
}

/** Orders and items per wall second, over the last ten seconds. */
export function orderRate(view: MarketView, wallMs: number): number {
  forgetOldOrders(view, wallMs);
  return view.orderTimes.length / (rateWindowMs / 1000);
}

function forgetOldOrders({ orderTimes }: MarketView, wallMs: number): void {
  while ((orderTimes[0] ?? wallMs) < wallMs - rateWindowMs) orderTimes.shift();
}
