import { describe, expect, it } from "vitest";
import { vcg } from "../../../../market/rules/mechanisms/vcg.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { stream } from "../../../../shared/random-stream.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { side } from "../auction-orders.js";
import { accounts, surplus, terms, welfare } from "./clearing-accounts.js";

const clear = (orders: readonly AuctionOrder[]) => vcg.clear(orders, terms);
const units = (prices: readonly number[]) => prices.map((price) => [price, 1] as const);

describe("the VCG auction", () => {
  it("lets buyers pay 5, sellers get 6 and misses 3 where bids are 10, 8, 6, 4 and asks 1, 3, 5, 7", () => {
    const orders = [...side("buy", units([10, 8, 6, 4])), ...side("sell", units([1, 3, 5, 7]))];
    const clearing = clear(orders);
    expect(clearing).toMatchObject({ priceMicroPerKwh: null, lowMicroPerKwh: 5, highMicroPerKwh: 6, volumeWh: 3 });
    for (const trade of clearing.trades)
      expect(trade).toMatchObject({ priceMicroPerKwh: 5, sellerPriceMicroPerKwh: 6 });
    expect(surplus(clearing)).toBe(-3);
    expect(welfare(orders, clearing)).toBe(15);
  });

  it("names no seller's price where it is the buyer's", () => {
    const clearing = clear([...side("buy", units([9, 9])), ...side("sell", units([1]))]);
    expect(clearing.trades).toMatchObject([{ priceMicroPerKwh: 9 }]);
    expect(clearing.trades[0]).not.toHaveProperty("sellerPriceMicroPerKwh");
  });

  it("asks of a buyer what its energy is worth to those who lose by it, on average", () => {
    // Without buyer 1's 3 Wh: 1 more Wh to buyer 2 at 7, and the asks at 6 and 4 would not be needed: 17 / 3.
    const bids = side("buy", [
      [9, 3],
      [7, 1],
    ]);
    const asks = side("sell", [
      [4, 2],
      [6, 1],
    ]);
    const bought = accounts(clear([...bids, ...asks]), "participant").get("buyer1");
    expect(bought).toMatchObject({ boughtWh: 3, paid: 3 * Math.floor(17 / 3) });
  });

  it("rounds a seller's average up: the deficit bears it", () => {
    const bids = side("buy", [
      [9, 1],
      [8, 2],
    ]);
    const asks = side("sell", [
      [1, 3],
      [20, 3],
    ]);
    // Without the seller the buyers would lose 9 + 8 + 8 and pay nobody: 25 / 3.
    expect(accounts(clear([...bids, ...asks]), "participant").get("seller1")).toMatchObject({ received: 3 * 9 });
  });

  it("lets who buys and sells pay for its net, and no order of it leaves its limit", () => {
    const many = [...side("buy", [[6, 50]]), ...side("sell", [[6, 50]], 11)];
    const own: AuctionOrder[] = [
      {
        orderId: "x",
        participant: "both",
        side: "buy",
        energyWh: wh(1),
        priceMicroPerKwh: microPerKwh(10),
        arrival: 21,
      },
      {
        orderId: "y",
        participant: "both",
        side: "buy",
        energyWh: wh(1),
        priceMicroPerKwh: microPerKwh(6),
        arrival: 22,
      },
      {
        orderId: "z",
        participant: "both",
        side: "sell",
        energyWh: wh(1),
        priceMicroPerKwh: microPerKwh(5),
        arrival: 23,
      },
    ];
    expect(accounts(clear([...many, ...own]), "participant").get("both")).toEqual({
      boughtWh: 2,
      soldWh: 1,
      paid: 12,
      received: 6,
    });
  });

  it("pays who trades with itself under two names: truth is dominant under one name only", () => {
    const others = [...side("buy", units([10, 4])), ...side("sell", units([3, 9]))];
    const decoy = { energyWh: wh(1), arrival: 99 };
    const bid: AuctionOrder = {
      ...decoy,
      orderId: "x",
      participant: "x",
      side: "buy",
      priceMicroPerKwh: microPerKwh(100),
    };
    const ask: AuctionOrder = {
      ...decoy,
      orderId: "y",
      participant: "y",
      side: "sell",
      priceMicroPerKwh: microPerKwh(0),
    };
    const paidFor = accounts(clear([...others, bid, ask]), "participant");
    expect((paidFor.get("y")?.received ?? 0) - (paidFor.get("x")?.paid ?? 0)).toBeGreaterThan(0);
    const oneName = accounts(clear([...others, bid, { ...ask, participant: "x" }]), "participant");
    expect((oneName.get("x")?.received ?? 0) - (oneName.get("x")?.paid ?? 0)).toBe(0);
  });

  it("clears nothing where no bid reaches an ask, and refuses broken orders", () => {
    const apart = [...side("buy", units([3])), ...side("sell", units([4]))];
    expect(clear(apart)).toMatchObject({ trades: [], volumeWh: 0, lowMicroPerKwh: null, highMicroPerKwh: null });
    const [bid] = apart;
    if (bid === undefined) throw new Error("no bid");
    expect(() => clear([bid, bid])).toThrow("same id");
    expect(() => clear([{ ...bid, energyWh: wh(0) }])).toThrow(RangeError);
  });

  it("takes books in which large orders face thousands of tiny ones: a walk for each would be millions of steps", () => {
    const random = stream(1, "vcg", "large book");
    const orders = Array.from({ length: 40_000 }, (_, index): AuctionOrder => {
      const large = index % 2 === 0;
      return {
        orderId: `o${index}`,
        participant: `p${index}`,
        side: large ? "buy" : "sell",
        energyWh: wh(large ? random.integer(10_000, 20_000) : 1),
        priceMicroPerKwh: microPerKwh(random.integer(1, 1_000_000)),
        arrival: index,
      };
    });
    const clearing = clear(orders);
    expect(clearing.volumeWh).toBeGreaterThan(10_000);
    expect(surplus(clearing)).toBeLessThan(0);
  });
});
