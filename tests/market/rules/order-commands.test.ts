import { describe, expect, it } from "vitest";
import { objectOwner } from "../../../market/rules/period-book.js";
import { itemCount, orderCount, ownObjects, publicItem, publicItems } from "../../../market/rules/period-book-views.js";
import type { RejectCode } from "../../../shared/reject-codes.js";
import { desk } from "./period-books.js";

const refused = (code: RejectCode, reason: string) => ({ ok: false, code, reason });

describe("a command on items", () => {
  it("lists an item and shows it to everybody", () => {
    const market = desk();
    expect(market.list("i7", 800, 110_000, { min: 100 })).toEqual({
      ok: true,
      object: { kind: "item", id: "i7", version: 1 },
      changes: [{ kind: "item", itemId: "i7" }],
    });
    expect(publicItems(market.book)).toEqual([
      {
        itemId: "i7",
        side: "sell",
        leftWh: 800,
        priceMicroPerKwh: 110_000,
        minEnergyWh: 100,
        sale: "fixed",
        owner: "ann",
      },
    ]);
  });

  it("takes the market's least energy where the item names none or less", () => {
    const market = desk();
    market.list("i1", 800, 0);
    market.list("i2", 800, 0, { min: 1 });
    expect(publicItems(market.book).map((item) => item.minEnergyWh)).toEqual([10, 10]);
  });

  it("is refused for energy or price out of range, too little of it, or too many objects", () => {
    const market = desk();
    const range = "it must be more than 0 and at most 3.5 kWh, the capacity over the period.";
    expect(market.list("i1", 0, 0)).toEqual(refused("energy-out-of-range", `0 kWh asked, ${range}`));
    expect(market.list("i1", 3501, 0)).toEqual(refused("energy-out-of-range", `3.501 kWh asked, ${range}`));
    expect(market.list("i1", 800, 2_000_001)).toEqual(
      refused("price-out-of-range", "2.000001 per kWh asked, it must be between -1 and 2."),
    );
    expect(market.list("i1", 9, 0)).toEqual(
      refused("below-minimum", "0.009 kWh asked, the least of the market is 0.01 kWh."),
    );
    expect(market.list("i1", 50, 0, { min: 51 })).toEqual(
      refused("below-minimum", "0.05 kWh asked, the least of the item itself is 0.051 kWh."),
    );
    for (const id of ["i1", "i2", "i3"]) expect(market.list(id, 800, 0).ok).toBe(true);
    expect(market.list("i4", 800, 0)).toEqual(
      refused("too-many-orders", "3 items and orders are open in this period, 3 are allowed."),
    );
  });

  it("withdraws only what is not reserved; what is released later goes to its owner", () => {
    const market = desk();
    market.list("i7", 800, 110_000);
    market.place("o1", "bob", 200, 120_000, { on: "i7" });
    expect(market.withdraw("i7")).toMatchObject({ ok: true, object: { id: "i7", version: 2 } });
    expect(publicItems(market.book)).toEqual([]);
    expect(ownObjects(market.book, "ann").items).toMatchObject([{ itemId: "i7", energyWh: 200, reservedWh: 200 }]);
    expect(market.withdraw("i7")).toEqual(refused("item-taken", "All 0.2 kWh of item i7 are reserved."));
    expect(market.cancel("o1", "bob")).toMatchObject({ changes: [{ kind: "released", energyWh: 200 }] });
    expect(market.withdraw("i7")).toEqual(refused("unknown-item", "No item i7 is listed in this period."));
    expect(itemCount(market.book)).toBe(0);
    expect(market.fate("i7")).toMatchObject({ outcome: "withdrawn", energyWh: 800, tradedWh: 0 });
  });

  it("is refused for an item that nobody listed or that is another's", () => {
    const market = desk();
    market.list("i7", 800, 110_000);
    expect(market.withdraw("i8")).toEqual(refused("unknown-item", "No item i8 is listed in this period."));
    expect(market.withdraw("i7", "bob")).toEqual(refused("not-owner", "Item i7 belongs to somebody else."));
  });
});

