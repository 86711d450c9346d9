/** What the inspector lists and draws, before it is drawn. */
import { describe, expect, it } from "vitest";
import { createHistory, type Moment } from "../../../../infra/web/inspector/model/actor-history.js";
import { readableName, readableType, stateText } from "../../../../infra/web/inspector/model/actor-names.js";
import { treeLines } from "../../../../infra/web/inspector/model/actor-tree.js";
import { differences, sharing, withDifference } from "../../../../infra/web/inspector/model/context.js";
import type { Entry } from "../../../../infra/web/inspector/model/entry.js";
import { entryFilter, wholeLog, wordFilter } from "../../../../infra/web/inspector/model/filter.js";
import { eventTypes, readEvent } from "../../../../infra/web/inspector/model/sendable-events.js";
import { sequenceOf } from "../../../../infra/web/inspector/model/sequence.js";
import { machineExamples } from "../../../../shared/messages/examples-inspection.js";
import { inspectedMachine } from "../../../../shared/messages/inspection.js";

const standing: Moment = {
  ...{
    place: 0,
    isLogged: true,
    status: "active",
    state: [],
    value: "open",
    context: {},
    edges: [],
    movedAt: undefined,
  },
};

function actor(
  id: string,
  parent: string | null,
  told: { name?: string; machine?: string | null; moment?: Partial<Moment> } = {},
) {
  const history = createHistory(id, id.split("/")[0] ?? id);
  Object.assign(history, { name: told.name ?? id, parent, machine: told.machine === undefined ? "m" : told.machine });
  history.add({ ...standing, ...told.moment });
  return history;
}

const everything = {
  place: 0,
  words: "",
  ended: false,
  helpers: false,
  closed: new Set<string>(),
  timezone: "Europe/London",
};

describe("the list of actors", () => {
  const actors = [
    actor("bot10/x0", null),
    actor("bot2/x0", null),
    actor("bidding/x7", "bidding/x0", { name: "bidding-1470016800000" }),
    actor("bidding/x0", null, { name: "bidding" }),
    actor("bidding/x8", "bidding/x7", { name: "gate", machine: null }),
    actor("bidding/x5", "bidding/x0", { moment: { status: "done" } }),
  ];
  const ids = (options: object) =>
    treeLines(actors, { ...everything, ...options }).map(({ id, depth }) => `${depth} ${id}`);

  it("has the market's processes first, bots by number, each actor below the one that made it", () => {
    expect(ids({})).toEqual(["0 bidding/x0", "1 bidding/x7", "0 bot2/x0", "0 bot10/x0"]);
  });

  it("has alarms and actors that are over where they are asked for", () => {
    expect(ids({ helpers: true, ended: true })).toEqual([
      ...["0 bidding/x0", "1 bidding/x5", "1 bidding/x7", "2 bidding/x8"],
      ...["0 bot2/x0", "0 bot10/x0"],
    ]);
  });

  it("tells a period's start by the market's clock, with the clock's name and the same in UTC", () => {
    const period = treeLines(actors, everything).find(({ id }) => id === "bidding/x7");
    expect(period).toMatchObject({ name: "bidding 1 Aug, 03:00", start: "1 Aug, 03:00 BST, 2016-08-01T02:00:00Z" });
    expect(treeLines(actors, everything)[0]).toMatchObject({ name: "bidding", start: undefined });
  });

  it("is filtered by words and closed by the line", () => {
    expect(ids({ words: "bot -bot10" })).toEqual(["0 bot2/x0"]);
    expect(ids({ closed: new Set(["bidding/x0"]) })).toEqual(["0 bidding/x0", "0 bot2/x0", "0 bot10/x0"]);
  });

  it("gives a node with several actors that nobody made a line of its own", () => {
    const two = [actor("bidding/x0", null), actor("bidding/x3", null)];
    expect(treeLines(two, everything).map(({ kind, living }) => `${kind} ${living}`)).toEqual([
      "node 2",
      "actor 1",
      "actor 1",
    ]);
  });
});

describe("names", () => {
  it("tell a period's start and a state in words", () => {
    expect(readableName("bidding-1470016800000", "Europe/London")).toBe("bidding 1 Aug, 03:00");
    expect(readableType("xstate.done.actor.gate", "UTC")).toBe("done (gate)");
    expect(stateText({ calendar: "waiting", door: { open: "idle" } })).toBe("calendar waiting · door (open idle)");
  });
});

