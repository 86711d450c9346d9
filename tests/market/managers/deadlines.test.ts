import { describe, expect, it } from "vitest";
import { createActor, type Snapshot } from "xstate";
import { type SteppedClock, steppedClock } from "../../../infra/clock/stepped-clock.js";
import { alarmOn } from "../../../market/managers/alarm.js";
import { biddingPeriodMachine } from "../../../market/managers/bidding/bidding-period.machine.js";
import { biddingCycle, firstPeriod, isInRun, lastPeriod, timesOf } from "../../../market/managers/calendar.js";
import { dayMs, minuteMs } from "../../../shared/time.js";
import { calendar, firstGateMs, firstMs, startMs } from "./sample-terms.js";

const times = timesOf(firstMs, calendar);

/** The bidding of the first period, and when each of its deadlines was kept. */
function biddingPeriod(clock: SteppedClock, snapshot?: Snapshot<unknown>) {
  const kept: [string, number][] = [];
  const note = (name: string) => () => void kept.push([name, clock.now()]);
  const machine = biddingPeriodMachine.provide({
    actors: { alarm: alarmOn(clock) },
    actions: {
      openBook: note("open"),
      closeGate: note("gate"),
      endCheck: note("no longer checked"),
      clearResults: note("settled"),
      forgetOrders: note("billed"),
    },
  });
  const actor = createActor(machine, snapshot === undefined ? { input: times } : { input: times, snapshot });
  actor.start();
  return { actor, kept, state: () => actor.getSnapshot().value };
}

function persistedAt(atMs: number) {
  const clock = steppedClock(startMs);
  const before = biddingPeriod(clock);
  clock.advanceTo(atMs);
  const snapshot = before.actor.getPersistedSnapshot();
  before.actor.stop();
  return snapshot;
}

describe("the deadlines of a period", () => {
  it("are kept at their own instants, also when the clock leaps over all of them", () => {
    const clock = steppedClock(startMs);
    const { kept } = biddingPeriod(clock);
    clock.advanceTo(startMs + 30 * dayMs);
    expect(kept).toEqual([
      ["open", startMs],
      ["gate", firstGateMs],
      ["no longer checked", firstMs],
      ["settled", firstMs + 90 * minuteMs],
      ["billed", firstMs + 30 * minuteMs + dayMs],
    ]);
  });

  it("survive a restart in the middle", () => {
    const clock = steppedClock(firstGateMs - 1);
    const { kept, state } = biddingPeriod(clock, persistedAt(firstGateMs - 1));
    expect(state()).toBe("open");
    clock.advanceTo(firstGateMs);
    expect(kept).toEqual([["gate", firstGateMs]]);
  });

  it("are kept at once when they passed while the market was down", () => {
    const snapshot = persistedAt(startMs + minuteMs);
    const clock = steppedClock(firstMs);
    const { kept, state } = biddingPeriod(clock, snapshot);
    clock.advanceTo(clock.now());
    expect(kept).toEqual([
      ["gate", firstMs],
      ["no longer checked", firstMs],
    ]);
    expect(state()).toBe("contracted");
  });

  it("are dropped with the actor", () => {
    const clock = steppedClock(startMs);
    const { actor, kept } = biddingPeriod(clock);
    actor.stop();
    clock.advanceTo(startMs + 30 * dayMs);
    expect(kept).toEqual([["open", startMs]]);
  });
});

describe("the calendar of a run", () => {
  it("counts its periods from the first whose gate lies at least four ticks ahead", () => {
    const first = (startsAtMs: number) => firstPeriod({ ...calendar, startMs: startsAtMs }) - firstMs;
    expect(first(firstGateMs - 40 * minuteMs)).toBe(0);
    expect(first(firstGateMs - 40 * minuteMs + 1)).toBe(30 * minuteMs);
    expect(first(firstGateMs - 70 * minuteMs)).toBe(-30 * minuteMs);
    expect(lastPeriod(calendar)).toBe(firstMs + 90 * minuteMs);
    expect(lastPeriod({ ...calendar, periods: undefined })).toBe(Number.POSITIVE_INFINITY);
  });

  it("knows which instants start a period of the run", () => {
    const starts = [-30, 0, 1, 30, 90, 120].map((minutes) => isInRun(firstMs + minutes * minuteMs, calendar));
    expect(starts).toEqual([false, true, false, true, true, false]);
  });

  it("numbers the ticks from the opening, from 1", () => {
    const cycleAt = (minutes: number) => biddingCycle(startMs + minutes * minuteMs, times, calendar);
    expect([-20, 0, 9, 10, 59].map(cycleAt)).toEqual([1, 1, 1, 2, 6]);
  });
});
