/** Who takes part and who hangs where, before it is drawn. */
import { describe, expect, it } from "vitest";
import { groupedByPoint } from "../../../infra/web/dashboard/model/connection-points.js";
import { homeAt, networkLayout } from "../../../infra/web/dashboard/model/network-layout.js";
import { tariffNow } from "../../../infra/web/dashboard/model/tariff-now.js";
import { privateExamples } from "../../../shared/messages/examples-private.js";
import { tariff as tariffSchema } from "../../../shared/messages/private.js";

const tariff = tariffSchema.parse(privateExamples.tariff[0]);
const row = (id: string, connectionPoint: string | null, capacityKw = 7) => ({
  ...{ id, account: undefined, isOnline: true, strategy: undefined, battery: undefined, openCount: 0 },
  ...{ nextOrder: undefined, tariff: { ...tariff, connectionPoint, capacityKw } },
});

describe("connection points", () => {
  it("hold their homes, in the order of their names, the unnamed last; who has no tariff is on none", () => {
    const points = groupedByPoint([
      ...[row("a", "R10"), row("b", null), row("c", "R2", 4), row("d", "R10")],
      { ...row("e", "R2"), tariff: undefined },
    ]);
    expect(points.map(({ name, capacityKw, members }) => [name, capacityKw, members.map(({ id }) => id)])).toEqual([
      ["R2", 4, ["c"]],
      ["R10", 14, ["a", "d"]],
      [null, 7, ["b"]],
    ]);
  });

  it("stand side by side where there is room, else on a further feeder, and never beyond the drawing", () => {
    for (const width of [340, 900, 1400]) {
      const counts = [3, 1, 12, 40];
      const { points, feeders, height } = networkLayout(counts, width);
      for (const point of points) {
        expect(point.x + point.width).toBeLessThanOrEqual(width);
        expect(point.y + point.height).toBeLessThan(height);
        const last = homeAt(point, (counts[point.index] ?? 1) - 1);
        expect(last.y + 58).toBeLessThanOrEqual(point.y + point.height);
      }
      for (const [at, one] of points.entries())
        for (const other of points.slice(at + 1))
          expect(one.x + one.width <= other.x || one.y + one.height <= other.y).toBe(true);
      expect(feeders.length).toBeGreaterThan(width > 1000 ? 0 : 1);
    }
  });
});

describe("a tariff", () => {
  it("has the price of the step that is on, and its last one beyond its end", () => {
    const from = "2016-08-01T00:00:00Z";
    const series = { ...tariff, from, stepMinutes: 30, importPerKwh: [0.1, 0.2] };
    const at = (minutes: number) => tariffNow(series, Date.parse(from) + minutes * 60_000).importPerKwh;
    expect([at(-5), at(0), at(29), at(30), at(600)]).toEqual([0.1, 0.1, 0.1, 0.2, 0.2]);
  });
});