describe("an order on an item", () => {
  it("reserves at the item's price, tells both sides, and leaves the rest on the list", () => {
    const market = desk();
    market.list("i7", 800, 110_000);
    expect(market.place("o9", "bob", 500, 120_000, { on: "i7" })).toEqual({
      ok: true,
      object: { kind: "order", id: "o9", version: 1 },
      changes: [
        {
          kind: "reserved",
          orderId: "o9",
          itemId: "i7",
          orderParticipant: "bob",
          itemParticipant: "ann",
          energyWh: 500,
          priceMicroPerKwh: 110_000,
        },
        { kind: "item", itemId: "i7" },
      ],
    });
    expect(publicItem(market.book, "i7")).toMatchObject({ leftWh: 300 });
  });

  it("takes what is left where it asks for more, and waits with the rest", () => {
    const market = desk();
    market.list("i7", 800, 110_000);
    market.place("o1", "bob", 700, 120_000, { on: "i7" });
    expect(market.place("o2", "cat", 500, 120_000, { on: "i7" })).toMatchObject({ changes: [{ energyWh: 100 }, {}] });
    expect(market.place("o3", "dan", 50, 120_000, { on: "i7" })).toEqual(
      refused("item-taken", "0.05 kWh asked, 0 kWh are left of item i7."),
    );
  });

  it("waits with all of it where less is left than the item's smallest part, but may have exactly what is left", () => {
    const market = desk();
    market.list("i7", 800, 110_000, { min: 100 });
    market.place("o1", "bob", 750, 120_000, { on: "i7" });
    expect(market.place("o2", "cat", 500, 120_000, { on: "i7" })).toMatchObject({ ok: true, changes: [] });
    expect(market.place("o3", "dan", 40, 120_000, { on: "i7" })).toEqual(
      refused("below-minimum", "0.04 kWh asked, the least of item i7 is 0.1 kWh."),
    );
    expect(market.place("o4", "dan", 50, 120_000, { on: "i7" })).toMatchObject({ changes: [{ energyWh: 50 }, {}] });
  });

  it("is refused by the first code that applies: taken, own, wrong side, price, energy, price band, minimum, number", () => {
    const market = desk();
    market.list("i1", 100, 110_000);
    market.place("o1", "bob", 100, 110_000, { on: "i1" });
    const bad = { on: "i1", side: "sell" } as const;
    expect(market.place("o2", "ann", 0, 3_000_000, bad)).toMatchObject({ code: "item-taken" });
    market.list("i2", 100, 110_000);
    expect(market.place("o2", "ann", 0, 3_000_000, { ...bad, on: "i2" })).toEqual(
      refused("own-item", "Item i2 is your own."),
    );
    expect(market.place("o2", "bob", 0, 3_000_000, { ...bad, on: "i2" })).toEqual(
      refused("wrong-side", "Item i2 is to sell itself: an order on it must buy."),
    );
    expect(market.place("o2", "bob", 0, 109_999, { on: "i2" })).toEqual(
      refused("below-item-price", "0.109999 per kWh asked, item i2 takes at least 0.11."),
    );
    expect(market.place("o2", "bob", 0, 3_000_000, { on: "i2" })).toMatchObject({ code: "energy-out-of-range" });
    expect(market.place("o2", "bob", 5, 3_000_000, { on: "i2" })).toMatchObject({ code: "price-out-of-range" });
    expect(market.place("o2", "bob", 5, 120_000, { on: "i2" })).toMatchObject({ code: "below-minimum" });
    expect(market.place("o2", "bob", 5, 120_000, { on: "i9" })).toMatchObject({ code: "unknown-item" });
    for (const id of ["o2", "o3"]) market.place(id, "bob", 50, 1);
    expect(market.place("o4", "bob", 50, 120_000, { on: "i2" })).toMatchObject({ code: "too-many-orders" });
  });

  it("on a need sells, at the need's price or less", () => {
    const market = desk();
    market.list("i7", 800, 110_000, { side: "buy" });
    expect(market.place("o1", "bob", 500, 110_001, { on: "i7", side: "sell" })).toMatchObject({
      code: "below-item-price",
      reason: "0.110001 per kWh asked, item i7 takes at most 0.11.",
    });
    market.place("o1", "bob", 500, 90_000, { on: "i7", side: "sell" });
    expect(market.close().trades).toMatchObject([
      { buyer: "ann", seller: "bob", buyOrder: "i7", sellOrder: "o1", priceMicroPerKwh: 110_000, energyWh: 500 },
    ]);
  });

  it("reserves nothing of a best-offer item before the gate", () => {
    const market = desk();
    market.list("i7", 800, 110_000, { sale: "best-offer" });
    expect(market.place("o1", "bob", 800, 120_000, { on: "i7" })).toMatchObject({ ok: true, changes: [] });
    expect(market.place("o2", "cat", 800, 109_999, { on: "i7" })).toMatchObject({ code: "below-item-price" });
    expect(publicItems(market.book)).toMatchObject([{ leftWh: 800 }]);
  });
});

