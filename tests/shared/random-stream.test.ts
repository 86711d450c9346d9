import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permuted, stream } from "../../shared/random-stream.js";

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a stream of chance", () => {
  // Pinned: were it to change, every recorded run and hash would change with it.
  it("draws the same numbers on every machine and in every version", () => {
    const drawn = stream(7, "h1", "orders");
    expect(draws(4, drawn.uniform)).toEqual([
      0.9315519554074854, 0.3868631385266781, 0.5878470775205642, 0.8623108114115894,
    ]);
    const dice = stream(7, "h1", "orders");
    expect(draws(8, () => dice.integer(1, 6))).toEqual([6, 3, 4, 6, 4, 4, 4, 3]);
    expect(permuted(["a", "b", "c", "d", "e"], stream(1, "clock", "tick 1"))).toEqual(["d", "b", "a", "e", "c"]);
    // Not to the last digit: logarithm and cosine are the platform's.
    expect(stream(42, "market", "order").normal()).toBeCloseTo(0.10349189984020819, 12);
  });

  it("is another for another seed, owner or purpose", () => {
    const first = (seed: number, owner: string, purpose: string) => stream(seed, owner, purpose).uniform();
    const starts = [first(7, "h1", "a"), first(8, "h1", "a"), first(7, "h2", "a"), first(7, "h1", "b")];
    expect(new Set(starts).size).toBe(starts.length);
  });

  it("is not disturbed by what another one draws", () => {
    const alone = draws(20, stream(1, "h1", "quotes").uniform);
    const one = stream(1, "h1", "quotes");
    const other = stream(1, "h2", "quotes");
    const beside = draws(20, () => {
      other.uniform();
      return one.uniform();
    });
    expect(beside).toEqual(alone);
  });

  it("is uniform: chi squared over 20 bins of 20,000 draws is ordinary", () => {
    const bins = new Array<number>(20).fill(0);
    const { uniform } = stream(3, "h1", "uniformity");
    for (const value of draws(20_000, uniform)) bins[Math.floor(value * 20)] = (bins[Math.floor(value * 20)] ?? 0) + 1;
    const chiSquared = bins.reduce((sum, seen) => sum + (seen - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeGreaterThan(6); // 19 degrees of freedom: 0.2 % lie below, 0.2 % above
    expect(chiSquared).toBeLessThan(42);
  });

  it("does not resemble the stream of its neighbour", () => {
    const one = draws(5000, stream(1, "h1", "load").uniform);
    const other = draws(5000, stream(1, "h2", "load").uniform);
    const product = mean(one.map((value, index) => (value - 0.5) * ((other[index] ?? 0) - 0.5)));
    expect(Math.abs(product * 12)).toBeLessThan(0.06); // correlation, standard error 0.014
  });

  it("has normal draws of mean 0 and deviation 1", () => {
    const { normal } = stream(5, "h1", "normality");
    const values = draws(20_000, normal);
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((value) => value * value)) - 1)).toBeLessThan(0.05);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it("draws integers within their bounds, both bounds included", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 0, max: 100 }),
        (seed, low, width) => {
          const { integer } = stream(seed, "h1", "bounds");
          for (const value of draws(10, () => integer(low, low + width))) {
            expect(Number.isInteger(value) && value >= low && value <= low + width).toBe(true);
          }
        },
      ),
    );
    const { integer } = stream(1, "h1", "dice");
    expect(new Set(draws(200, () => integer(1, 6)))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  });
});

describe("a permutation", () => {
  it("keeps every item once and leaves the given list as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer(), (items, seed) => {
        const before = [...items];
        expect(permuted(items, stream(seed, "clock", "order")).sort()).toEqual([...items].sort());
        expect(items).toEqual(before);
      }),
    );
  });

  it("favours nobody: each of four comes first about as often", () => {
    const random = stream(9, "clock", "fairness");
    const firsts = new Map<string, number>();
    for (let i = 0; i < 8000; i += 1) {
      const [first = ""] = permuted(["a", "b", "c", "d"], random);
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const times of firsts.values()) expect(Math.abs(times - 2000)).toBeLessThan(160);
    expect(firsts.size).toBe(4);
  });
});
