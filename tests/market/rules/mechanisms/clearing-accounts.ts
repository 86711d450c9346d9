/** What a clearing comes to for the tests of several mechanisms: energy, money, welfare, and what one participant makes of it. */
import fc from "fast-check";
import type { AuctionClearing, AuctionTerms } from "../../../../market/rules/mechanisms/mechanism.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { auctionOrders } from "../auction-orders.js";

export const terms: AuctionTerms = {
  k: 0.5,
  tie: "pro-rata",
  minEnergyWh: wh(1),
  priceFloorMicroPerKwh: microPerKwh(-1_000_000_000),
  priceCapMicroPerKwh: microPerKwh(1_000_000_000),
};

/** Small books full of ties, whose prices are whole thousands: a rounded millionth is far below any step. */
export const coarseOrders = auctionOrders.map((orders) =>
  orders.map((order) => ({ ...order, priceMicroPerKwh: microPerKwh(1000 * order.priceMicroPerKwh) })),
);

/** The same, each order its own participant's. */
export const singleOrders = coarseOrders.map((orders) =>
  orders.map((order) => ({ ...order, participant: order.orderId })),
);

export const anyTerms: fc.Arbitrary<AuctionTerms> = fc
  .record({
    k: fc.constantFrom(0, 0.25, 0.5, 1),
    tie: fc.constantFrom<"pro-rata" | "time">("pro-rata", "time"),
  })
  .map((chosen) => ({ ...terms, ...chosen }));

export interface Account {
  boughtWh: number;
  soldWh: number;
  /** Wh x millionths per kWh. */
  paid: number;
  received: number;
}

/** By participant or by order id. */
export function accounts({ trades }: AuctionClearing, by: "participant" | "order"): Map<string, Account> {
  const all = new Map<string, Account>();
  const of = (id: string): Account => {
    const account = all.get(id) ?? { boughtWh: 0, soldWh: 0, paid: 0, received: 0 };
    all.set(id, account);
    return account;
  };
  for (const trade of trades) {
    const buying = of(by === "participant" ? trade.buyer : trade.buyOrder);
    const selling = of(by === "participant" ? trade.seller : trade.sellOrder);
    buying.boughtWh += trade.energyWh;
    buying.paid += trade.energyWh * trade.priceMicroPerKwh;
    selling.soldWh += trade.energyWh;
    selling.received += trade.energyWh * (trade.sellerPriceMicroPerKwh ?? trade.priceMicroPerKwh);
  }
  return all;
}

/** Payments less receipts, Wh x millionths per kWh: positive is a surplus. */
export function surplus(clearing: AuctionClearing): number {
  return [...accounts(clearing, "order").values()].reduce((sum, { paid, received }) => sum + paid - received, 0);
}

/** Bids' values less asks' costs of what is traded, Wh x millionths per kWh. */
export function welfare(orders: readonly AuctionOrder[], clearing: AuctionClearing): number {
  const traded = accounts(clearing, "order");
  return orders.reduce((sum, { orderId, priceMicroPerKwh }) => {
    const { boughtWh = 0, soldWh = 0 } = traded.get(orderId) ?? {};
    return sum + priceMicroPerKwh * (boughtWh - soldWh);
  }, 0);
}

/** What `truth`, its owner's only order, is worth to the owner at what the clearing gives that participant. */
export function utility(truth: AuctionOrder, clearing: AuctionClearing): number {
  const account = accounts(clearing, "participant").get(truth.participant);
  if (account === undefined) return 0;
  // More than is wanted is worth nothing; nobody can deliver more than there is.
  if (truth.side === "buy") return truth.priceMicroPerKwh * Math.min(account.boughtWh, truth.energyWh) - account.paid;
  if (account.soldWh > truth.energyWh) throw new RangeError("sold more than there is");
  return account.received - truth.priceMicroPerKwh * account.soldWh;
}

/** Bids become asks and asks bids, prices mirrored about half of `sum`. */
export function mirrored(orders: readonly AuctionOrder[], sum: number): AuctionOrder[] {
  return orders.map((order) => ({
    ...order,
    side: order.side === "buy" ? "sell" : "buy",
    priceMicroPerKwh: microPerKwh(sum - order.priceMicroPerKwh),
  }));
}
