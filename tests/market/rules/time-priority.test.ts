import { describe, expect, it } from "vitest";
import type { BiddingTerms } from "../../../market/terms.js";
import { desk } from "./period-books.js";

/** Two sellers at one price, and a buyer who comes last for 300 Wh: who of them is served first? */
const onAuction = (terms: Partial<BiddingTerms>) => {
  const market = desk(terms);
  market.place("first", "ann", 400, 100_000, { side: "sell" });
  market.place("second", "bob", 400, 100_000, { side: "sell" });
  const served = () => {
    market.place("b1", "cat", 300, 120_000);
    return market.close().trades.map(({ sellOrder, energyWh }) => [sellOrder, energyWh]);
  };
  return { market, served };
};

/** Two offers at one price on an item of 300 Wh that goes to the best. */
const onBestOffer = () => {
  const market = desk();
  market.list("i1", 300, 100_000, { by: "cat", sale: "best-offer" });
  market.place("first", "ann", 400, 120_000, { on: "i1" });
  market.place("second", "bob", 400, 120_000, { on: "i1" });
  const served = () => market.close().trades.map(({ buyOrder, energyWh }) => [buyOrder, energyWh]);
  return { market, served };
};

describe.each([
  { where: "uniform auction by time", room: () => onAuction({ tie: "time" }), price: 100_000 },
  {
    where: "pay-as-bid auction by time",
    room: () => onAuction({ mechanism: "pay-as-bid", tie: "time" }),
    price: 100_000,
  },
  { where: "continuous market", room: () => onAuction({ mechanism: "continuous" }), price: 100_000 },
  { where: "best-offer item", room: onBestOffer, price: 120_000 },
])("time priority in a $where", ({ room, price }) => {
  it("belongs to the earlier order", () => {
    expect(room().served()).toEqual([["first", 300]]);
  });

  it("is kept where only energy shrinks, in one step or several", () => {
    const { market, served } = room();
    expect(market.modify("first", "ann", 1, 200, price)).toMatchObject({ ok: true, object: { version: 2 } });
    expect(market.modify("first", "ann", 2, 120, price)).toMatchObject({ ok: true, object: { version: 3 } });
    expect(served()).toEqual([
      ["first", 120],
      ["second", 180],
    ]);
  });

  it("is lost where energy grows, also back to what it was", () => {
    const { market, served } = room();
    market.modify("first", "ann", 1, 300, price);
    market.modify("first", "ann", 2, 400, price);
    expect(served()).toEqual([["second", 300]]);
  });

  it("is lost where the price changes, also back to what it was", () => {
    const { market, served } = room();
    market.modify("first", "ann", 1, 400, price + 5000);
    market.modify("first", "ann", 2, 400, price);
    expect(served()).toEqual([["second", 300]]);
  });

  it("is not touched by a change that means another version", () => {
    const { market, served } = room();
    expect(market.modify("first", "ann", 2, 500, price)).toMatchObject({ ok: false, code: "version-conflict" });
    expect(market.modify("first", "bob", 1, 500, price)).toMatchObject({ ok: false, code: "not-owner" });
    expect(served()).toEqual([["first", 300]]);
  });
});