describe("changing an order", () => {
  it("returns energy to the list where it shrinks below what is reserved or is cancelled", () => {
    const market = desk();
    market.list("i7", 800, 110_000);
    market.place("o1", "bob", 500, 120_000, { on: "i7" });
    expect(market.modify("o1", "bob", 1, 200, 120_000)).toMatchObject({
      object: { version: 2 },
      changes: [{ kind: "released", energyWh: 300, priceMicroPerKwh: 110_000 }, { kind: "item" }],
    });
    expect(market.cancel("o1", "bob")).toMatchObject({
      object: { version: 3 },
      changes: [{ kind: "released", energyWh: 200 }, { kind: "item" }],
    });
    expect(publicItems(market.book)).toMatchObject([{ leftWh: 800 }]);
    expect(orderCount(market.book)).toBe(0);
  });

  it("takes more of its item where it grows and more is left", () => {
    const market = desk();
    market.list("i7", 800, 110_000);
    market.place("o1", "bob", 500, 120_000, { on: "i7" });
    expect(market.modify("o1", "bob", 1, 1000, 120_000)).toMatchObject({
      changes: [{ kind: "reserved", energyWh: 300 }, { kind: "item" }],
    });
    expect(ownObjects(market.book, "bob").orders).toEqual([
      { orderId: "o1", version: 2, side: "buy", energyWh: 1000, filledWh: 0, priceMicroPerKwh: 120_000, itemId: "i7" },
    ]);
  });

  it("keeps its place in time only with the same price and no more energy", () => {
    const served = (energy: number, price: number) => {
      const market = desk({ tie: "time" });
      market.place("o1", "bob", 100, 120_000);
      market.place("o2", "cat", 80, 120_000);
      market.modify("o1", "bob", 1, energy, price);
      if (price !== 120_000) market.modify("o1", "bob", 2, energy, 120_000);
      market.list("i1", 60, 100_000);
      return market.fate("o1").tradedWh;
    };
    expect(served(80, 120_000)).toBe(60);
    expect(served(110, 120_000)).toBe(0);
    expect(served(80, 130_000)).toBe(0);
  });

  it("does not become too small by a change of its price alone", () => {
    const market = desk();
    market.list("i7", 800, 110_000, { min: 100 });
    market.place("o1", "bob", 750, 120_000, { on: "i7" });
    market.place("o2", "cat", 50, 120_000, { on: "i7" });
    market.cancel("o1", "bob");
    expect(market.modify("o2", "cat", 1, 50, 130_000).ok).toBe(true);
    expect(market.modify("o2", "cat", 2, 40, 130_000)).toMatchObject({ code: "below-minimum" });
  });

  it("is refused by the first code that applies: unknown, not owner, version, item's price, energy, price, minimum", () => {
    const market = desk();
    market.list("i7", 800, 110_000);
    market.place("o1", "bob", 500, 120_000, { on: "i7" });
    expect(market.modify("o2", "cat", 2, 0, 0)).toEqual(
      refused("unknown-order", "No order o2 is open in this period."),
    );
    expect(market.modify("o1", "cat", 2, 0, 0)).toEqual(refused("not-owner", "Order o1 belongs to somebody else."));
    expect(market.modify("o1", "bob", 2, 0, 0)).toEqual(
      refused("version-conflict", "version 2 expected, order o1 is at version 1."),
    );
    expect(market.modify("o1", "bob", 1, 0, 0)).toMatchObject({ code: "below-item-price" });
    expect(market.modify("o1", "bob", 1, 0, 3_000_000)).toMatchObject({ code: "energy-out-of-range" });
    expect(market.modify("o1", "bob", 1, 5, 3_000_000)).toMatchObject({ code: "price-out-of-range" });
    expect(market.modify("o1", "bob", 1, 5, 120_000)).toMatchObject({ code: "below-minimum" });
    expect(market.cancel("o2", "bob")).toMatchObject({ code: "unknown-order" });
    expect(market.cancel("o1", "cat")).toMatchObject({ code: "not-owner" });
  });

  it("is unknown once cancelled, but its owner is still known and a fate is told", () => {
    const market = desk();
    market.place("o1", "bob", 500, 120_000);
    market.cancel("o1", "bob");
    expect(market.cancel("o1", "bob")).toMatchObject({ code: "unknown-order" });
    expect(market.modify("o1", "bob", 1, 500, 120_000)).toMatchObject({ code: "unknown-order" });
    expect([objectOwner(market.book, "o1"), objectOwner(market.book, "o2")]).toEqual(["bob", undefined]);
    expect(market.fate("o1")).toMatchObject({ outcome: "cancelled", why: "cancelled by its owner", rank: null });
  });

  it("frees a place under the limit of orders", () => {
    const market = desk();
    for (const id of ["o1", "o2", "o3"]) market.place(id, "bob", 50, 1);
    expect(market.place("o4", "bob", 50, 1)).toMatchObject({ code: "too-many-orders" });
    market.cancel("o2", "bob");
    expect(market.place("o4", "bob", 50, 1).ok).toBe(true);
  });
});

