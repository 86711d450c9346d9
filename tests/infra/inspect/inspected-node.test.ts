/** One node of which only some actors are shown. */
import { afterEach, describe, expect, it } from "vitest";
import { type AnyActor, assign, createActor, fromCallback, setup, stopChild } from "xstate";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { createInspectedNode } from "../../../infra/inspect/inspected-node.js";
import { createKnownActors } from "../../../infra/inspect/known-actors.js";
import { createRedaction } from "../../../infra/inspect/redaction.js";
import { paceOf, type Told } from "../../../infra/inspect/told.js";

const period = setup({ actors: { alarm: fromCallback(() => {}) } }).createMachine({
  id: "period",
  initial: "open",
  states: { open: { invoke: { src: "alarm" }, on: { CLOSE: "billed" } }, billed: { type: "final" } },
});
const manager = setup({ types: {} as { context: { last: number } }, actors: { period } }).createMachine({
  id: "manager",
  context: { last: 0 },
  on: {
    OPEN: {
      actions: assign({
        last: ({ context, spawn }) => {
          spawn("period", { id: `period-${context.last + 1}` });
          return context.last + 1;
        },
      }),
    },
    DROP: { actions: stopChild(({ context }) => `period-${context.last}`) },
  },
});

const running: AnyActor[] = [];

function begun() {
  const actor = createActor(manager, { id: "bidding" }).start();
  running.push(actor);
  return actor;
}

function inspected(patterns: readonly string[]) {
  const root = begun();
  const wall = steppedClock(0);
  const told: Told[] = [];
  const node = createInspectedNode({
    ...{ node: "bidding", wall, marketNow: () => 0, redaction: createRedaction([]), originOf: () => ({ from: null }) },
    tell: (one) => told.push(one),
  });
  const remove = node.add({ root });
  node.show(patterns, paceOf(1, false));
  const names = new Map<string, string>();
  return {
    ...{ root, wall, remove, told },
    /** Names of the actors that are told of as being there. */
    there(): string[] {
      wall.advanceTo(wall.now() + 1000);
      for (const one of told.splice(0)) {
        if (one.kind !== "actor") continue;
        if (one.text === null) names.delete(one.actor);
        else names.set(one.actor, JSON.parse(one.text).name);
      }
      return [...names.values()];
    },
  };
}

describe("a node of which some actors are shown", () => {
  afterEach(() => {
    for (const actor of running.splice(0)) actor.stop();
  });

  it("tells of a shown actor whose maker is not shown until it has ended by itself or was stopped", () => {
    const { root, there } = inspected(["bidding/period-*"]);
    root.send({ type: "OPEN" });
    root.send({ type: "OPEN" });
    expect(there()).toEqual(["period-1", "period-2"]);
    (root.getSnapshot().children["period-1"] as AnyActor).send({ type: "CLOSE" });
    expect(there()).toEqual(["period-2"]);
    root.send({ type: "DROP" });
    expect(there()).toEqual([]);
  });

  it("clears what is shown of a source that is taken out, though its root is not shown", () => {
    const { root, there, remove } = inspected(["bidding/period-*"]);
    root.send({ type: "OPEN" });
    expect(there()).toEqual(["period-1"]);
    remove();
    expect(there()).toEqual([]);
  });

  it("holds nothing of actors that are not shown, however many there were", () => {
    const known = createKnownActors({
      ...{ node: "bidding", isShown: (_number: string, name: string) => name === "bidding" },
      ...{ onFound: () => {}, onChanged: () => {}, onGone: () => {} },
    });
    const root = begun();
    const subscription = root.system.inspect(({ actorRef }) => known.of(actorRef as AnyActor));
    for (let i = 0; i < 20; i += 1) root.send({ type: "OPEN" });
    expect([...known.all()].map(({ name }) => name)).toEqual(["bidding"]);
    expect(known.find([...known.all()][0]?.number ?? "")?.name).toBe("bidding");
    subscription.unsubscribe();
  });
});
