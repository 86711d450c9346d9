import { beforeAll, describe, expect, it } from "vitest";
import { loadSolver } from "../../../../infra/mechanisms/solver.js";
import type { Side } from "../../../../market/facts.js";
import type { Solver } from "../../../../market/ports.js";
import type { Auction } from "../../../../market/rules/mechanisms/mechanism.js";
import { optimal } from "../../../../market/rules/mechanisms/optimal.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { permuted, type RandomStream, stream } from "../../../../shared/random-stream.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { side } from "../auction-orders.js";
import { accounts, surplus, terms, welfare } from "./clearing-accounts.js";

const units = (prices: readonly number[]) => prices.map((price) => [price, 1] as const);

interface Size {
  readonly orders: number;
  readonly energyWh: number;
  readonly price: number;
}

function book(random: RandomStream, { orders, energyWh, price }: Size): AuctionOrder[] {
  return Array.from({ length: random.integer(0, orders) }, (_, index): AuctionOrder => {
    const of: Side = random.uniform() < 0.5 ? "buy" : "sell";
    return {
      ...{ orderId: `o${index}`, participant: `p${index % 5}`, side: of, arrival: index },
      energyWh: wh(random.integer(1, energyWh)),
      priceMicroPerKwh: microPerKwh(random.integer(-Math.floor(price / 4), price)),
    };
  });
}

let auction: Auction;
beforeAll(async () => {
  auction = optimal(await loadSolver());
});

describe("the optimum", () => {
  it("is a welfare of 15 in [5, 6] where bids are 10, 8, 6, 4 and asks 1, 3, 5, 7", () => {
    const orders = [...side("buy", units([10, 8, 6, 4])), ...side("sell", units([1, 3, 5, 7]))];
    const clearing = auction.clear(orders, terms);
    expect(clearing).toMatchObject({ lowMicroPerKwh: 5, highMicroPerKwh: 6, volumeWh: 3 });
    expect(welfare(orders, clearing)).toBe(15);
  });

  it("lets a bid and an ask at one price trade, and no ask a millionth above its bid", () => {
    const at = (bid: number, ask: number) =>
      auction.clear([...side("buy", [[bid, 7]]), ...side("sell", [[ask, 4]])], terms).volumeWh;
    expect([at(250_000, 250_000), at(250_000, 250_001), at(-5, -5), at(0, 0)]).toEqual([4, 0, 4, 4]);
  });

  it.each([
    ["ties everywhere", 2500, { orders: 14, energyWh: 6, price: 8 }],
    ["prices of a market", 1500, { orders: 40, energyWh: 20_000, price: 1_000_000 }],
    ["neighbouring millionths", 500, { orders: 30, energyWh: 50, price: 12 }],
    ["energies far apart", 500, { orders: 20, energyWh: 1_000_000_000, price: 1_000_000 }],
    ["absurd prices", 500, { orders: 20, energyWh: 1000, price: 900_000_000_000 }],
  ])(
    "is what the uniform auction trades, with its interval: seeded books with %s",
    (name, books, size) => {
      const random = stream(3, "optimal", name);
      for (let at = 0; at < books; at += 1) {
        const orders = book(random, size);
        const tie = at % 2 === 0 ? "pro-rata" : "time";
        const clearing = auction.clear(orders, { ...terms, tie });
        const expected = uniform.clear(orders, { ...terms, tie });
        expect(welfare(orders, clearing)).toBe(welfare(orders, expected));
        expect(surplus(clearing)).toBe(0);
        const { volumeWh, lowMicroPerKwh, highMicroPerKwh } = expected;
        expect(clearing).toMatchObject({ volumeWh, lowMicroPerKwh, highMicroPerKwh });
        const energies = (of: typeof clearing) =>
          [...accounts(of, "order")].map(([id, { boughtWh, soldWh }]) => [id, boughtWh, soldWh]);
        expect(energies(clearing)).toEqual(energies(expected));
        if (clearing.priceMicroPerKwh === null) expect(volumeWh).toBe(0);
        else {
          expect(clearing.priceMicroPerKwh).toBeGreaterThanOrEqual(lowMicroPerKwh ?? Number.NaN);
          expect(clearing.priceMicroPerKwh).toBeLessThanOrEqual(highMicroPerKwh ?? Number.NaN);
        }
      }
    },
    60_000,
  );

  it("is the same in whatever order the orders are handed in", () => {
    const random = stream(4, "optimal", "permuted");
    for (let at = 0; at < 200; at += 1) {
      const orders = book(random, { orders: 14, energyWh: 6, price: 8 });
      expect(auction.clear(permuted(orders, random), terms)).toEqual(auction.clear(orders, terms));
    }
  });

  it("clears thousands of orders", () => {
    const random = stream(5, "optimal", "large");
    const orders = [1, 2, 3, 4].flatMap((part) =>
      book(random, { orders: 4000, energyWh: 20_000, price: 1_000_000 }).map((order) => ({
        ...order,
        orderId: `${part}/${order.orderId}`,
      })),
    );
    expect(welfare(orders, auction.clear(orders, terms))).toBe(welfare(orders, uniform.clear(orders, terms)));
  });
});

describe("what a solver answers", () => {
  const orders = [
    ...side("buy", [[10, 5]]),
    ...side(
      "sell",
      [
        [1, 5],
        [9, 5],
      ],
      11,
    ),
  ];
  const answering =
    (values: readonly number[], dual = 5): Solver =>
    () => ({ values, objective: 0, duals: [dual] });

  it("is rounded to Wh, and a Wh too many is taken from the worst price of the longer side", () => {
    const { volumeWh, trades } = optimal(answering([5.0000001, 4.9999, 0])).clear(orders, terms);
    expect([volumeWh, trades.length]).toEqual([5, 1]);
    const levelled = optimal(answering([5, 5, 0.6])).clear(orders, terms);
    expect(levelled).toMatchObject({ volumeWh: 5, trades: [{ sellOrder: "s1", energyWh: 5 }] });
  });

  it("gives the price by its dual, moved into the interval", () => {
    const price = (dual: number) =>
      optimal(answering([5, 5, 0], dual / 1_000_000)).clear(orders, terms).priceMicroPerKwh;
    expect([price(4.4), price(0), price(90)]).toEqual([4, 1, 9]);
  });

  it("is refused where it is unbalanced, beyond an order's energy, or not the best", () => {
    const clearWith = (values: readonly number[]) => () => optimal(answering(values)).clear(orders, terms);
    expect(clearWith([5, 3, 0])).toThrow("2 Wh more than it sells");
    expect(clearWith([6, 5, 1])).toThrow("trades 6 Wh of 5");
    expect(clearWith([3, 3, 0])).toThrow("not the best");
    expect(clearWith([5, 4, 1])).toThrow("not the best");
    expect(clearWith([Number.NaN, 5, 0])).toThrow("NaN");
  });
});
