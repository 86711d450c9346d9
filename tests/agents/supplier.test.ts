import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { supplierMessages } from "../../agents/supplier/supplier.js";
import { supplierMachine } from "../../agents/supplier/supplier.machine.js";
import { type ManageTariffs, manageTariffs } from "../../shared/messages/manage.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../shared/time.js";
import { microPerKwh } from "../../shared/units.js";

const half = 30 * minuteMs;
const fromMs = Date.parse("2016-08-01T00:00:00Z");
const specification = {
  name: "retail1",
  market: "main",
  fromMs,
  stepMinutes: 30,
  systemBuyMicroPerKwh: [microPerKwh(160_000)],
  systemSellMicroPerKwh: [microPerKwh(40_000)],
  tariffs: [
    {
      participant: "peer1",
      supplier: "green",
      importMicroPerKwh: Array.from({ length: 60 }, (_, step) => microPerKwh(100_000 + step)),
      exportMicroPerKwh: [microPerKwh(50_300)],
    },
  ],
  carbonMilligramPerKwh: undefined,
  guestTariff: {
    supplier: "retail1",
    importMicroPerKwh: [microPerKwh(145_700)],
    exportMicroPerKwh: [microPerKwh(50_300)],
  },
};
const at = (tsMs: number, first = false) =>
  supplierMessages(specification, { tsMs, roundLengthMs: half, first, guests: [] });

describe("the supplier", () => {
  it("tells two days of prices, the last of its series holding after the end", () => {
    const [body] = at(fromMs + 5 * half, true);
    const told = manageTariffs.parse({ ...body, n: 1 });
    expect(told).toMatchObject({ from: isoUtc(fromMs + 5 * half), stepMinutes: 30, systemBuyPerKwh: [0.16] });
    const [own] = told.tariffs;
    expect(own?.exportPerKwh).toEqual([0.0503]);
    expect(own?.importPerKwh).toHaveLength(96);
    expect([own?.importPerKwh[0], own?.importPerKwh.at(-1)]).toEqual([0.100005, 0.100059]);
  });

  it("names each participant's own supplier, and what the grid emits where it is known", () => {
    const known = { ...specification, carbonMilligramPerKwh: [170_720, 157_320] };
    const tick = { tsMs: fromMs, roundLengthMs: half, first: true, guests: ["stranger"] };
    const [told] = supplierMessages(known, tick);
    expect(told?.tariffs.map(({ supplier }) => supplier)).toEqual(["green", "retail1"]);
    expect(told?.carbonIntensity?.slice(0, 3)).toEqual([170.72, 157.32, 157.32]);
    expect(at(fromMs, true)[0]).not.toHaveProperty("carbonIntensity");
  });

  it("before its series begins tells the first price", () => {
    const [body] = at(fromMs - dayMs, true);
    expect(body?.tariffs[0]?.importPerKwh.slice(47, 50)).toEqual([0.1, 0.1, 0.100001]);
  });

  it("speaks again only at the last tick of a day", () => {
    const spoken = Array.from({ length: 96 }, (_, tick) => at(fromMs + tick * half).length);
    expect(spoken.flatMap((count, tick) => (count > 0 ? [tick] : []))).toEqual([47, 95]);
  });

  it("as a machine numbers its messages and gives a guest the guests' tariff", () => {
    const actor = createActor(supplierMachine, { input: { specification, roundLengthMs: half } });
    const published: ManageTariffs[] = [];
    actor.on("PUBLISH", ({ message }) => published.push(manageTariffs.parse(message)));
    actor.start();
    actor.send({ type: "TICK", tsMs: fromMs, seq: 1 });
    actor.send({ type: "TICK", tsMs: fromMs, seq: 1 });
    actor.send({ type: "GUEST", participant: "stranger", tsMs: fromMs + hourMs });
    actor.send({ type: "GUEST", participant: "stranger", tsMs: fromMs + hourMs });
    expect(published.map(({ n }) => n)).toEqual([1, 2]);
    expect(published[1]?.tariffs.map(({ participant }) => participant)).toEqual(["peer1", "stranger"]);
    expect(published[1]?.tariffs[1]?.importPerKwh).toEqual([0.1457]);
  });
});
