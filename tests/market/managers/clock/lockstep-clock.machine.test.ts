import { describe, expect, it } from "vitest";
import { createActor, fromPromise } from "xstate";
import { steppedClock } from "../../../../infra/clock/stepped-clock.js";
import { alarmOn, type Clock } from "../../../../market/managers/alarm.js";
import { lockstepClockMachine } from "../../../../market/managers/clock/lockstep-clock.machine.js";

/** A clock whose world is told by flags: who is online, whether the tick is complete, whether the run is over. */
function clockRoom(settle: () => Promise<void> = () => Promise.resolve()) {
  const wall = steppedClock(0);
  const stopwatch: Clock = { ...wall, now: () => 0 };
  const world = { online: false, complete: false, over: false };
  const events: string[] = [];
  const actor = createActor(
    lockstepClockMachine.provide({
      actors: { wallAlarm: alarmOn(stopwatch), settleOut: fromPromise(settle) },
      actions: {
        markAbsent: ({ context }) => events.push(`absent in ${context.seq}`),
        noteMissingAtStart: () => events.push("missing at start"),
      },
      guards: {
        everyoneIsOnline: () => world.online,
        tickIsComplete: () => world.complete,
        runIsOver: () => world.over,
      },
    }),
    { id: "clock", input: { deadlineMs: 1000 } },
  );
  actor.on("TICK", ({ seq }) => {
    world.complete = false;
    events.push(`tick ${seq}`);
  });
  actor.start();
  return {
    wall,
    events,
    actor,
    progress(change: Partial<typeof world>) {
      Object.assign(world, change);
      actor.send({ type: "PROGRESS" });
    },
    settled: () => new Promise((resolve) => setImmediate(resolve)),
    state: () => actor.getSnapshot().value,
  };
}

describe("the clock of a lockstep run", () => {
  it("waits for everyone before the first tick", () => {
    const room = clockRoom();
    room.progress({});
    expect([room.state(), room.events]).toEqual(["gathering", []]);
    room.progress({ online: true });
    expect([room.state(), room.events]).toEqual(["ticking", ["tick 1"]]);
  });

  it("begins without whoever is not there at the deadline", () => {
    const room = clockRoom();
    room.wall.advanceTo(999);
    expect(room.state()).toBe("gathering");
    room.wall.advanceTo(1000);
    expect([room.state(), room.events]).toEqual(["ticking", ["missing at start", "tick 1"]]);
  });

  it("goes on when the tick is complete and all is out of the house, not before", async () => {
    const room = clockRoom();
    room.progress({ online: true });
    room.progress({ complete: false });
    expect(room.state()).toBe("ticking");
    room.progress({ complete: true });
    expect(room.state()).toBe("settingOut");
    room.progress({});
    expect(room.state()).toBe("settingOut");
    await room.settled();
    expect(room.events).toEqual(["tick 1", "tick 2"]);
  });

  it("gives each tick its own deadline, marks the missing absent and goes on", async () => {
    const room = clockRoom();
    room.wall.advanceTo(900);
    room.progress({ online: true });
    room.wall.advanceTo(1899);
    expect(room.events).toEqual(["tick 1"]);
    room.wall.advanceTo(1900);
    await room.settled();
    expect(room.events).toEqual(["tick 1", "absent in 1", "tick 2"]);
    room.progress({ complete: true });
    await room.settled();
    room.wall.advanceTo(2899);
    expect(room.events.at(-1)).toBe("tick 3");
    room.wall.advanceTo(2900);
    await room.settled();
    expect(room.events.slice(-2)).toEqual(["absent in 3", "tick 4"]);
  });

  it("ends when the run is over, and when it is stopped", async () => {
    const over = clockRoom();
    over.progress({ online: true });
    over.progress({ complete: true, over: true });
    await over.settled();
    expect([over.state(), over.actor.getSnapshot().status]).toEqual(["ended", "done"]);
    for (const stage of [{}, { online: true }, { complete: true }]) {
      const stopped = clockRoom();
      stopped.progress({ online: "online" in stage || "complete" in stage });
      stopped.progress(stage);
      stopped.actor.send({ type: "STOP" });
      expect(stopped.state()).toBe("ended");
    }
  });

  it("ends and keeps the cause when something cannot be written", async () => {
    const room = clockRoom(() => Promise.reject(new Error("disk full")));
    room.progress({ online: true });
    room.progress({ complete: true });
    await room.settled();
    expect(room.state()).toBe("ended");
    expect(room.actor.getSnapshot().context.failure).toEqual(new Error("disk full"));
  });
});
