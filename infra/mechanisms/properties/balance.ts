/** Properties of one clearing by itself: energy, money, limits, welfare, and that it repeats. */
import { greatestWelfare, sellerPriceOf } from "../../../market/rules/clearing-figures.js";
import type { Mechanism } from "../../../market/rules/mechanisms/mechanism.js";
import { kwhText, majorText } from "../../results/decimal-text.js";
import { outcomeOf } from "./outcome.js";
import type { Property, Sample } from "./property.js";

const always = (): undefined => undefined;

export const energy: Property = {
  name: "energy",
  title: "as much energy sold as bought, no order over its energy",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const { figures, trades, tradedWh } = outcomeOf(mechanism, sample, sample.orders);
    if (mechanism.kind === "pool") return undefined;
    const wrong = trades.find(({ energyWh }) => !Number.isSafeInteger(energyWh) || energyWh <= 0);
    if (wrong !== undefined) return `a trade of ${wrong.energyWh} Wh`;
    const over = sample.orders.find(({ orderId, energyWh }) => (tradedWh.get(orderId) ?? 0) > energyWh);
    if (over !== undefined) return `${over.orderId} trades more than its ${kwhText(over.energyWh)} kWh`;
    const side = (of: "buy" | "sell"): number =>
      sample.orders
        .filter((order) => order.side === of)
        .reduce((sum, { orderId }) => sum + (tradedWh.get(orderId) ?? 0), 0);
    const [bought, sold] = [side("buy"), side("sell")];
    if (bought === sold && bought === figures.volumeWh) return undefined;
    return `${bought} Wh bought, ${sold} Wh sold, ${figures.volumeWh} Wh told`;
  },
};

/** A pool's prices are whole millionths per kWh, and each of four amounts is rounded by half a millionth at most. */
function slackOf(mechanism: Mechanism, { orders }: Sample): number {
  if (mechanism.kind !== "pool") return 0;
  return 2 + orders.reduce((sum, { energyWh }) => sum + energyWh, 0) / 1000;
}

function remainderOf(mechanism: Mechanism, sample: Sample): number {
  return outcomeOf(mechanism, sample, sample.orders).figures.remainderMicro;
}

export const balanced: Property = {
  name: "balanced",
  title: "payments = receipts: nothing goes to or comes from the mechanism's account",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const remainder = remainderOf(mechanism, sample);
    return Math.abs(remainder) <= slackOf(mechanism, sample)
      ? undefined
      : `payments less receipts are ${majorText(remainder)}`;
  },
};

export const noDeficit: Property = {
  name: "no-deficit",
  title: "payments cover receipts: nobody has to add money",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const remainder = remainderOf(mechanism, sample);
    return remainder >= -slackOf(mechanism, sample) ? undefined : `${majorText(-remainder)} is lacking`;
  },
};

export const noSurplus: Property = {
  name: "no-surplus",
  title: "receipts cover payments: the mechanism keeps no money",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const remainder = remainderOf(mechanism, sample);
    return remainder <= slackOf(mechanism, sample) ? undefined : `${majorText(remainder)} is left over`;
  },
};

export const limits: Property = {
  name: "limits",
  title: "nobody pays above the bid or gets below the ask",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const { figures, trades } = outcomeOf(mechanism, sample, sample.orders);
    const byId = new Map(sample.orders.map((order) => [order.orderId, order]));
    for (const order of mechanism.kind === "pool" ? sample.orders : []) {
      const { buyerPriceMicroPerKwh: pays, sellerPriceMicroPerKwh: gets } = figures;
      const limit = order.priceMicroPerKwh;
      if (order.side === "buy" && pays !== null && pays > limit)
        return `${order.orderId} pays ${majorText(pays)}, it bid ${majorText(limit)}`;
      if (order.side === "sell" && gets !== null && gets < limit)
        return `${order.orderId} gets ${majorText(gets)}, it asked ${majorText(limit)}`;
    }
    for (const trade of trades) {
      const bid = byId.get(trade.buyOrder)?.priceMicroPerKwh;
      const ask = byId.get(trade.sellOrder)?.priceMicroPerKwh;
      const gets = sellerPriceOf(trade);
      if (bid === undefined || ask === undefined)
        return `a trade of ${trade.buyOrder} with ${trade.sellOrder}, which are not both in the book`;
      if (trade.priceMicroPerKwh > bid)
        return `${trade.buyOrder} pays ${majorText(trade.priceMicroPerKwh)}, it bid ${majorText(bid)}`;
      if (gets < ask) return `${trade.sellOrder} gets ${majorText(gets)}, it asked ${majorText(ask)}`;
    }
    return undefined;
  },
};

export const welfare: Property = {
  name: "welfare",
  title: "welfare is the greatest that the limits allow, as `optimal`'s",
  books: "any",
  doesNotApply: ({ kind }) => (kind === "pool" ? "a pool asks nobody's limit" : undefined),
  violation: (mechanism, sample) => {
    const { welfareBillionths } = outcomeOf(mechanism, sample, sample.orders).figures;
    const greatest = greatestWelfare(sample.orders);
    if (welfareBillionths === greatest) return undefined;
    return `welfare is ${Number(welfareBillionths) / 1e9}, ${Number(greatest) / 1e9} can be had`;
  },
};

export const repeatable: Property = {
  name: "repeatable",
  title: "the same book twice gives the same trades",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const told = (): string => {
      const { trades, figures } = outcomeOf(mechanism, sample, sample.orders);
      return JSON.stringify([trades, { ...figures, welfareBillionths: String(figures.welfareBillionths) }]);
    };
    const first = told();
    return first === told() ? undefined : "the second clearing differs from the first";
  },
};
