/** The fast auctions against their specification on seeded random books; a digest over all that both said must be the same. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { mechanismsWithoutSolver } from "../../../../market/rules/mechanisms/catalogue.js";
import type { AuctionTerms } from "../../../../market/rules/mechanisms/mechanism.js";
import type { AuctionOrder } from "../../../../market/rules/merit-order.js";
import { permuted, type RandomStream, stream } from "../../../../shared/random-stream.js";
import { microPerKwh, wh } from "../../../../shared/units.js";
import { type NaiveAuction, naiveContinuous, naiveListing, naivePayAsBid, naiveUniform } from "./naive-auctions.js";

const booksOfEach = 25_000;

/** Few prices and energies, so that ties and exact meetings are common; a few arrivals are equal; handed in in any order. */
function randomBook(random: RandomStream): AuctionOrder[] {
  const count = random.integer(0, 11);
  const spread = random.integer(1, 9);
  const most = random.integer(1, 12);
  const lowest = random.integer(-6, 3);
  const orders = Array.from({ length: count }, (_, at): AuctionOrder => {
    return {
      orderId: `o${random.integer(0, 9)}${at}`,
      participant: `p${random.integer(0, 3)}`,
      side: random.uniform() < 0.5 ? "buy" : "sell",
      energyWh: wh(random.integer(1, most)),
      priceMicroPerKwh: microPerKwh(lowest + random.integer(0, spread)),
      arrival: random.uniform() < 0.9 ? at : random.integer(0, count),
    };
  });
  return permuted(orders, random);
}

function randomTerms(random: RandomStream): AuctionTerms {
  return {
    k: [0, 0.25, 0.29, 0.5, 1][random.integer(0, 4)] ?? 0,
    tie: random.uniform() < 0.5 ? "pro-rata" : "time",
    minEnergyWh: wh(random.integer(1, 5)),
    priceFloorMicroPerKwh: microPerKwh(-10),
    priceCapMicroPerKwh: microPerKwh(20),
  };
}

const pairings: readonly (readonly [keyof typeof mechanismsWithoutSolver, NaiveAuction])[] = [
  ["uniform", naiveUniform],
  ["pay-as-bid", naivePayAsBid],
  ["continuous", naiveContinuous],
  ["listing", naiveListing],
];

describe("a fast auction", () => {
  it.each(pairings)(
    "says of every book what the specification says: %s",
    (name, naive) => {
      const mechanism = mechanismsWithoutSolver[name];
      if (mechanism.kind !== "auction") throw new Error(`${name} is no auction`);
      const random = stream(3, name, "books");
      const [fastHash, naiveHash] = [createHash("sha256"), createHash("sha256")];
      let traded = 0;
      for (let number = 0; number < booksOfEach; number += 1) {
        const orders = randomBook(random);
        const terms = randomTerms(random);
        const cleared = mechanism.clear(orders, terms);
        const fast = canonical(
          cleared.priceMicroPerKwh,
          cleared.lowMicroPerKwh,
          cleared.highMicroPerKwh,
          cleared.trades,
        );
        const { price, low, high, trades } = naive(orders, terms);
        const slow = canonical(price, low, high, trades);
        // Compared one by one too, so that a difference shows its book.
        if (fast !== slow) expect({ book: orders, terms, says: fast }).toEqual({ book: orders, terms, says: slow });
        if (trades.length > 0) traded += 1;
        fastHash.update(fast);
        naiveHash.update(slow);
      }
      expect(fastHash.digest("hex")).toBe(naiveHash.digest("hex"));
      // Books in which nothing trades would prove nothing.
      expect(traded).toBeGreaterThan(booksOfEach / 3);
    },
    60_000,
  );
});

interface AnyTrade {
  readonly buyOrder: string;
  readonly sellOrder: string;
  readonly energyWh: number;
  readonly priceMicroPerKwh: number;
}

/** Trades as they came about, so fills and pairs follow. */
function canonical(price: number | null, low: number | null, high: number | null, trades: readonly AnyTrade[]): string {
  const lines = trades.map((trade) =>
    [trade.buyOrder, trade.sellOrder, trade.energyWh, trade.priceMicroPerKwh].join(" "),
  );
  return `${price} ${low} ${high}\n${lines.join("\n")}\n`;
}
