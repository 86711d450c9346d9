import { describe, expect, it } from "vitest";
import type { LockstepMarket } from "../../../infra/lockstep/lockstep-market.js";
import { createLockstepRun } from "../../../infra/lockstep/lockstep-run.js";
import type { Connection } from "../../../infra/mqtt/connection.js";
import { createKpis } from "../../../market/rules/kpi.js";
import { checkingOutbox } from "../../market/managers/checking-outbox.js";
import { startMs, terms } from "../../market/managers/sample-terms.js";

/** A run whose market only notes what it is handed, and a sender of raw messages. */
function lockstepRun(deadlineMs = 5000) {
  const outbox = checkingOutbox();
  const lines: string[] = [];
  const worked: { seq: number; tsMs: number; sent: Record<string, string[]> }[] = [];
  const joined: string[] = [];
  const controls: string[] = [];
  const ofDso: number[] = [];
  const note = (message: string) => void lines.push(message);
  const market: LockstepMarket = {
    begin: () => {},
    work: (seq, tsMs, sent) =>
      void worked.push({
        ...{ seq, tsMs },
        sent: Object.fromEntries([...sent].map(([id, packets]) => [id, packets.map(({ payload }) => payload)])),
      }),
    join: (id) => void joined.push(id),
    control: ({ message }) => void controls.push(message.action),
    hearDso: ({ message }) => void ofDso.push(message.n),
    billedKpis: () => createKpis(30),
    stop: () => {},
  };
  const cleared: string[] = [];
  const publish: typeof outbox.publish = (topic, message, retain) => {
    if (message === null) cleared.push(topic);
    else outbox.publish(topic, message, retain);
  };
  const run = createLockstepRun({
    ...{ terms, runId: "r1", expected: ["ann", "bob"], deadlineMs, market, outbox: { publish } },
    ...{ log: { info: note, warn: note }, connection: {} as Connection, isOver: () => false },
    settleOut: () => Promise.resolve(),
    onTick: () => {},
  });
  const take = (path: string, content: object | string, retained = false) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    run.take(`elecbay/main/${path}`, Buffer.from(text), retained);
  };
  const finished = run.finished();
  return {
    ...{ run, outbox, lines, worked, joined, controls, ofDso, cleared, take, finished },
    online: (id: string) => take(`in/${id}/status`, { v: 1, status: "online" }, true),
    ready: (id: string, seq: number, sent = 0) => take(`in/${id}/ready`, { v: 1, seq, sent }),
    settled: () => new Promise((done) => setTimeout(done, 30)),
    stop: async () => {
      run.stop();
      await finished;
    },
  };
}

describe("a lockstep run", () => {
  it("hears the DSO, acknowledges what it can read and counts what it cannot", async () => {
    const room = lockstepRun();
    const path = "manage/limits/20160801-0200";
    const limits = { v: 1, ts: "2016-08-01T00:00:00Z", n: 4, period: "2016-08-01T02:00:00Z", cuts: [], limits: [] };
    room.take(path, limits);
    room.take(path, { ...limits, cuts: "all" });
    const limit = { participant: "h1", maxImportKw: -0.1, maxExportKw: 0 };
    room.take(path, { ...limits, n: 5, limits: [limit] });
    expect(room.ofDso).toEqual([4]);
    expect(room.outbox.on("manage/ack/bidding")).toEqual([{ from: "dso", n: 4 }]);
    const remedy = "nothing of it counts until it comes again, put right";
    expect(room.lines).toEqual([
      `a message of the DSO is of no use: cuts must be an array; ${remedy}`,
      `a message of the DSO is of no use: limits.0.maxImportKw must be at least 0; ${remedy}`,
    ]);
    room.take(path, { ...limits, n: 5, limits: [{ ...limit, maxImportKw: 0 }] });
    expect(room.ofDso).toEqual([4, 5]);
    await room.stop();
  });

  it("publishes the first tick once all whom it expects are online, and each next when all are ready", async () => {
    const room = lockstepRun();
    room.online("ann");
    expect(room.worked).toEqual([]);
    room.online("bob");
    expect(room.outbox.on("public/clock")).toMatchObject([
      { seq: 1, ts: "2016-08-01T00:00:00Z", mode: "lockstep", round: 1, rounds: 3, runId: "r1" },
    ]);
    room.take("in/ann/orders", '{"requestId":"r1"}');
    room.ready("ann", 1, 1);
    room.ready("bob", 1);
    await room.settled();
    expect(room.worked).toMatchObject([
      { seq: 1, tsMs: startMs, sent: {} },
      { seq: 2, tsMs: startMs + 600_000, sent: { ann: ['{"requestId":"r1"}'] } },
    ]);
    expect([room.joined, room.run.absences]).toEqual([["ann", "bob"], []]);
    await room.stop();
  });

  it("tells whoever misses the deadline that it is absent, and goes on without it", async () => {
    const room = lockstepRun(60);
    room.online("ann");
    room.online("bob");
    room.ready("ann", 1);
    await new Promise((done) => setTimeout(done, 90));
    expect(room.run.absences).toEqual([{ seq: 1, ts: "2016-08-01T00:00:00Z", participant: "bob" }]);
    expect(room.outbox.on("private/bob/replies")).toMatchObject([
      { requestId: null, topic: "ready", status: "rejected", code: "absent" },
    ]);
    expect(room.worked.at(-1)?.seq).toBe(2);
    await room.stop();
  });

  it("ignores and clears what was retained under in/#, status aside, and takes an empty payload as nothing", async () => {
    const room = lockstepRun();
    room.take("in/ann/orders", '{"requestId":"old"}', true);
    room.online("ann");
    room.take("in/ann/orders", "");
    room.online("bob");
    room.ready("ann", 1);
    room.ready("bob", 1);
    await room.settled();
    expect(room.worked.map(({ sent }) => sent)).toEqual([{}, {}]);
    expect([room.cleared, room.run.unusable()]).toEqual([["elecbay/main/in/ann/orders"], 0]);
    await room.stop();
  });

  it("counts and logs what is of no use, and is not moved by it", async () => {
    const room = lockstepRun();
    room.online("ann");
    room.online("bob");
    room.take("in/ann/nonsense", "{}");
    room.take("in/ann/ready", "{}");
    room.take("in/ann/ready", '{"v":1,"seq":1,"sent":-1}');
    room.take("in/ann/status", "asleep");
    room.take("manage/control", '{"v":1,"action":"burn"}');
    room.take("manage/control", '{"v":1,"action":"close"}');
    await new Promise((resolve) => setImmediate(resolve)); // the market works a tick in a turn of its own
    expect(room.run.unusable()).toBe(5);
    expect(room.lines).toHaveLength(5);
    expect([room.worked.length, room.controls]).toEqual([1, ["close"]]);
    await room.stop();
  });

  it("answers what is too much to wait for the next tick as over the rate", async () => {
    const room = lockstepRun();
    room.online("ann");
    room.online("bob");
    for (let i = 0; i <= 5000; i += 1) room.take("in/ann/orders", { requestId: `r${i}` });
    expect(room.outbox.on("private/ann/replies")).toMatchObject([{ requestId: "r5000", code: "rate-limited" }]);
    await room.stop();
  });

  it("ends with the error of a market that cannot go on", async () => {
    const room = lockstepRun();
    const ended = expect(room.finished).rejects.toThrow("invariant broken");
    room.online("ann");
    room.online("bob");
    room.run.fail(new Error("invariant broken"));
    await ended;
  });
});
