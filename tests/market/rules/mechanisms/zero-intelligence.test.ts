import { beforeAll, describe, expect, it } from "vitest";
import { stream } from "../../../../shared/random-stream.js";
import {
  callRounds,
  continuousSession,
  largestSurplus,
  type Session,
  smithBand,
  smithTraders,
  type Trader,
} from "./zero-intelligence.js";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

describe("traders without intelligence, on Smith's schedule", () => {
  const most = largestSurplus(smithTraders);

  it("have 750 to gain", () => {
    expect(most).toBe(750);
  });

  describe("in 1500 sessions of the continuous auction, run to exhaustion", () => {
    const sessions: Session[] = [];
    beforeAll(() => {
      const random = stream(7, "zero-intelligence", "continuous");
      for (let at = 0; at < 1500; at += 1) sessions.push(continuousSession(smithTraders, smithBand, random));
    }, 60_000);

    it("gain 96.2 % of it on average, with a deviation of 4.7 %", () => {
      const efficiencies = sessions.map(({ surplus }) => surplus / most);
      expect(mean(efficiencies)).toBeGreaterThanOrEqual(0.95);
      // Four sampling errors of 0.047 / sqrt(1500), and the printed digit.
      expect(Math.abs(mean(efficiencies) - 0.962)).toBeLessThan(0.006);
      expect(Math.abs(deviation(efficiencies) - 0.047)).toBeLessThan(0.006);
      expect(Math.max(...efficiencies)).toBeLessThanOrEqual(1);
      expect(Math.min(...efficiencies)).toBeGreaterThan(0.65);
    });

    it("trade at about the equilibrium price of 200 on average", () => {
      expect(Math.abs(mean(sessions.flatMap(({ prices }) => prices)) - 200)).toBeLessThan(2);
    });
  });

  it("gain in calls what the source prints, and little by the first one: they must quote anew", () => {
    const random = stream(8, "zero-intelligence", "calls");
    const sessions = Array.from({ length: 600 }, () => callRounds(smithTraders, smithBand, 100, random));
    // elecbay.md 3.7: rounds, efficiency, trades.
    const printed = [
      [1, 0.294, 1.29],
      [5, 0.76, 3.67],
      [10, 0.893, 4.55],
      [20, 0.946, 5.07],
      [50, 0.97, 5.44],
      [100, 0.978, 5.56],
    ] as const;
    for (const [rounds, efficiency, trades] of printed) {
      const after = sessions.map((session) => session[rounds - 1] ?? { surplus: Number.NaN, trades: Number.NaN });
      const efficiencies = after.map(({ surplus }) => surplus / most);
      const counts = after.map((state) => state.trades);
      // Four sampling errors, and as much again for those of the printed figures, whose number of sessions is not told.
      const sampling = 8 / Math.sqrt(sessions.length);
      expect(Math.abs(mean(efficiencies) - efficiency)).toBeLessThan(0.0005 + sampling * deviation(efficiencies));
      expect(Math.abs(mean(counts) - trades)).toBeLessThan(0.005 + sampling * deviation(counts));
    }
  }, 60_000);
});

describe("twenty traders a side without intelligence, inside the tariffs' band", () => {
  it("gain 38 % in one sealed call", () => {
    const random = stream(9, "zero-intelligence", "tariffs");
    const band = [5030, 14_570] as const;
    const efficiencies = Array.from({ length: 2000 }, () => {
      const traders = Array.from(
        { length: 40 },
        (_, index): Trader => ({
          id: `t${index}`,
          side: index % 2 === 0 ? "buy" : "sell",
          limit: random.integer(...band),
        }),
      );
      return (callRounds(traders, band, 1, random)[0]?.surplus ?? Number.NaN) / largestSurplus(traders);
    });
    expect(Math.abs(mean(efficiencies) - 0.38)).toBeLessThan(0.005 + (8 * deviation(efficiencies)) / Math.sqrt(2000));
  }, 60_000);
});
