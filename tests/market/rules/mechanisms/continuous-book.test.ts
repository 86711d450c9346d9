import { describe, expect, it } from "vitest";
import type { Side } from "../../../../market/facts.js";
import {
  addOrder,
  bestPrice,
  createContinuousBook,
  openWhOf,
  removeOrder,
  restingOrders,
  shrinkOrder,
} from "../../../../market/rules/mechanisms/continuous-book.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { microPerKwh, wh } from "../../../../shared/units.js";

/** A book with short ways to command it; arrivals count up. */
function room() {
  const book = createContinuousBook();
  let arrivals = 0;
  const add = (orderId: string, side: Side, energyWh: number, price: number, arrival = ++arrivals) => {
    const order: AuctionOrder = {
      ...{ orderId, participant: `of-${orderId}`, side, arrival },
      ...{ energyWh: wh(energyWh), priceMicroPerKwh: microPerKwh(price) },
    };
    return addOrder(book, order).map((trade) => [
      trade.buyOrder,
      trade.sellOrder,
      trade.energyWh,
      trade.priceMicroPerKwh,
    ]);
  };
  return { book, add };
}

describe("the continuous book", () => {
  it("trades at the price of the order that rested, whichever side it is", () => {
    const { add } = room();
    add("s1", "sell", 5, 4);
    expect(add("b1", "buy", 3, 9)).toEqual([["b1", "s1", 3, 4]]);
    add("b2", "buy", 4, 8);
    // b2 took what s1 had left, at 4; 2 Wh of it rest at 8.
    expect(add("s2", "sell", 2, 1)).toEqual([["b2", "s2", 2, 8]]);
  });

  it("serves the better price first, then the earlier arrival, over several orders", () => {
    const { book, add } = room();
    add("s1", "sell", 2, 6);
    add("s2", "sell", 2, 5);
    add("s3", "sell", 2, 5);
    add("s4", "sell", 2, 7);
    expect(add("b1", "buy", 7, 6)).toEqual([
      ["b1", "s2", 2, 5],
      ["b1", "s3", 2, 5],
      ["b1", "s1", 2, 6],
    ]);
    expect([bestPrice(book, "buy"), bestPrice(book, "sell")]).toEqual([6, 7]);
    expect(openWhOf(book, "b1")).toBe(1);
  });

  it("keeps the place of an order that shrinks", () => {
    const { book, add } = room();
    add("b1", "buy", 5, 6);
    add("b2", "buy", 5, 6);
    shrinkOrder(book, "b1", wh(2));
    expect(add("s1", "sell", 3, 6)).toEqual([
      ["b1", "s1", 2, 6],
      ["b2", "s1", 1, 6],
    ]);
    expect(() => shrinkOrder(book, "b2", wh(5))).toThrow(RangeError);
    expect(() => shrinkOrder(book, "b1", wh(1))).toThrow(RangeError);
  });

  it("forgets what is removed and tells how much was open", () => {
    const { book, add } = room();
    add("b1", "buy", 5, 6);
    add("s1", "sell", 2, 6);
    add("b2", "buy", 5, 4);
    expect(removeOrder(book, "b1")).toBe(3);
    expect(removeOrder(book, "b1")).toBe(0);
    expect(bestPrice(book, "buy")).toBe(4);
    expect(add("s2", "sell", 2, 5)).toEqual([]);
  });

  it("puts an order that enters late with an early arrival before later ones of its price", () => {
    const { add } = room();
    add("b5", "buy", 1, 6, 5);
    add("b7", "buy", 1, 6, 7);
    add("b2", "buy", 1, 6, 2);
    add("b6", "buy", 1, 6, 6);
    expect(add("s1", "sell", 4, 6, 9).map(([buy]) => buy)).toEqual(["b2", "b5", "b6", "b7"]);
  });

  it("lists what rests, best first, with the energy that is open", () => {
    const { book, add } = room();
    add("b1", "buy", 5, 4);
    add("b2", "buy", 5, 6);
    add("b3", "buy", 5, 6);
    add("s1", "sell", 7, 6);
    expect(restingOrders(book, "buy").map(({ orderId, energyWh }) => [orderId, energyWh])).toEqual([
      ["b3", 3],
      ["b1", 5],
    ]);
    expect(restingOrders(book, "sell")).toEqual([]);
  });

  it("refuses two orders with one id when somebody asks by id, and one without energy", () => {
    const { book, add } = room();
    add("b1", "buy", 5, 4);
    expect(openWhOf(book, "b1")).toBe(5);
    expect(() => add("b1", "buy", 5, 4)).toThrow(RangeError);
    const other = room();
    other.add("b1", "buy", 5, 4);
    other.add("b1", "buy", 5, 4);
    expect(() => removeOrder(other.book, "b1")).toThrow(RangeError);
    expect(() => add("b2", "buy", 0, 4)).toThrow(RangeError);
  });
});
