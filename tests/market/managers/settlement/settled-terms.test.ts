import { describe, expect, it } from "vitest";
import type { SettledPrices } from "../../../../market/facts.js";
import { dayMs, hourMs, isoUtc } from "../../../../shared/time.js";
import { micro } from "../../../../shared/units.js";
import { first, firstMs, startMs, terms } from "../sample-terms.js";
import { endMs, meteredRoom, people, reading, settlementRoom, trade } from "./settlement-room.js";

const settledWith = (settlement: Partial<typeof terms.settlement>) => {
  return { ...terms, settlement: { ...terms.settlement, ...settlement } };
};
const linesOf = (bill: { lines: readonly { kind: string; energyKwh: number; amount: number }[] } | undefined) =>
  bill?.lines.map(({ kind, energyKwh, amount }) => [kind, energyKwh, amount]);

describe("what a period is settled at", () => {
  it("is told once, with everyone's supplier and prices, also when a reading is corrected later", () => {
    const room = meteredRoom([reading("ann", 0, 0.5), reading("bob", 0.6), reading("cat", 0.2, 0, "estimated")]);
    room.meter(first, [reading("cat", 0.3)], true);
    const told = room.facts.flatMap((fact): SettledPrices[] => (fact.type === "settled" ? [fact.prices] : []));
    expect(told).toEqual([
      {
        periodMs: firstMs,
        ...{ systemBuyMicroPerKwh: 155_700, systemSellMicroPerKwh: 40_300, pool: undefined },
        tariffs: people.map((participant) => ({
          ...{ participant, supplier: "retail1", importMicroPerKwh: 145_700, exportMicroPerKwh: 50_300 },
        })),
      },
    ]);
  });
});

describe("notified positions", () => {
  const positions = [{ participant: "cat", energyKwh: -0.2 }];
  it.each([
    ["full", ["supply", -0.2, -0.02914], ["imbalance", -0.1, -0.01557]],
    ["promised", ["supply", -0.3, -0.04371], undefined],
  ] as const)("reach the settlement where imbalance is %s", (imbalance, supply, deviation) => {
    const room = settlementRoom(settledWith({ imbalance }));
    const head = { v: 1 as const, ts: isoUtc(startMs), n: 1, period: first };
    const message = { ...head, checked: false, trades: [trade(0.5)], limits: [], positions };
    room.actor.send({ type: "CONTRACTS", message });
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.5), reading("cat", 0.3)]);
    room.tickAt(endMs + dayMs);
    const [bill] = room.bills("cat");
    expect(linesOf(bill)).toEqual(deviation === undefined ? [supply] : [supply, deviation]);
  });
});

describe("what the DSO's cuts took", () => {
  const head = { v: 1 as const, ts: isoUtc(startMs), n: 1, period: first };
  const contracts = { ...head, checked: true, trades: [trade(0.5)], limits: [], cut: { orders: 2, energyKwh: 1.5 } };
  const metered = [reading("ann", 0, 0.5), reading("bob", 0.2), reading("cat", 0)];

  it.each([
    [
      "of what an innocent then misses its supplier takes over as much as it lost",
      0.2,
      ["export", 0.2],
      ["imbalance", 0.1],
    ],
    [
      "where it is not told, as in journals of before, all that is missed is imbalance",
      undefined,
      ["imbalance", 0.3],
      undefined,
    ],
  ] as const)("%s", (_what, lostKwh, ...expected) => {
    const room = settlementRoom();
    const lost = lostKwh === undefined ? {} : { lost: [{ participant: "bob", energyKwh: lostKwh }] };
    room.actor.send({ type: "CONTRACTS", message: { ...contracts, ...lost } });
    room.tickAt(endMs + hourMs);
    room.meter(first, metered);
    room.tickAt(endMs + dayMs);
    const told = linesOf(room.bills("bob")[0])?.map(([kind, energyKwh]) => [kind, energyKwh]);
    const ofMeter = told?.filter(([kind, energyKwh]) => kind !== "trade" && energyKwh !== 0);
    expect(ofMeter).toEqual(expected.filter((line) => line !== undefined));
  });

  it("is on the key figures once the period is settled, and once however it is corrected", () => {
    const room = settlementRoom();
    room.actor.send({ type: "CONTRACTS", message: contracts });
    room.tickAt(endMs + hourMs);
    room.meter(first, [...metered.slice(0, 2), reading("cat", 0.1, 0, "estimated")]);
    room.meter(first, [reading("cat", 0.2)], true);
    room.tickAt(endMs + dayMs);
    const cutFigures = { cutOrders: 2, cutKwh: 1.5, cutShare: 0.75 };
    expect(room.outbox.on("public/kpi").at(-1)).toMatchObject(cutFigures);
  });
});

describe("a seller's own price in a contract", () => {
  it("is what it gets; the difference goes to whom the terms name", () => {
    const room = settlementRoom(settledWith({ funder: "council" }));
    room.contract(first, [{ ...trade(0.5), sellerPricePerKwh: 0.08 }]);
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.5), reading("cat", 0)]);
    room.tickAt(endMs + dayMs);
    expect(linesOf(room.bills("ann")[0])?.[0]).toEqual(["trade", 0.5, 0.04]);
    expect(linesOf(room.bills("bob")[0])?.[0]).toEqual(["trade", -0.5, -0.05]);
    expect([room.balances().get("funder:council"), room.balances().get("mechanism")]).toEqual([10_000, 0]);
  });
});

describe("a bill date 31 days after the period", () => {
  it("brings the bill then and not before, with what was corrected until then", () => {
    const late = { ...terms, calendar: { ...terms.calendar, billDays: 31 } };
    const room = settlementRoom(late);
    room.contract(first, [trade(0.5)]);
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.5), reading("cat", 0.2, 0, "estimated")]);
    room.tickAt(endMs + 30 * dayMs);
    room.meter(first, [reading("cat", 0.3)], true);
    room.tickAt(endMs + 31 * dayMs - 1);
    expect(room.bills("cat")).toEqual([]);
    room.tickAt(endMs + 31 * dayMs);
    expect(linesOf(room.bills("cat")[0])).toEqual([
      ["supply", -0.2, -0.02914],
      ["correction", -0.1, -0.01457],
    ]);
  });

  it("may be followed by a correction, on a bill of its own with its charges and tax", () => {
    const room = settlementRoom(settledWith({ vatMillionths: 50_000, standingChargeMicroPerDay: micro(480_000) }));
    room.contract(first, [trade(0.5)]);
    room.tickAt(endMs + hourMs);
    room.meter(first, [reading("ann", 0, 0.5), reading("bob", 0.5), reading("cat", 0.2, 0, "estimated")]);
    room.tickAt(endMs + dayMs);
    room.meter(first, [reading("cat", 0.3)], true);
    const bills = room.bills("cat");
    // Before: 0.02914 and 0.01, and 0.001957 tax. After: 0.04371 and 0.01, and 0.0026855 tax, half to even 0.002686.
    expect(bills.map(({ total }) => total)).toEqual([-0.041097, -0.015299]);
    expect(bills[1]).toMatchObject({ previous: bills[0]?.hash, lines: [{ kind: "correction", energyKwh: -0.1 }] });
  });
});
