import { describe, expect, it } from "vitest";
import { cutEvenly } from "../../../../market/rules/mechanisms/cut-evenly.js";
import { mcafee } from "../../../../market/rules/mechanisms/mcafee.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { side } from "../auction-orders.js";
import { accounts, surplus, terms, utility } from "./clearing-accounts.js";

const clear = (orders: readonly AuctionOrder[]) => mcafee.clear(orders, terms);
const units = (prices: readonly number[]) => prices.map((price) => [price, 1] as const);
const filled = (orders: readonly AuctionOrder[]) => {
  const traded = accounts(clear(orders), "order");
  return orders.map(({ orderId }) => {
    const { boughtWh = 0, soldWh = 0 } = traded.get(orderId) ?? {};
    return boughtWh + soldWh;
  });
};

describe("McAfee's auction", () => {
  it("trades all three at 5.5, the middle of the first losers 4 and 7, where bids are 10, 8, 6, 4 and asks 1, 3, 5, 7", () => {
    const orders = [...side("buy", units([100, 80, 60, 40])), ...side("sell", units([10, 30, 50, 70]))];
    const clearing = clear(orders);
    expect(clearing).toMatchObject({ priceMicroPerKwh: 55, lowMicroPerKwh: 50, highMicroPerKwh: 60, volumeWh: 3 });
    expect(clearing.trades.every((trade) => trade.sellerPriceMicroPerKwh === undefined)).toBe(true);
    expect(surplus(clearing)).toBe(0);
  });

  it("rounds the middle of the losers down to a millionth", () => {
    const orders = [...side("buy", units([10, 4])), ...side("sell", units([1, 7]))];
    expect(clear(orders).priceMicroPerKwh).toBe(5);
  });

  it("leaves the last pair out and lets it set the prices where the losers' middle is out of range", () => {
    const orders = [...side("buy", units([10, 8, 6, 1])), ...side("sell", units([1, 3, 5, 20]))];
    const clearing = clear(orders);
    expect(clearing).toMatchObject({ priceMicroPerKwh: null, lowMicroPerKwh: 5, highMicroPerKwh: 6, volumeWh: 2 });
    for (const trade of clearing.trades)
      expect(trade).toMatchObject({ priceMicroPerKwh: 6, sellerPriceMicroPerKwh: 5 });
    expect(surplus(clearing)).toBe(2);
    expect(clearing.reasons).toEqual(
      new Map([
        ["b3", "left out: its price set the others'"],
        ["s3", "left out: its price set the others'"],
      ]),
    );
  });

  it("leaves the last pair out where there is no further bid or ask", () => {
    const orders = [...side("buy", units([10, 8])), ...side("sell", units([1, 3, 5, 20]))];
    expect(clear(orders)).toMatchObject({ volumeWh: 1, lowMicroPerKwh: 3, highMicroPerKwh: 8 });
  });

  it("does not take a price from a loser that trades with another order", () => {
    const orders = [...side("buy", units([100, 80, 60, 40])), ...side("sell", units([10, 30, 50, 70]))];
    const owned = orders.map((order) => (order.orderId === "b4" ? { ...order, participant: "buyer1" } : order));
    expect(clear(owned)).toMatchObject({
      priceMicroPerKwh: null,
      volumeWh: 2,
      lowMicroPerKwh: 50,
      highMicroPerKwh: 60,
    });
  });

  it("has no price of losers where the last order on one side is filled in part: the reduction as Huang, Scheller-Wolf and Sycara print it", () => {
    // The doctest of pymarket: 1 kWh at 3, 2 at 1 against 2 at 2; then 0.2 bid at 3.3 and 0.3 asked at 1 more.
    const bids = side("buy", [
      [3_000_000, 1000],
      [1_000_000, 2000],
      [3_300_000, 200],
    ]);
    const asks = side("sell", [
      [2_000_000, 2000],
      [1_000_000, 300],
    ]);
    const few = clear([...bids.slice(0, 2), ...asks.slice(0, 1)]);
    expect(few).toMatchObject({ trades: [], volumeWh: 0, lowMicroPerKwh: null, highMicroPerKwh: null });
    expect(few.reasons?.get("b1")).toBe("left out: its price would have set the others'");
    const all = clear([...bids, ...asks]);
    expect(all.volumeWh).toBe(200);
    expect(all.trades).toMatchObject([
      {
        buyOrder: "b3",
        sellOrder: "s2",
        energyWh: 200,
        priceMicroPerKwh: 3_000_000,
        sellerPriceMicroPerKwh: 2_000_000,
      },
    ]);
    expect(all.reasons?.get("s2")).toBe("cut evenly on the long side");
    expect(all.reasons?.has("b3")).toBe(false);
  });

  it("says of an order whose only counterparty left that it had nobody to trade with", () => {
    const orders = [...side("buy", units([10, 8])), ...side("sell", [[1, 2]])];
    const clearing = clear(orders);
    expect(clearing.volumeWh).toBe(0);
    expect(clearing.reasons?.get("b1")).toBe("the only orders to trade with were left out");
  });

  it("cuts the long side by the same energy each, whatever the limits, the Wh left over from the later arrivals", () => {
    // Bids of 10, 6 and 3 ahead of the marginal one against 12 Wh of asks: 7 to cut, 2 each and the last Wh from the last.
    const bids = side("buy", [
      [30, 10],
      [50, 6],
      [40, 3],
      [20, 5],
    ]);
    const asks = side(
      "sell",
      [
        [5, 12],
        [18, 9],
      ],
      11,
    );
    const orders = [...bids, ...asks];
    expect(filled(orders)).toEqual([8, 4, 0, 0, 12, 0]);
    const raised = orders.map((order) =>
      order.orderId === "b1" ? { ...order, priceMicroPerKwh: microPerKwh(99) } : order,
    );
    expect(filled(raised)).toEqual(filled(orders));
  });

  it("ranks equal prices by arrival, whatever the order in which they are handed in", () => {
    const orders = [...side("buy", units([8, 8, 8])), ...side("sell", units([1, 2]), 11)];
    expect(filled(orders)).toEqual([1, 0, 0, 1, 0]);
    expect(clear([...orders].reverse())).toEqual(clear(orders));
  });

  it("is not truthful for two orders: a second bid of one's own that leaves in the first's place lowers the price", () => {
    const others = [...side("buy", units([9, 6])).slice(1), ...side("sell", units([1, 2, 3, 4]), 11)];
    const truth = {
      ...others[0],
      orderId: "own",
      participant: "own",
      priceMicroPerKwh: microPerKwh(9),
    } as AuctionOrder;
    const decoy = { ...truth, orderId: "decoy", priceMicroPerKwh: microPerKwh(5), arrival: 99 };
    expect(utility(truth, clear([...others, truth, decoy]))).toBeGreaterThan(utility(truth, clear([...others, truth])));
  });

  it("is truthful in prices and not in energy: who asks for less than it wants may make another set the price", () => {
    const others = [...side("buy", [[50, 1]]), ...side("sell", units([10, 20, 80]), 11)];
    const truth: AuctionOrder = {
      orderId: "own",
      participant: "own",
      side: "buy",
      energyWh: wh(2),
      priceMicroPerKwh: microPerKwh(70),
      arrival: 21,
    };
    expect(utility(truth, clear([...others, truth]))).toBe(10);
    expect(utility(truth, clear([...others, { ...truth, energyWh: wh(1) }]))).toBe(20);
  });

  it("refuses two orders of one id and an order without energy", () => {
    const [bid] = side("buy", units([8]));
    if (bid === undefined) throw new Error("no bid");
    expect(() => clear([bid, bid])).toThrow("same id");
    expect(() => clear([{ ...bid, energyWh: wh(0) }])).toThrow(RangeError);
  });
});

describe("a cut shared out evenly", () => {
  it.each([
    [[1000, 2000, 3000], 600, [800, 1800, 2800]],
    [[1000, 500, 2000], 1800, [350, 0, 1350]],
    [[5, 5, 5], 7, [3, 3, 2]],
    [[5, 5], 10, [0, 0]],
    [[5, 5], 0, [5, 5]],
    [[], 0, []],
  ])("of %j takes %i and leaves %j", (energies, cut, left) => {
    expect(cutEvenly(energies, cut)).toEqual(left);
  });

  it("refuses to cut more than there is", () => {
    expect(() => cutEvenly([5], 6)).toThrow(RangeError);
    expect(() => cutEvenly([], 1)).toThrow(RangeError);
  });
});