describe("contexts", () => {
  const before = { funds: { ann: 1, bob: 2 }, list: [1, 2] };

  it("are put together from differences without changing what was", () => {
    const after = withDifference(before, { set: { "funds.ann": 5, "orders.o1": {} }, removed: ["list"] });
    expect(after).toEqual({ funds: { ann: 5, bob: 2 }, orders: { o1: {} } });
    expect(before.funds.ann).toBe(1);
  });

  it("tell by path what differs", () => {
    expect(differences(before, { funds: { ann: 1 }, list: [1, 3] })).toEqual([
      { path: ["funds", "bob"], before: 2, after: undefined },
      { path: ["list"], before: [1, 2], after: [1, 3] },
    ]);
  });

  it("share what is equal", () => {
    const copy = structuredClone(before);
    expect(sharing(before, copy)).toBe(before);
    const changed = sharing(before, { ...copy, list: [] }) as typeof before;
    expect(changed.funds).toBe(before.funds);
  });
});

const entry = (place: number, told: Partial<Entry>): Entry => ({
  ...{ place, n: place + 1, at: place, ts: "2016-08-01T01:00:00Z", node: "bidding", actor: "bidding/x0" },
  ...{ kind: "event", type: "COMMAND", from: "ann", isPulse: false, ...told },
});

describe("the log's filter", () => {
  it("takes words, and leaves out those with a minus", () => {
    expect(["bidding", "ann", "bot1"].filter(wordFilter("b -bot"))).toEqual(["bidding"]);
  });

  it("leaves out ticks and actions where they are not wanted, never what was missed", () => {
    const entries = [
      entry(0, { isPulse: true }),
      entry(1, { kind: "action" }),
      entry(2, { kind: "missed" }),
      entry(3, {}),
    ];
    const passes = entryFilter({ ...wholeLog, actor: "bidding", pulse: false, actions: false }, () => "");
    expect(entries.filter(passes).map(({ place }) => place)).toEqual([2, 3]);
  });
});

describe("the sequence diagram", () => {
  const entries = [
    entry(0, { topic: "in/ann/orders" }),
    entry(1, { kind: "transition" }),
    entry(2, { actor: "ann/x0", from: "bidding", topic: "public/price", type: "MESSAGE" }),
    entry(3, { actor: "bob/x0", from: "bidding", topic: "public/price", type: "MESSAGE" }),
    entry(4, { from: "bidding/x8", type: "ALARM" }),
    entry(5, { from: null }),
  ];
  const options = { places: { first: 0, last: 5 }, upTo: 5, most: 10, timezone: "UTC", isWanted: () => true };
  const drawn = (told: object) =>
    sequenceOf({ ...options, lifelines: "node", entryAt: (place) => entries[place], ...told });

  it("has an arrow for each message between processes, one for a message that goes to many", () => {
    const { arrows, lifelines } = drawn({});
    expect(arrows.map(({ from, to, text }) => `${from} → ${to.toSorted().join(" ")}: ${text}`)).toEqual([
      ...["ann → bidding: in/ann/orders", "bidding → ann bob: public/price", "bidding → bidding: ALARM"],
    ]);
    expect(lifelines).toEqual(["bidding", "ann", "bob"]);
  });

  it("ends at the moment shown, and tells actors apart where that is asked for", () => {
    expect(drawn({ upTo: 1 }).arrows).toHaveLength(1);
    expect(drawn({ lifelines: "actor" }).lifelines).toContain("bidding/x8");
  });
});

describe("events sent by hand", () => {
  it("are those the machine knows, with fields that are an object", () => {
    const machine = inspectedMachine.parse(machineExamples[0]);
    expect(eventTypes(machine, ["door", "door.open"])).toEqual(["COMMAND", "CONTROL"]);
    expect(readEvent("CONTROL", '{"stop": true}')).toEqual({ type: "CONTROL", stop: true });
    expect(readEvent("CONTROL", "")).toEqual({ type: "CONTROL" });
    expect(() => readEvent("CONTROL", "[1]")).toThrow("have to be an object");
    expect(() => readEvent("CONTROL", "{")).toThrow("no JSON");
  });
});
