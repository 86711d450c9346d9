import { describe, expect, it } from "vitest";
import { steps } from "../../../../market/rules/merit-order.js";
import { side } from "../auction-orders.js";
import { uniformClearing } from "../uniform-clearing.js";

const midpoint = { k: 0.5, tie: "pro-rata" } as const;
const byTime = { k: 0.5, tie: "time" } as const;
const units = (prices: readonly number[]) => prices.map((price) => [price, 1] as const);

describe("the uniform-price auction", () => {
  it("trades three units in [5, 6] with a welfare of 15 where bids are 10, 8, 6, 4 and asks 1, 3, 5, 7", () => {
    const bids = side("buy", units([10, 8, 6, 4]));
    const asks = side("sell", units([1, 3, 5, 7]), 11);
    const clearing = uniformClearing([...bids, ...asks], midpoint);
    expect(clearing).toMatchObject({ volumeWh: 3, lowMicroPerKwh: 5, highMicroPerKwh: 6, priceMicroPerKwh: 5 });
    const limit = new Map([...bids, ...asks].map((order) => [order.orderId, order.priceMicroPerKwh as number]));
    const welfare = clearing.trades.reduce(
      (sum, { buyOrder, sellOrder, energyWh }) =>
        sum + energyWh * ((limit.get(buyOrder) ?? 0) - (limit.get(sellOrder) ?? 0)),
      0,
    );
    expect(welfare).toBe(15);
  });

  it("sets the price between the ends of the interval as k says, rounded down to a millionth", () => {
    const orders = [...side("buy", [[200, 1]]), ...side("sell", [[100, 1]])];
    expect([0, 0.29, 0.333, 1].map((k) => uniformClearing(orders, { k, tie: "time" }).priceMicroPerKwh)).toEqual([
      100, 129, 133, 200,
    ]);
  });

  it("takes the step's price where one curve crosses a step of the other", () => {
    const askMargin = uniformClearing([...side("buy", [[9, 3]]), ...side("sell", [[4, 10]])], midpoint);
    expect(askMargin).toMatchObject({ priceMicroPerKwh: 4, lowMicroPerKwh: 4, highMicroPerKwh: 4 });
    const bidMargin = uniformClearing([...side("buy", [[9, 10]]), ...side("sell", [[4, 3]])], midpoint);
    expect(bidMargin).toMatchObject({ priceMicroPerKwh: 9, lowMicroPerKwh: 9, highMicroPerKwh: 9 });
  });

  it("bounds the price by the last bid and ask traded where nobody is left on either side", () => {
    const clearing = uniformClearing([...side("buy", [[9, 3]]), ...side("sell", [[4, 3]])], midpoint);
    expect(clearing).toMatchObject({ lowMicroPerKwh: 4, highMicroPerKwh: 9, priceMicroPerKwh: 6 });
  });

  it("has no price where no bid reaches an ask", () => {
    const clearing = uniformClearing([...side("buy", [[3, 1]]), ...side("sell", [[4, 1]])], midpoint);
    expect(clearing).toMatchObject({ priceMicroPerKwh: null, lowMicroPerKwh: null, volumeWh: 0, trades: [] });
    expect(clearing.tradedWh).toEqual(
      new Map([
        ["b1", 0],
        ["s1", 0],
      ]),
    );
  });

  it("shares the margin pro rata, the leftover Wh to the earlier arrival", () => {
    const bids = side("buy", [
      [9, 4],
      [7, 5],
      [7, 5],
      [7, 5],
    ]);
    const clearing = uniformClearing([...bids, ...side("sell", [[1, 11]], 11)], midpoint);
    expect([...clearing.tradedWh.values()]).toEqual([4, 3, 2, 2, 11]);
  });

  it("serves the margin strictly by arrival where the tie rule is time", () => {
    const bids = side("buy", [
      [7, 5],
      [7, 5],
      [7, 5],
    ]).reverse();
    const clearing = uniformClearing([...bids, ...side("sell", [[1, 7]], 11)], byTime);
    expect(Object.fromEntries(clearing.tradedWh)).toMatchObject({ b1: 5, b2: 2, b3: 0 });
  });

  it("breaks a tie of arrival by the smaller id", () => {
    const bids = side("buy", [
      [7, 5],
      [7, 5],
    ]).map((bid) => ({ ...bid, arrival: 1 }));
    const clearing = uniformClearing([...bids.reverse(), ...side("sell", [[1, 5]], 11)], byTime);
    expect(Object.fromEntries(clearing.tradedWh)).toMatchObject({ b1: 5, b2: 0 });
    expect(clearing.ranks.get("b2")).toBe(2);
  });

  it("lets whoever bids on both sides trade with itself", () => {
    const both = [...side("buy", [[9, 2]]), ...side("sell", [[4, 2]])].map((order) => ({
      ...order,
      participant: "one",
    }));
    expect(uniformClearing(both, midpoint).trades).toMatchObject([{ buyer: "one", seller: "one", energyWh: 2 }]);
  });

  it("keeps both of two orders that are alike but for their id", () => {
    const bids = side("buy", [
      [9, 2],
      [9, 2],
    ]);
    expect(uniformClearing([...bids, ...side("sell", [[4, 9]])], midpoint).volumeWh).toBe(4);
  });

  it("refuses two orders with one id and an order without energy", () => {
    const [bid] = side("buy", [[9, 2]]);
    if (bid === undefined) throw new Error("there is one bid");
    expect(() => uniformClearing([bid, bid], midpoint)).toThrow(RangeError);
    expect(() => uniformClearing(side("sell", [[4, 0]]), midpoint)).toThrow(RangeError);
  });

  it("shows the merit order as anonymous steps, equal prices in one", () => {
    const { bids } = uniformClearing(
      side("buy", [
        [7, 5],
        [9, 1],
        [7, 2],
      ] as const),
      midpoint,
    );
    expect(steps(bids)).toEqual([
      [9, 1],
      [7, 7],
    ]);
  });
});
