import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "../../../market/facts.js";
import { bookTop } from "../../../market/rules/indicative.js";
import { leftWh } from "../../../market/rules/item.js";
import type { PeriodBook } from "../../../market/rules/period-book.js";
import type { Closing } from "../../../market/rules/period-book-closing.js";
import { itemCount, orderCount } from "../../../market/rules/period-book-views.js";
import type { BiddingTerms } from "../../../market/terms.js";
import { permuted, type RandomStream, stream } from "../../../shared/random-stream.js";
import { microPerKwh, wh } from "../../../shared/units.js";
import { desk, terms } from "./period-books.js";

type Desk = ReturnType<typeof desk>;
const people = ["ann", "bob", "cat", "dan", "eve"];

function pick<T>(from: readonly T[], random: RandomStream): T {
  const chosen = from[random.integer(0, from.length - 1)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

/** One command of any kind, often unlawful; says the new object's id where one was accepted. */
function randomCommand(market: Desk, name: string, ids: readonly string[], random: RandomStream): boolean {
  const by = pick(people, random);
  const energy = random.integer(0, 120);
  const price = random.integer(-3, 12);
  const side = pick<Side>(["buy", "sell"], random);
  const auction = random.integer(0, 4) > 0;
  const some = (): string => (ids.length === 0 ? "i0" : pick(ids, random));
  switch (random.integer(0, 9)) {
    case 0:
    case 1: {
      const sale = pick(["fixed", "best-offer"] as const, random);
      return market.list(name, energy, price, { by, side, sale, auction, min: random.integer(0, 40) }).ok;
    }
    case 2:
    case 3:
    case 4:
      return market.place(name, by, energy, price, { side, auction, on: some() }).ok;
    case 5:
    case 6:
      return market.place(name, by, energy, price, { side, auction }).ok;
    case 7: {
      const id = some();
      const order = market.book.orders.get(id);
      market.modify(id, order?.participant ?? by, order?.version ?? 1, energy, price);
      return false;
    }
    case 8: {
      const id = some();
      market.cancel(id, market.book.orders.get(id)?.participant ?? by);
      return false;
    }
    default:
      market.withdraw(some(), by);
      return false;
  }
}

function checkBook(book: PeriodBook): void {
  const reserved = new Map<string, number>();
  for (const order of book.orders.values()) {
    if (!order.live && order.reservedWh !== 0) throw new Error(`${order.id} is cancelled and holds energy`);
    if (order.reservedWh > order.energyWh) throw new Error(`${order.id} holds more than it asks`);
    if (order.itemId !== undefined) {
      reserved.set(order.itemId, (reserved.get(order.itemId) ?? 0) + order.reservedWh);
    }
  }
  for (const item of book.items.values()) {
    if (leftWh(item) < 0 || item.energyWh > item.listedWh) throw new Error(`${item.id} gave more than it has`);
    if ((reserved.get(item.id) ?? 0) !== item.reservedWh) throw new Error(`${item.id} does not know its reservations`);
  }
  for (const ids of book.liveOf.values()) {
    if (ids.size > book.terms.maxOrdersPerPeriod) throw new Error("too many objects were let in");
  }
}

function checkClosing(book: PeriodBook, closing: Closing): void {
  const objects = new Map([...book.items.values(), ...book.orders.values()].map((object) => [object.id, object]));
  expect(closing.fates.map(({ orderId }) => orderId).sort()).toEqual([...objects.keys()].sort());
  const arrivals = closing.fates.map(({ orderId }) => objects.get(orderId)?.arrival ?? Number.NaN);
  expect(arrivals).toEqual([...arrivals].sort((one, other) => one - other));

  const traded = new Map<string, number>();
  const value = new Map<string, number>();
  for (const { buyOrder, sellOrder, energyWh, priceMicroPerKwh } of closing.trades) {
    expect(energyWh).toBeGreaterThan(0);
    expect(priceMicroPerKwh).toBeLessThanOrEqual(objects.get(buyOrder)?.priceMicroPerKwh ?? Number.NaN);
    const ask = objects.get(sellOrder);
    expect(priceMicroPerKwh).toBeGreaterThanOrEqual(ask?.priceMicroPerKwh ?? Number.NaN);
    for (const id of [buyOrder, sellOrder]) {
      traded.set(id, (traded.get(id) ?? 0) + energyWh);
      value.set(id, (value.get(id) ?? 0) + energyWh * priceMicroPerKwh);
    }
  }
  let bought = 0;
  let sold = 0;
  for (const fate of closing.fates) {
    const energy = traded.get(fate.orderId) ?? 0;
    expect(fate.tradedWh).toBe(energy);
    expect(fate.tradedWh).toBeLessThanOrEqual(fate.energyWh);
    const price = energy === 0 ? null : Math.floor((value.get(fate.orderId) ?? 0) / energy);
    expect(fate.tradedPriceMicroPerKwh).toBe(price);
    expect(fate.why).not.toBe("");
    expect(fate.outcome === "filled").toBe(objects.get(fate.orderId)?.live === true && energy === fate.energyWh);
    if (fate.side === "buy") bought += energy;
    else sold += energy;
  }
  expect([bought, sold]).toEqual([closing.volumeWh, closing.volumeWh]);
}

const variants: Partial<BiddingTerms>[] = [
  { tie: "pro-rata" },
  { tie: "time", k: 0 },
  { mechanism: "listing" },
  { tie: "pro-rata", k: 1, minEnergyWh: wh(1) },
];

describe("the book of a period", () => {
  it("survives 20,000 random commands: no energy is promised twice, every object has one fate, both sides agree", () => {
    const random = stream(7, "book", "commands");
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (let round = 0; round < 100; round += 1) {
      const band = { priceFloorMicroPerKwh: microPerKwh(-2), priceCapMicroPerKwh: microPerKwh(11) };
      const market = desk({ ...variants[round % variants.length], ...band, maxOrdersPerPeriod: 12 });
      const ids: string[] = [];
      for (let command = 0; command < 200; command += 1) {
        const name = `x${command}`;
        if (randomCommand(market, name, ids, random)) ids.push(name);
        checkBook(market.book);
      }
      const { book } = market;
      const top = bookTop(book, book.terms);
      const closing = market.close();
      checkClosing(book, closing);
      for (const { mechanism } of closing.trades) count(mechanism);
      for (const { outcome } of closing.fates) count(outcome);
      expect(top).toMatchObject({
        indicativeMicroPerKwh: closing.auction.priceMicroPerKwh,
        indicativeWh: closing.auction.volumeWh,
      });
      expect(orderCount(book)).toBe([...book.orders.values()].filter(({ live }) => live).length);
      expect(itemCount(book)).toBe([...book.items.values()].filter(({ live }) => live).length);
      expect(market.close()).toEqual(closing);
    }
    // The commands must have reached every corner, or the checks above prove little.
    for (const what of ["listing", "uniform", "filled", "partly", "unfilled", "lapsed", "cancelled", "withdrawn"]) {
      expect(seen.get(what) ?? 0, what).toBeGreaterThan(20);
    }
  }, 30_000);

  it("closes the same whatever the order in which independent commands were heard", () => {
    const command = fc.record({
      energy: fc.integer({ min: 10, max: 99 }),
      price: fc.integer({ min: 0, max: 9 }),
      side: fc.constantFrom<Side>("buy", "sell"),
      item: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), fc.nat(), (commands, seed) => {
        const heard = (order: readonly number[]): Closing => {
          const market = desk({ maxOrdersPerPeriod: 50 });
          const ids = order.map((index) => {
            const { energy, price, side, item } = commands[index] ?? { energy: 0, price: 0, side: "buy", item: false };
            const by = people[index % people.length] ?? "ann";
            if (item) market.list(`i${index}`, energy, price, { by, side });
            else market.place(`o${index}`, by, energy, price, { side });
            return item ? `i${index}` : `o${index}`;
          });
          // The market's number of a command is its own, whenever it is applied.
          for (const [at, id] of ids.entries()) {
            const object = market.book.items.get(id) ?? market.book.orders.get(id);
            const stamp = order[at] ?? Number.NaN;
            if (object !== undefined) Object.assign(object, { arrival: stamp, acceptedAtMs: stamp });
          }
          return market.close();
        };
        const inOrder = commands.map((_, index) => index);
        expect(heard(permuted(inOrder, stream(seed, "test", "permutation")))).toEqual(heard(inOrder));
      }),
      { numRuns: 200 },
    );
  });

  it("never gives more of an item than it holds, whatever is ordered on it", () => {
    const order = fc.record({ energy: fc.integer({ min: 1, max: 300 }), price: fc.integer({ min: 5, max: 9 }) });
    const sale = fc.constantFrom("fixed" as const, "best-offer" as const);
    fc.assert(
      fc.property(fc.array(order, { maxLength: 12 }), sale, fc.integer({ min: 10, max: 80 }), (orders, how, min) => {
        const market = desk({ maxOrdersPerPeriod: 50, minEnergyWh: terms.minEnergyWh });
        market.list("i1", 400, 5, { sale: how, min });
        for (const [index, { energy, price }] of orders.entries()) {
          market.place(`o${index}`, "bob", energy, price, { on: "i1" });
        }
        const given = market
          .close()
          .trades.filter(({ sellOrder }) => sellOrder === "i1")
          .reduce((sum, { energyWh }) => sum + energyWh, 0);
        expect(given).toBe(market.fate("i1").tradedWh);
        expect(given).toBeLessThanOrEqual(400);
        checkBook(market.book);
      }),
      { numRuns: 200 },
    );
  });
});
