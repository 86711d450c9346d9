/** How the supervisor brings a failed actor back: back-off, a limit for failures in a row, none for a full disk. */
import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { steppedClock } from "../../../../infra/clock/stepped-clock.js";
import { alarmOn } from "../../../../market/managers/alarm.js";
import { type RestartPolicy, restartMachine } from "../../../../market/managers/supervisor/restart.machine.js";

const policy: RestartPolicy = { firstDelayMs: 100, longestDelayMs: 400, mostFailures: 3, forgivenAfterMs: 10_000 };

function room() {
  const clock = steppedClock(0);
  const said: string[] = [];
  const machine = restartMachine.provide({
    actors: { alarm: alarmOn(clock) },
    actions: {
      restart: () => void said.push(`restart at ${clock.now()}`),
      tellGivenUp: () => void said.push(`given up at ${clock.now()}`),
    },
  });
  const actor = createActor(machine, { input: { policy } });
  actor.start();
  const down = (cause: "actor" | "journal") => actor.send({ type: "DOWN", cause, atMs: clock.now() });
  return { clock, said, actor, down };
}

describe("an actor that has gone down", () => {
  it("is started again after a delay that doubles up to its longest", () => {
    const { clock, said, down } = room();
    down("journal");
    for (const ms of [100, 300, 700, 1100]) {
      clock.advanceTo(ms);
      down("journal");
    }
    expect(said).toEqual(["restart at 100", "restart at 300", "restart at 700", "restart at 1100"]);
  });

  it("is given up when it fails more often in a row than allowed", () => {
    const { clock, said, actor, down } = room();
    down("actor");
    for (const ms of [100, 300, 700]) {
      clock.advanceTo(ms);
      actor.send({ type: "UP" });
      down("actor");
    }
    expect(said).toEqual(["restart at 100", "restart at 300", "restart at 700", "given up at 700"]);
    expect(actor.getSnapshot().status).toBe("done");
  });

  it("is forgiven failures that lie far apart", () => {
    const { clock, said, actor, down } = room();
    for (let round = 0; round < 5; round += 1) {
      clock.advanceTo(round * 20_000);
      down("actor");
      clock.advanceTo(round * 20_000 + 100);
      actor.send({ type: "UP" });
    }
    expect(said).toHaveLength(5);
    expect(said.at(-1)).toBe("restart at 80100");
  });

  it("is tried for ever while its journal cannot be written", () => {
    const { clock, said, down } = room();
    down("journal");
    for (let round = 1; round <= 20; round += 1) {
      clock.advanceTo(round * 500);
      down("journal");
    }
    expect(said).toHaveLength(20);
  });

  it("is not given up for its first failure behind a disk that was full for long", () => {
    const { clock, said, actor, down } = room();
    down("journal");
    for (let round = 1; round <= 20; round += 1) {
      clock.advanceTo(round * 500);
      down("journal");
    }
    clock.advanceTo(10_500);
    actor.send({ type: "UP" });
    down("actor");
    clock.advanceTo(11_000);
    expect(said.at(-1)).toBe("restart at 10900");
    expect(said).toHaveLength(22);
  });
});
