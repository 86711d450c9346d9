/** A mechanism as a user may write one: the highest bid meets the cheapest ask, half-way, and so on while they meet. */
interface Order {
  orderId: string;
  side: "buy" | "sell";
  energyWh: number;
  priceMicroPerKwh: number;
}

export const name = "highest-first";

export function clear(orders: Order[]) {
  const by = (side: Order["side"], sign: number) =>
    orders.filter((order) => order.side === side).sort((a, b) => sign * (a.priceMicroPerKwh - b.priceMicroPerKwh));
  const bids = by("buy", -1);
  const asks = by("sell", 1);
  const trades = [];
  for (const bid of bids) {
    for (const ask of asks) {
      const energyWh = Math.min(bid.energyWh, ask.energyWh);
      if (energyWh === 0 || bid.priceMicroPerKwh < ask.priceMicroPerKwh) continue;
      const priceMicroPerKwh = Math.floor((bid.priceMicroPerKwh + ask.priceMicroPerKwh) / 2);
      trades.push({ buyOrder: bid.orderId, sellOrder: ask.orderId, energyWh, priceMicroPerKwh });
      bid.energyWh -= energyWh;
      ask.energyWh -= energyWh;
    }
  }
  return trades;
}
