import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Intent, View } from "../../../agents/strategies/intent.js";
import { decide } from "../../../agents/strategies/strategy.js";
import { stream } from "../../../shared/random-stream.js";

const price = fc.integer({ min: -200_000, max: 500_000 });
const energy = fc.integer({ min: 1, max: 5000 });
const side = fc.constantFrom("buy" as const, "sell" as const);
const standingPrice = { priceMicroPerKwh: fc.constant(80_000) };
const view: fc.Arbitrary<View> = fc.record({
  periodMs: fc.constant(1_470_000_000_000),
  ticksToGate: fc.integer({ min: 1, max: 6 }),
  rounds: fc.integer({ min: 1, max: 4 }),
  positionWh: fc.integer({ min: -5000, max: 5000 }),
  buyLimitMicroPerKwh: price,
  sellLimitMicroPerKwh: price,
  marketFloorMicroPerKwh: fc.constant(-100_000),
  marketCapMicroPerKwh: fc.constant(400_000),
  bandLowMicroPerKwh: price,
  bandHighMicroPerKwh: price,
  minEnergyWh: fc.integer({ min: 1, max: 100 }),
  visible: fc.array(
    fc.record({
      itemId: fc.string({ minLength: 1, maxLength: 4 }),
      side,
      energyWh: energy,
      minEnergyWh: energy,
      priceMicroPerKwh: price,
      reliability: fc.constantFrom(1, 0.9, 0.5),
    }),
    { maxLength: 5 },
  ),
  orders: fc
    .array(
      fc.record({
        orderId: fc.constantFrom("o1", "o2"),
        side,
        energyWh: energy,
        filledShare: fc.constantFrom(0, 0, 0.3, 1),
        ...standingPrice,
        version: fc.constant(1),
        itemId: fc.constantFrom(undefined, "i1"),
        settled: fc.boolean(),
      }),
      { maxLength: 2 },
    )
    .map((orders) =>
      orders.map(({ filledShare, ...order }) => ({ ...order, filledWh: Math.floor(order.energyWh * filledShare) })),
    ),
  items: fc.array(
    fc.record({
      itemId: fc.constant("own1"),
      side,
      energyWh: energy,
      reservedWh: fc.constant(0),
      ...standingPrice,
      settled: fc.boolean(),
    }),
    { maxLength: 1 },
  ),
  lastPriceMicroPerKwh: fc.constant(undefined),
});
const strategy = fc.record({
  name: fc.constantFrom("price-taker" as const, "zero-intelligence" as const),
  margin: fc.double({ min: 0, max: 1, noNaN: true }),
  usesList: fc.boolean(),
  minReliability: fc.constantFrom(0, 0.9, 1),
});
const draw = (seed: number) => (purpose: string) => stream(seed, "home1", purpose);
const newQuotes = (intents: Intent[]) =>
  intents.filter((intent) => intent.action === "place" || intent.action === "list");

describe("every strategy", () => {
  it("quotes within its own tariff and within the market's band", () => {
    fc.assert(
      fc.property(strategy, view, fc.nat(1000), (by, seen, seed) => {
        for (const { side: way, priceMicroPerKwh } of newQuotes(decide(by, seen, draw(seed)))) {
          expect(Number.isSafeInteger(priceMicroPerKwh)).toBe(true);
          if (way === "buy") expect(priceMicroPerKwh).toBeLessThanOrEqual(seen.buyLimitMicroPerKwh);
          else expect(priceMicroPerKwh).toBeGreaterThanOrEqual(seen.sellLimitMicroPerKwh);
          // An item may itself lie outside a band that was narrowed since.
          if (seen.visible.length > 0) continue;
          expect(priceMicroPerKwh).toBeGreaterThanOrEqual(-100_000);
          expect(priceMicroPerKwh).toBeLessThanOrEqual(400_000);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("asks for no more than its position, on its position's side, in lawful amounts", () => {
    fc.assert(
      fc.property(strategy, view, fc.nat(1000), (by, seen, seed) => {
        const quotes = newQuotes(decide(by, { ...seen, orders: [], items: [] }, draw(seed)));
        const askedWh = quotes.reduce((sum, intent) => sum + intent.energyWh, 0);
        expect(askedWh).toBeLessThanOrEqual(Math.abs(seen.positionWh));
        for (const intent of quotes) {
          expect(intent.side).toBe(seen.positionWh >= 0 ? "sell" : "buy");
          expect(intent.energyWh).toBeGreaterThanOrEqual(seen.minEnergyWh);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("orders no item whose owner has kept too few of its promises", () => {
    let ordered = 0;
    fc.assert(
      fc.property(strategy, view, fc.nat(1000), (by, seen, seed) => {
        const visible = seen.visible.map((item, index) => ({ ...item, itemId: `i${index}` }));
        const free = { ...seen, visible, orders: [], items: [] };
        for (const intent of decide(by, free, draw(seed))) {
          const item = visible.find(({ itemId }) => intent.action === "place" && itemId === intent.itemId);
          if (item === undefined) continue;
          ordered += 1;
          expect(item.reliability).toBeGreaterThanOrEqual(by.minReliability);
        }
      }),
      { numRuns: 2000 },
    );
    expect(ordered).toBeGreaterThan(20);
  });

  it("leaves an object alone whose last command is unanswered", () => {
    fc.assert(
      fc.property(strategy, view, fc.nat(1000), (by, seen, seed) => {
        const unanswered = {
          ...seen,
          orders: seen.orders.map((order) => ({ ...order, settled: false })),
          items: seen.items.map((item) => ({ ...item, settled: false })),
        };
        const touched = decide(by, unanswered, draw(seed)).filter(
          ({ action }) => action === "modify" || action === "cancel" || action === "withdraw",
        );
        expect(touched).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

describe("what an order has traded already", () => {
  it("is neither cancelled nor changed, and counts as traded", () => {
    fc.assert(
      fc.property(strategy, view, fc.nat(1000), (by, seen, seed) => {
        const [order] = seen.orders;
        if (order === undefined) return;
        const alone = { ...seen, orders: [order] };
        for (const intent of decide(by, alone, draw(seed))) {
          if (intent.action === "cancel") expect(order.filledWh).toBeLessThan(order.energyWh);
          if (intent.action !== "modify") continue;
          expect(intent.energyWh - order.filledWh).toBeGreaterThanOrEqual(seen.minEnergyWh);
        }
      }),
      { numRuns: 600 },
    );
  });

  it("is not asked for again", () => {
    fc.assert(
      fc.property(strategy, view, energy, fc.nat(1000), (by, seen, filledWh, seed) => {
        const way = seen.positionWh >= 0 ? ("sell" as const) : ("buy" as const);
        const wantedWh = Math.abs(seen.positionWh);
        const [version, priceMicroPerKwh, settled, itemId] = [1, 80_000, true, undefined];
        const order = {
          orderId: "o1",
          side: way,
          energyWh: filledWh,
          ...{ filledWh, version, priceMicroPerKwh, settled, itemId },
        };
        const quotes = newQuotes(decide(by, { ...seen, orders: [order], items: [] }, draw(seed)));
        const askedWh = quotes.reduce((sum, intent) => sum + intent.energyWh, 0);
        expect(askedWh).toBeLessThanOrEqual(Math.max(0, wantedWh - filledWh));
      }),
      { numRuns: 600 },
    );
  });
});

describe("looking twice", () => {
  it("draws the same quotes", () => {
    fc.assert(
      fc.property(strategy, view, fc.nat(1000), (by, seen, seed) => {
        expect(decide(by, seen, draw(seed))).toEqual(decide(by, seen, draw(seed)));
      }),
    );
  });
});
