/** What a mechanism of one's own returns counts only if it is a lawful clearing. */
import { describe, expect, it } from "vitest";
import { checkedClearing } from "../../../market/rules/checked-clearing.js";
import { side } from "./auction-orders.js";

const book = [
  ...side("buy", [[120, 1000]]),
  ...side(
    "sell",
    [
      [80, 700],
      [90, 700],
    ],
    2,
  ),
];
const trade = { buyOrder: "b1", sellOrder: "s1", energyWh: 700, priceMicroPerKwh: 100 };

describe("a clearing of one's own", () => {
  it("gets buyer, seller, volume and prices from its trades", () => {
    const second = { ...trade, sellOrder: "s2", energyWh: 300, sellerPriceMicroPerKwh: 90 };
    const clearing = checkedClearing("mine", book, [trade, second]);
    expect(clearing).toEqual({
      trades: [
        { ...trade, buyer: "buyer1", seller: "seller1" },
        { ...second, buyer: "buyer1", seller: "seller2" },
      ],
      ...{ priceMicroPerKwh: null, lowMicroPerKwh: 90, highMicroPerKwh: 100, volumeWh: 1000 },
    });
    expect(checkedClearing("mine", book, [trade]).priceMicroPerKwh).toBe(100);
    expect(checkedClearing("mine", book, [])).toEqual({
      ...{ trades: [], priceMicroPerKwh: null, lowMicroPerKwh: null, highMicroPerKwh: null, volumeWh: 0 },
    });
  });

  it("drops a seller's price that is the buyer's", () => {
    const [told] = checkedClearing("mine", book, [{ ...trade, sellerPriceMicroPerKwh: 100 }]).trades;
    expect(told).not.toHaveProperty("sellerPriceMicroPerKwh");
  });

  it.each([
    ["nothing", undefined, "it returned undefined"],
    ["a promise", Promise.resolve([]), "it returned a promise"],
    ["an object", { trades: [] }, "it returned an object"],
    ["a list of numbers", [1], "trade 1 is 1, not an object"],
    ["a list of null", [null], "trade 1 is null"],
    ["a list with a hole", Object.assign([], { 1: trade }), "trade 1 is undefined, not an object"],
    ["the longest of lists, empty", Object.assign([], { length: 2 ** 32 - 1 }), "trade 1 is undefined, not an object"],
    ["energy that is a bigint", [{ ...trade, energyWh: 700n }], "energyWh 700n (a bigint); it must be a whole number"],
    ["an unknown order", [{ ...trade, buyOrder: "b9" }], 'buyOrder "b9"; there is no such order'],
    ["an order id that is a number", [{ ...trade, sellOrder: 3 }], "sellOrder 3; there is no such order"],
    ["the wrong side", [{ ...trade, buyOrder: "s1" }], "buyOrder s1, which is a sell order"],
    ["energy that is no whole number", [{ ...trade, energyWh: 0.5 }], "energyWh 0.5; it must be a whole number"],
    ["energy that is NaN", [{ ...trade, energyWh: Number.NaN }], "energyWh NaN; it must be a whole number"],
    ["no energy", [{ ...trade, energyWh: 0 }], "energyWh 0; it must be above 0"],
    ["energy below 0", [{ ...trade, energyWh: -5 }], "energyWh -5; it must be above 0"],
    ["a price that is no whole number", [{ ...trade, priceMicroPerKwh: 99.5 }], "priceMicroPerKwh 99.5"],
    ["a price that is a text", [{ ...trade, priceMicroPerKwh: "100" }], 'priceMicroPerKwh "100"'],
    ["no price", [{ ...trade, priceMicroPerKwh: undefined }], "priceMicroPerKwh undefined"],
    ["an infinite seller's price", [{ ...trade, sellerPriceMicroPerKwh: Infinity }], "sellerPriceMicroPerKwh Infinity"],
    ["another buyer", [{ ...trade, buyer: "thief" }], 'buyer "thief", but the order is buyer1\'s'],
    ["another seller", [{ ...trade, seller: 7 }], "seller 7, but the order is seller1's"],
    ["more energy than an order has", [trade, trade], "trade 2 takes 400 Wh more of order b1 than it has"],
    [
      "a price above the bid",
      [{ ...trade, priceMicroPerKwh: 121 }],
      "makes order b1 pay 121, more than its bid of 120",
    ],
    ["a price below the ask", [{ ...trade, sellerPriceMicroPerKwh: 79 }], "gives order s1 79, less than its ask of 80"],
  ])("is refused for %s", (_what, returned, sentence) => {
    expect(() => checkedClearing("mine", book, returned)).toThrow(
      /^the mechanism mine made a clearing that cannot count: /,
    );
    expect(() => checkedClearing("mine", book, returned)).toThrow(sentence);
  });

  it("may break limits where it is only tried", () => {
    const dear = { ...trade, priceMicroPerKwh: 500 };
    expect(checkedClearing("mine", book, [dear], { limits: false }).trades).toHaveLength(1);
  });
});