describe("the capacity of a connection", () => {
  it("bounds what its owner could come to sell, or to buy, in all: items, orders, and what was traded net", () => {
    const market = desk({ mechanism: "continuous", maxOrdersPerPeriod: 50 });
    market.list("i1", 1500, 100_000);
    expect(market.place("o1", "ann", 2000, 90_000, { side: "sell" }).ok).toBe(true);
    expect(market.place("o2", "ann", 10, 90_000, { side: "sell" })).toMatchObject({
      code: "energy-out-of-range",
      reason:
        "0.01 kWh asked, with 3.5 kWh to sell beside it it must be at most 3.5 kWh, the capacity over the period.",
    });
    expect(market.modify("o1", "ann", 1, 2010, 90_000)).toMatchObject({ code: "energy-out-of-range" });
    expect(market.place("o3", "bob", 1000, 95_000).ok).toBe(true);
    expect(market.place("o4", "ann", 10, 90_000, { side: "sell" })).toMatchObject({ code: "energy-out-of-range" });
    expect(market.place("o5", "ann", 3500, 80_000).ok).toBe(true);
    expect(market.place("o6", "ann", 1000, 80_000).ok).toBe(true);
    expect(market.place("o7", "ann", 10, 80_000)).toMatchObject({ code: "energy-out-of-range" });
  });
});
