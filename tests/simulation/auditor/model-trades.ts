/** What every gate has to keep, whatever the mechanism: both sides equal, no order over-filled, nobody worse off than his limit. */
import type { Fact, Trade } from "../../../market/facts.js";
import type { ManageContracts } from "../../../shared/messages/manage.js";
import type { NaiveBook } from "../../market/rules/naive/naive-book.js";
import { microOf, whOf } from "./requests.js";

/** @returns what is wrong, undefined where nothing is */
export function checkTrades(book: NaiveBook, trades: readonly Trade[], facts: readonly Fact[]): string | undefined {
  return overFilled(book, trades) ?? wrongFates(book, trades, facts) ?? wrongContracts(trades, facts);
}

/** Energy of each order or item in these trades. */
export function tradedEnergy(trades: readonly Trade[]): Map<string, number> {
  const energyWh = new Map<string, number>();
  for (const trade of trades) {
    for (const id of [trade.buyOrder, trade.sellOrder]) energyWh.set(id, (energyWh.get(id) ?? 0) + trade.energyWh);
  }
  return energyWh;
}

interface AskedCut {
  readonly orderId: string;
  readonly cutKwh: number;
}

/** Contracts as they are handed on: at the gate what was traded; after the DSO's word no more than before, and less of what it cut. */
export function checkHanded(
  made: readonly Trade[],
  before: readonly Trade[] | undefined,
  handed: readonly Trade[],
  cuts: readonly AskedCut[],
): string | undefined {
  const plain = (trades: readonly Trade[]): string =>
    JSON.stringify(trades.map(({ buyOrder, sellOrder, energyWh }) => [buyOrder, sellOrder, energyWh]));
  if (before === undefined)
    return plain(made) === plain(handed) ? undefined : "other contracts are handed on than were made";
  const [earlier, now] = [tradedEnergy(before), tradedEnergy(handed)];
  for (const [id, energyWh] of now) {
    if (energyWh > (earlier.get(id) ?? 0))
      return `${id} has ${energyWh} Wh after the DSO's cuts, ${earlier.get(id) ?? 0} Wh before`;
  }
  for (const { orderId, cutKwh } of cuts) {
    const left = Math.max(0, (earlier.get(orderId) ?? 0) - Math.round(cutKwh * 1000));
    if ((now.get(orderId) ?? 0) > left) return `${orderId} was cut to ${left} Wh and has ${now.get(orderId)} Wh`;
  }
  return undefined;
}

function overFilled({ items, orders }: NaiveBook, trades: readonly Trade[]): string | undefined {
  const objects = new Map([...items, ...orders].map((object) => [object.id, object]));
  for (const trade of trades) {
    const { buyer, seller, buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh } = trade;
    const [bid, ask] = [objects.get(buyOrder), objects.get(sellOrder)];
    if (bid === undefined || ask === undefined) return `a trade of ${buyOrder} and ${sellOrder}, which nobody placed`;
    if (energyWh <= 0) return `a trade of ${energyWh} Wh`;
    if (bid.participant !== buyer || bid.side !== "buy") return `${buyer} buys by ${buyOrder}, which is not its own`;
    if (ask.participant !== seller || ask.side !== "sell")
      return `${seller} sells by ${sellOrder}, which is not its own`;
    // What traded on arrival is final: its limit may have been changed since.
    if (trade.mechanism === "continuous") continue;
    if (priceMicroPerKwh > bid.priceMicroPerKwh) return `${buyOrder} pays more than its limit`;
    const received = sellerPriceMicroPerKwh ?? priceMicroPerKwh;
    if (received < ask.priceMicroPerKwh) return `${sellOrder} gets less than its limit`;
  }
  for (const [id, energyWh] of tradedEnergy(trades)) {
    const most = objects.get(id)?.energyWh ?? 0;
    if (energyWh > most) return `${id} trades ${energyWh} Wh of ${most} Wh`;
  }
  return undefined;
}

function wrongFates(
  { items, orders }: NaiveBook,
  trades: readonly Trade[],
  facts: readonly Fact[],
): string | undefined {
  const fates = facts.flatMap((fact) => (fact.type === "fate" ? [fact.fate] : []));
  const told = new Set(fates.map(({ orderId }) => orderId));
  const missing = [...items, ...orders].find(({ id }) => !told.has(id));
  if (missing !== undefined) return `${missing.id} is told no fate`;
  if (told.size < fates.length) return "an order is told its fate twice";
  const energyWh = tradedEnergy(trades);
  const wrong = fates.find(({ orderId, tradedWh }) => tradedWh !== (energyWh.get(orderId) ?? 0));
  return wrong === undefined ? undefined : `${wrong.orderId} is told ${wrong.tradedWh} Wh`;
}

function wrongContracts(trades: readonly Trade[], facts: readonly Fact[]): string | undefined {
  const nets = new Map<string, number>();
  for (const { buyer, seller, energyWh } of trades) {
    nets.set(buyer, (nets.get(buyer) ?? 0) - energyWh);
    nets.set(seller, (nets.get(seller) ?? 0) + energyWh);
  }
  let sumWh = 0;
  for (const fact of facts) {
    if (fact.type !== "contract") continue;
    sumWh += fact.energyWh;
    if (nets.get(fact.participant) !== fact.energyWh)
      return `${fact.participant} has a contract of ${fact.energyWh} Wh`;
    nets.delete(fact.participant);
  }
  if (nets.size > 0) return `${[...nets.keys()].join(", ")} traded and have no contract`;
  return sumWh === 0 ? undefined : `contracts sum to ${sumWh} Wh`;
}

/** A trade as a contracts message tells it. */
export function tradeFrom({
  energyKwh,
  pricePerKwh,
  sellerPricePerKwh,
  ...names
}: ManageContracts["trades"][number]): Trade {
  const seller = sellerPricePerKwh === undefined ? {} : { sellerPriceMicroPerKwh: microOf(sellerPricePerKwh) };
  return { ...names, energyWh: whOf(energyKwh), priceMicroPerKwh: microOf(pricePerKwh), ...seller } as Trade;
}

/** What an auction decides of a trade. */
export const plainTrade = ({ buyOrder, sellOrder, energyWh, priceMicroPerKwh }: Trade) => [
  ...[buyOrder, sellOrder, energyWh, priceMicroPerKwh],
];
