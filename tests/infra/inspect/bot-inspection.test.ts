/** The inspection of the bots of one thread. */
import { afterEach, describe, expect, it } from "vitest";
import { type Actor, createActor, createMachine } from "xstate";
import { createBotInspection } from "../../../infra/inspect/bot-inspection.js";
import { paceOf } from "../../../infra/inspect/told.js";

const machine = createMachine({ id: "home", initial: "offline", states: { offline: {} } });
const running: Actor<typeof machine>[] = [];

describe("the bots of a thread", () => {
  afterEach(() => {
    for (const actor of running.splice(0)) actor.stop();
  });

  function begun() {
    const actor = createActor(machine).start();
    running.push(actor);
    return actor;
  }

  it("are shown also where they begin after the inspection was asked for", () => {
    const told: string[] = [];
    const inspection = createBotInspection({
      market: "main",
      secrets: [],
      tell: (id, { kind }) => told.push(`${id} ${kind}`),
    });
    inspection.add("bot1", begun());
    inspection.show(["*"], paceOf(2, false), 0);
    inspection.add("bot2", begun());
    expect(told.filter((one) => one.endsWith("actor"))).toEqual(["bot1 actor", "bot2 actor"]);
    inspection.show([], paceOf(2, false), 0);
    told.length = 0;
    inspection.add("bot3", begun());
    expect(told).toEqual([]);
  });
});
