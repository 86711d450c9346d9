/** Properties of two clearings of nearly the same book: rows or arrivals permuted, an order split, added, or untrue. */
import { sellerPriceOf } from "../../../market/rules/clearing-figures.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { kwhText, majorText } from "../../results/decimal-text.js";
import { differenceIn, type Outcome, outcomeOf } from "./outcome.js";
import { chosen, type Property } from "./property.js";

const always = (): undefined => undefined;

/** The indices 0 to `count` - 1 in another order, the same for the same `which`. */
function shuffled(count: number, which: number): number[] {
  const keyed = Array.from({ length: count }, (_, index) => ({ index, key: ((index + 1) * (which + 7919)) % 10_007 }));
  return keyed.sort((one, other) => one.key - other.key || other.index - one.index).map(({ index }) => index);
}

function canonical({ trades, figures }: Outcome): string {
  const rows = trades.map((trade) =>
    JSON.stringify([trade.buyOrder, trade.sellOrder, trade.energyWh, trade.priceMicroPerKwh, sellerPriceOf(trade)]),
  );
  const { priceMicroPerKwh, lowMicroPerKwh, highMicroPerKwh, volumeWh } = figures;
  return [priceMicroPerKwh, lowMicroPerKwh, highMicroPerKwh, volumeWh, ...rows.sort()].join(" ");
}

export const rows: Property = {
  name: "rows",
  title: "permuting the rows of a book, arrivals as they were, changes nothing",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const moved = shuffled(sample.orders.length, sample.which).flatMap((index) => sample.orders[index] ?? []);
    const before = canonical(outcomeOf(mechanism, sample, sample.orders));
    return before === canonical(outcomeOf(mechanism, sample, moved))
      ? undefined
      : `with the rows ${moved.map(({ orderId }) => orderId).join(", ")} the trades are others`;
  },
};

export const arrivals: Property = {
  name: "arrivals",
  title: "permuting arrivals changes only who trades among equal prices",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const places = shuffled(sample.orders.length, sample.which);
    const moved = sample.orders.map(
      (order, index): AuctionOrder => ({
        ...order,
        arrival: sample.orders[places[index] ?? index]?.arrival ?? order.arrival,
      }),
    );
    const difference = differenceIn(
      { orders: sample.orders, outcome: outcomeOf(mechanism, sample, sample.orders) },
      { orders: moved, outcome: outcomeOf(mechanism, sample, moved) },
    );
    const said = moved.map(({ orderId, arrival }) => `${orderId} ${arrival}`).join(", ");
    return difference === undefined ? undefined : `with arrivals ${said}: ${difference}`;
  },
};

export const splitting: Property = {
  name: "splitting",
  title: "splitting an order in two changes only shares among equal prices",
  books: "any",
  doesNotApply: always,
  violation: (mechanism, sample) => {
    const whole = chosen(sample);
    if (whole === undefined || whole.energyWh < 2) return undefined;
    const firstWh = 1 + (sample.which % (whole.energyWh - 1));
    // Arrivals of a sample leave room for the second part behind the first.
    const parts: AuctionOrder[] = [
      { ...whole, energyWh: wh(firstWh) },
      { ...whole, orderId: `${whole.orderId}-2`, energyWh: wh(whole.energyWh - firstWh), arrival: whole.arrival + 1 },
    ];
    const split = sample.orders.flatMap((order) => (order === whole ? parts : [order]));
    const before = outcomeOf(mechanism, sample, sample.orders);
    const after = outcomeOf(mechanism, sample, split);
    const said = `with ${whole.orderId} split into ${kwhText(firstWh)} and ${kwhText(whole.energyWh - firstWh)} kWh`;
    const difference = differenceIn({ orders: sample.orders, outcome: before }, { orders: split, outcome: after });
    if (difference !== undefined) return `${said} ${difference}`;
    const wholeWh = before.tradedWh.get(whole.orderId) ?? 0;
    const partsWh = parts.reduce((sum, { orderId }) => sum + (after.tradedWh.get(orderId) ?? 0), 0);
    // Largest remainders: a part may get one Wh more or less than its share, and so may the whole.
    const slackWh = sample.terms.tie === "pro-rata" ? 2 : 0;
    if (Math.abs(wholeWh - partsWh) <= slackWh) return undefined;
    return `${said} its owner trades ${kwhText(partsWh)} kWh, before ${kwhText(wholeWh)}`;
  },
};

export const interval: Property = {
  name: "interval",
  title: "a bid more never lowers the price interval, an ask more never raises it",
  books: "any",
  doesNotApply: ({ kind }) =>
    kind === "auction" ? undefined : kind === "pool" ? "a pool has no price interval" : "nothing is traded",
  violation: (mechanism, sample) => {
    const model = chosen(sample);
    if (model === undefined) return undefined;
    const latest = Math.max(...sample.orders.map(({ arrival }) => arrival));
    const added: AuctionOrder = {
      ...{ orderId: "added", participant: "added", side: model.side, energyWh: model.energyWh },
      ...{ priceMicroPerKwh: microPerKwh(sample.priceMicroPerKwh), arrival: latest + 2 },
    };
    const before = outcomeOf(mechanism, sample, sample.orders).figures;
    const after = outcomeOf(mechanism, sample, [...sample.orders, added]).figures;
    for (const end of ["lowMicroPerKwh", "highMicroPerKwh"] as const) {
      const [was, is] = [before[end], after[end]];
      if (was === null || is === null) continue;
      if (added.side === "buy" ? is < was : is > was) {
        const what = `${added.side === "buy" ? "bid" : "ask"} of ${kwhText(added.energyWh)} kWh at ${majorText(sample.priceMicroPerKwh)}`;
        return `with one more ${what} the ${end === "lowMicroPerKwh" ? "low" : "high"} end goes from ${majorText(was)} to ${majorText(is)}`;
      }
    }
    return undefined;
  },
};

export const truth: Property = {
  name: "truth",
  title: "truth is dominant: no other price pays whoever has one order only",
  books: "one-order-each",
  doesNotApply: ({ kind }) => (kind === "pool" ? "a pool asks nobody's limit" : undefined),
  violation: (mechanism, sample) => {
    const liar = chosen(sample);
    if (liar === undefined) return undefined;
    const lie = { ...liar, priceMicroPerKwh: microPerKwh(sample.priceMicroPerKwh) };
    const told = sample.orders.map((order) => (order === liar ? lie : order));
    const honest = outcomeOf(mechanism, sample, sample.orders);
    const untrue = outcomeOf(mechanism, sample, told);
    const gain = utilityOf(liar, untrue) - utilityOf(liar, honest);
    // A price per kWh is rounded to a millionth: that much on all its energy is no gain.
    if (gain <= BigInt(liar.energyWh)) return undefined;
    return `${liar.orderId} gains ${Number(gain) / 1e9} by saying ${majorText(lie.priceMicroPerKwh)} instead of ${majorText(liar.priceMicroPerKwh)}`;
  },
};

/** What an order gains at its true limit. Billionths. */
function utilityOf({ orderId, side, priceMicroPerKwh }: AuctionOrder, { trades }: Outcome): bigint {
  return trades.reduce((sum, trade) => {
    if (side === "buy" && trade.buyOrder === orderId) {
      return sum + BigInt(trade.energyWh) * BigInt(priceMicroPerKwh - trade.priceMicroPerKwh);
    }
    if (side === "sell" && trade.sellOrder === orderId) {
      return sum + BigInt(trade.energyWh) * BigInt(sellerPriceOf(trade) - priceMicroPerKwh);
    }
    return sum;
  }, 0n);
}
