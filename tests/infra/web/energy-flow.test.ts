/** Energy flows and price duration curves, before they are drawn. */
import { describe, expect, it } from "vitest";
import { batteriesWithin, hearBattery } from "../../../infra/web/dashboard/model/batteries.js";
import { durationCurve } from "../../../infra/web/dashboard/model/duration-curve.js";
import { type EnergySums, flowLinks, totalOf } from "../../../infra/web/dashboard/model/flows.js";
import { localDay } from "../../../infra/web/dashboard/model/local-day.js";

const still: EnergySums = {
  ...{ generationKwh: 0, importKwh: 0, exportKwh: 0, localKwh: 0, chargedKwh: 0, dischargedKwh: 0 },
};
const text = (sums: Partial<EnergySums>) =>
  flowLinks({ ...still, ...sums }).map(({ source, target, energyKwh }) => `${source} ${energyKwh} ${target}`);

describe("the energy flow", () => {
  it("shares generation out to export, batteries, neighbours and homes, and loses none of it", () => {
    const sums = { generationKwh: 10, exportKwh: 3, localKwh: 2, chargedKwh: 1, importKwh: 0 };
    expect(text(sums)).toEqual([
      ...["generation 3 export", "generation 1 battery-in", "generation 4 load", "generation 2 neighbours"],
      "neighbours 2 load",
    ]);
    expect(totalOf(flowLinks({ ...still, ...sums }), "generation")).toBe(10);
    expect(totalOf(flowLinks({ ...still, ...sums }), "load")).toBe(6);
  });

  it("has batteries serve homes and neighbours at night, beside the supplier", () => {
    expect(text({ importKwh: 5, dischargedKwh: 3, localKwh: 1 })).toEqual([
      ...["neighbours 1 load", "battery-out 1 neighbours", "battery-out 2 load", "supplier 5 load"],
    ]);
  });

  it("shows as out of batteries what nothing else can have given, where nobody tells of batteries", () => {
    expect(text({ generationKwh: 1, localKwh: 1.5, importKwh: 2 })).toEqual([
      ...["generation 1 neighbours", "neighbours 1.5 load", "battery-out 0.5 neighbours", "supplier 2 load"],
    ]);
  });

  it("takes each battery's last word of a period, and those of a span together", () => {
    const period = "2031-08-01T00:30:00Z";
    const say = (id: string, chargedKwh: number, dischargedKwh: number) =>
      hearBattery(`in/${id}/status`, { v: 1, status: "online", period, chargedKwh, dischargedKwh });
    say("bot1", 0.5, 0);
    say("bot1", 0.6, 0);
    say("bot2", 0, 0.25);
    hearBattery("in/bot3/status", { v: 1, status: "online" });
    const fromMs = Date.parse(period);
    expect(batteriesWithin(fromMs, fromMs + 1)).toEqual({ chargedKwh: 0.6, dischargedKwh: 0.25 });
    expect(batteriesWithin(fromMs + 1, fromMs + 2)).toBeUndefined();
  });

  it("is of a local day, which may have 23 hours", () => {
    const [fromMs, toMs] = localDay(Date.parse("2017-03-26T12:00:00Z"), "Europe/London");
    expect([new Date(fromMs).toISOString(), (toMs - fromMs) / 3_600_000]).toEqual(["2017-03-26T00:00:00.000Z", 23]);
  });
});

describe("the price duration curve", () => {
  const periods = [
    { pricePerKwh: 0.1, volumeKwh: 3 },
    { pricePerKwh: null, volumeKwh: 0 },
    { pricePerKwh: 0.3, volumeKwh: 1 },
  ];

  it("falls from the highest price, each period with trades counting alike", () => {
    expect(durationCurve(periods, "period")).toEqual([
      { from: 0, to: 0.5, pricePerKwh: 0.3 },
      { from: 0.5, to: 1, pricePerKwh: 0.1 },
    ]);
  });

  it("or by the energy traded", () => {
    expect(durationCurve(periods, "energy").map(({ to }) => to)).toEqual([0.25, 1]);
  });
});
