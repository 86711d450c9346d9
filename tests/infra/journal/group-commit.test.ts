/** The host of an actor whose journal is written elsewhere: groups follow each other, and nothing leaves before it is durable. */
import { describe, expect, it } from "vitest";
import type { Output } from "../../../infra/journal/hosted-actor.js";
import type { ActorJournal } from "../../../infra/journal/journal.js";
import { createManagerHost } from "../../../infra/journal/manager-host.js";
import { type MemoryJournal, memoryJournal } from "../../../infra/journal/memory-journal.js";
import { sha256 } from "../../../infra/main/secrets.js";
import { add, makeCounting } from "./counting-actor.js";

/** A journal in memory that writes when it is told to. */
function lateJournal(journal: MemoryJournal = memoryJournal()) {
  const orders: (() => void)[] = [];
  const disk = { isFull: false };
  const write = (most = Number.POSITIVE_INFINITY): void => {
    for (let done = 0; done < most && orders.length > 0; done += 1) orders.shift()?.();
  };
  const late: ActorJournal = {
    ...journal,
    appendLater(entries, retained, done) {
      const [kept, changes] = [[...entries], new Map(retained)];
      orders.push(() => {
        if (disk.isFull) return done(new Error("the disk is full"));
        journal.append(kept, changes);
        done(undefined);
      });
    },
    settle: () => write(),
  };
  return { journal, late, orders, disk, write };
}

function hosting(late: ReturnType<typeof lateJournal>) {
  const released: Output[] = [];
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const down: string[] = [];
  const endOfTurn: (() => void)[] = [];
  const host = createManagerHost({
    ...{ role: "settlement", market: "main", startMs: 0, programVersion: "1", make: makeCounting, digest: sha256 },
    journal: late.late,
    now: () => 0,
    atEndOfTurn: (commit) => void endOfTurn.push(commit),
    release: (output) => released.push(output),
    acknowledge: (sender, n) => acknowledged.push(`${sender} ${n}`),
    refuse: ({ sender }, reason) => refused.push(`${sender}: ${reason}`),
    onDown: (cause, error) => down.push(`${cause}: ${String(error)}`),
  });
  const sums = () =>
    released.flatMap((output) => (output.kind === "publish" ? [(output.message as { sum?: number }).sum] : []));
  const turn = (): void => {
    for (const commit of endOfTurn.splice(0)) commit();
  };
  return { host, sums, turn, acknowledged, refused, down };
}

const command = (sender: string, payload: string) => ({
  type: "COMMAND",
  packet: { sender, topic: "orders", payload, bytes: payload.length, stampedAtMs: 0 },
});

describe("an actor whose journal is written elsewhere", () => {
  it("works on while a group is being written, and says nothing of it before it is durable", () => {
    const late = lateJournal();
    const { host, sums, turn } = hosting(late);
    host.restart();
    expect(sums()).toEqual([0]);
    host.take(add(1));
    turn();
    host.take(add(2));
    turn();
    expect(sums()).toEqual([0]);
    late.write(1);
    expect(sums()).toEqual([0, 1]);
    late.write(1);
    expect(sums()).toEqual([0, 1, 3]);
  });

  it("writes what has come meanwhile as one group", () => {
    const late = lateJournal();
    const { host, turn, sums } = hosting(late);
    host.restart();
    for (const value of [1, 2, 4, 8]) {
      host.take(add(value));
      turn();
    }
    expect(late.orders).toHaveLength(1);
    late.write(1);
    expect([late.orders.length, sums()]).toEqual([1, [0, 1]]);
    late.write(1);
    expect([late.orders.length, sums()]).toEqual([0, [0, 1, 3, 7, 15]]);
  });

  it("loses what stands in a group that could not be written and what came after it, refuses it, and goes on from the journal", () => {
    const late = lateJournal();
    const { host, turn, sums, refused, down } = hosting(late);
    host.restart();
    host.take(command("ann", "x"));
    turn();
    host.take(command("bob", "y"));
    turn();
    late.disk.isFull = true;
    late.write();
    expect(host.isUp()).toBe(false);
    expect(down).toEqual(["journal: Error: the disk is full"]);
    expect(refused.map((text) => text.split(":")[0])).toEqual(["ann", "bob"]);
    const before = late.journal.entries.length;
    late.disk.isFull = false;
    host.restart();
    host.take(add(5));
    turn();
    late.write();
    expect(sums().at(-1)).toBe(5);
    expect(late.journal.entries.length).toBe(before + 2);
  });

  it("acknowledges a hand-over once it is durable, and one that comes again at once only after waiting for that", () => {
    const late = lateJournal();
    const { host, turn, acknowledged } = hosting(late);
    host.restart();
    const event = { ...add(1), message: { n: 1 } };
    host.takeHandover("exchange", event);
    turn();
    expect(acknowledged).toEqual([]);
    host.takeHandover("exchange", event);
    expect(acknowledged).toEqual(["exchange 1", "exchange 1"]);
  });

  it("refuses nothing that may still become durable where the disk does not answer in time", () => {
    const late = lateJournal();
    const slow = { isSlow: false };
    const { settle } = late.late;
    late.late.settle = () => {
      if (slow.isSlow) throw new Error("not written in time");
      settle?.();
    };
    const { host, turn, refused, down, sums } = hosting(late);
    host.restart();
    host.take(command("ann", "x"));
    turn();
    host.take(command("bob", "y"));
    slow.isSlow = true;
    host.stop();
    expect(refused.map((text) => text.split(":")[0])).toEqual(["bob"]);
    expect(down).toEqual(["journal: Error: not written in time"]);
    slow.isSlow = false;
    late.write();
    host.restart();
    expect([late.journal.entries.some(({ event }) => event?.type === "COMMAND"), sums()[0]]).toEqual([true, 0]);
  });

  it("stops with all that it has worked durable and said", () => {
    const late = lateJournal();
    const { host, turn, sums } = hosting(late);
    host.restart();
    host.take(add(1));
    turn();
    host.take(add(1));
    host.stop();
    expect(sums()).toEqual([0, 1, 2]);
    expect(late.orders).toEqual([]);
  });

  it("says nothing of a life that was killed, though it may be found durable afterwards", () => {
    const late = lateJournal();
    const { host, turn, sums } = hosting(late);
    host.restart();
    host.take(add(4));
    turn();
    host.kill();
    host.restart();
    expect(sums()).toEqual([0, 4]); // the second is told by the journal, as retained
  });
});
