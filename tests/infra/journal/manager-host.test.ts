/** The host of an actor: nothing leaves before it is durable, nothing durable is lost, everything has one effect. */
import { describe, expect, it, vi } from "vitest";
import type { MakeActor, Output } from "../../../infra/journal/hosted-actor.js";
import { createManagerHost, type DownCause } from "../../../infra/journal/manager-host.js";
import { type MemoryJournal, memoryJournal } from "../../../infra/journal/memory-journal.js";
import { isTaken, type TakenNumbers } from "../../../infra/journal/taken-numbers.js";
import { sha256 } from "../../../infra/main/secrets.js";
import { add, makeCounting } from "./counting-actor.js";

function hosting(
  journal: MemoryJournal = memoryJournal(),
  {
    everyInputs = 0,
    everyWorkMs = Number.POSITIVE_INFINITY,
    make = makeCounting,
    onFolded = (_taken: TakenNumbers): void => {},
  } = {},
) {
  const released: Output[] = [];
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const down: [DownCause, string][] = [];
  const time = { nowMs: 0 };
  const host = createManagerHost({
    ...{ role: "settlement", market: "main", startMs: 0, programVersion: "1", journal, make, digest: sha256 },
    onFolded,
    now: () => time.nowMs,
    release: (output) => released.push(output),
    acknowledge: (sender, n) => acknowledged.push(`${sender} ${n}`),
    refuse: (packet, reason) => refused.push(`${packet.sender}: ${reason}`),
    onDown: (cause, error) => down.push([cause, String(error)]),
    ...(everyInputs === 0 ? {} : { snapshots: { everyInputs, afterRestartOf: 2 * everyInputs, everyWorkMs } }),
  });
  const sums = () =>
    released.flatMap((output) => (output.kind === "publish" ? [(output.message as { sum?: number }).sum] : []));
  return { host, journal, released, acknowledged, refused, down, time, sums };
}

const command = (sender: string, payload: string) => ({
  type: "COMMAND",
  packet: { sender, topic: "orders", payload, bytes: payload.length, stampedAtMs: 0 },
});
const handover = (n: number, value: number, previous?: number) => ({ ...add(value), message: { n, previous } });

describe("the host of an actor", () => {
  it("says nothing before it is durable", () => {
    const { host, journal, sums } = hosting();
    host.restart();
    expect(sums()).toEqual([0]);
    host.take(add(1));
    host.take(add(1));
    expect(sums()).toEqual([0]);
    expect(journal.entries).toHaveLength(1);
    host.commit();
    expect(sums()).toEqual([0, 1, 2]);
    expect(journal.entries).toHaveLength(3);
  });

  it("makes the actor anew from its journal, and tells again what is retained and what nobody has acknowledged", () => {
    const first = hosting();
    first.host.restart();
    for (const value of [1, 2, 4]) first.host.take(add(value));
    first.host.commit();
    first.host.kill();
    const second = hosting(first.journal);
    second.host.restart();
    expect(second.sums()).toEqual([7]);
    expect(second.released.filter(({ kind }) => kind === "resend")).toHaveLength(1);
    second.host.take(add(1));
    second.host.commit();
    expect(second.sums()).toEqual([7, 8]);
    first.journal.acknowledged(1, "bidding");
    const third = hosting(first.journal);
    third.host.restart();
    expect(third.released.filter(({ kind }) => kind === "resend")).toEqual([]);
  });

  it.each([
    ["its journal", 0],
    ["a snapshot", 2],
  ])(
    "tells again what it reported last, made anew from %s: else it counts as away until there is news",
    (_from, everyInputs) => {
      const make: MakeActor = (ports, saved, onError) => {
        const counting = makeCounting(ports, saved, onError);
        return {
          ...counting,
          send(event) {
            counting.send(event);
            if ((event as { value?: number }).value === 5)
              ports.link.report({ role: "settlement", status: "online", periods: [] });
          },
        };
      };
      const reports = (released: readonly Output[]) => released.filter(({ kind }) => kind === "report");
      const first = hosting(memoryJournal(), { make, everyInputs });
      first.host.restart();
      for (const value of [1, 5, 1, 1]) {
        first.host.take(add(value));
        first.host.commit();
      }
      expect(reports(first.released)).toHaveLength(1);
      first.host.kill();
      const second = hosting(first.journal, { make, everyInputs });
      second.host.restart();
      expect(reports(second.released)).toEqual(reports(first.released));
    },
  );

  it("loses what was not durable, and only that", () => {
    const first = hosting();
    first.host.restart();
    first.host.take(add(1));
    first.host.commit();
    first.host.take(add(10));
    first.host.kill();
    const second = hosting(first.journal);
    second.host.restart();
    expect(second.sums()).toEqual([1]);
  });

  it("rings an alarm that fell due while it was away, once, at its own time", () => {
    const first = hosting();
    first.host.restart();
    first.host.kill();
    const second = hosting(first.journal);
    second.time.nowMs = 5000;
    second.host.restart();
    second.host.commit();
    expect(second.sums().at(-1)).toBe(1000);
    const third = hosting(first.journal);
    third.time.nowMs = 9000;
    third.host.restart();
    expect(third.sums().at(-1)).toBe(1000);
  });

  it("stays down and says nothing where what it took does not fit its senders' journals", () => {
    const first = hosting();
    first.host.restart();
    first.host.takeHandover("exchange", handover(3, 5));
    first.host.commit();
    first.host.kill();
    const second = hosting(first.journal, {
      onFolded: (taken) => {
        if (isTaken(taken, "exchange", 3)) throw new Error("it took what was never handed over");
      },
    });
    expect(() => second.host.restart()).toThrow(/never handed over/);
    expect(second.host.isUp()).toBe(false);
    expect(second.released).toEqual([]);
  });

  it("takes a hand-over once and acknowledges it when durable, also after a restart", () => {
    const first = hosting();
    first.host.restart();
    first.host.takeHandover("exchange", handover(1, 5));
    expect(first.acknowledged).toEqual([]);
    first.host.takeHandover("exchange", handover(1, 5));
    expect(first.journal.entries).toHaveLength(2);
    expect(first.acknowledged).toEqual(["exchange 1", "exchange 1"]);
    first.host.kill();
    const second = hosting(first.journal);
    second.host.restart();
    second.host.takeHandover("exchange", handover(1, 5));
    expect(second.acknowledged).toEqual(["exchange 1"]);
    expect(second.sums()).toEqual([5]);
  });

  it("leaves a hand-over that came before its predecessor to be sent again", () => {
    const { host, acknowledged, sums } = hosting();
    host.restart();
    host.takeHandover("exchange", handover(4, 20, 2));
    host.takeHandover("exchange", handover(2, 1));
    host.takeHandover("exchange", handover(4, 20, 2));
    host.commit();
    expect(acknowledged).toEqual(["exchange 2", "exchange 4"]);
    expect(sums()).toEqual([0, 1, 21]);
  });

  it("refuses what it could not write down, and goes on from what it had", () => {
    let isFull = false;
    const journal = memoryJournal(() => {
      if (isFull) throw new Error("disk full");
    });
    const made = vi.fn(makeCounting);
    const { host, refused, down, sums } = hosting(journal, { make: made });
    host.restart();
    host.take(add(1));
    host.commit();
    isFull = true;
    host.take(command("peer1", "50"));
    host.commit();
    expect(down).toEqual([["journal", "Error: disk full"]]);
    expect(refused).toEqual(["peer1: the market cannot write its journal: send again later"]);
    host.take(command("peer2", "1"));
    expect(refused[1]).toContain("peer2");
    host.restart();
    expect(host.isUp()).toBe(false);
    expect(made).toHaveBeenCalledTimes(1); // no input is worked again while the disk is full
    isFull = false;
    host.restart();
    expect(host.isUp()).toBe(true);
    host.take(add(1));
    host.commit();
    expect(sums().at(-1)).toBe(2);
  });

  it("goes down with an actor that fails, keeps what it did before, and refuses the command that did it", () => {
    const { host, journal, down, sums } = hosting();
    host.restart();
    host.take(add(1));
    host.take(add(-1));
    expect(down).toEqual([["actor", "Error: cannot add -1"]]);
    expect(sums()).toEqual([0, 1]);
    expect(journal.entries).toHaveLength(2);
    host.restart();
    host.take(add(1));
    host.commit();
    expect(sums().at(-1)).toBe(2);
  });

  it("goes on from a snapshot, and works all again where that is of another build", () => {
    const first = hosting(memoryJournal(), { everyInputs: 3 });
    first.host.restart();
    for (let count = 0; count < 7; count += 1) {
      first.host.take(add(1));
      first.host.commit();
    }
    expect(first.journal.snapshot()?.n).toBe(6);
    const second = hosting(first.journal, { everyInputs: 3 });
    second.host.restart();
    second.host.take(add(0));
    second.host.commit();
    expect(second.sums().at(-1)).toBe(7);
    const snapshot = first.journal.snapshot();
    if (snapshot === undefined) throw new Error("there is a snapshot");
    first.journal.keepSnapshot({ ...snapshot, programVersion: "2", state: "of another build" });
    const third = hosting(first.journal, { everyInputs: 3 });
    third.host.restart();
    third.host.take(add(1));
    third.host.commit();
    expect(third.sums().at(-1)).toBe(8);
  });

  it("keeps a snapshot at a restart that was long", () => {
    const first = hosting();
    first.host.restart();
    for (let count = 0; count < 7; count += 1) first.host.take(add(1));
    first.host.commit();
    hosting(first.journal, { everyInputs: 100 }).host.restart();
    expect(first.journal.snapshot()).toBeUndefined();
    hosting(first.journal, { everyInputs: 4 }).host.restart();
    expect(first.journal.snapshot()?.n).toBe(10);
  });

  it("keeps a snapshot where a few inputs took their time", () => {
    const slow: MakeActor = (...ports) => {
      const actor = makeCounting(...ports);
      return {
        ...actor,
        send(event) {
          for (const begunAt = performance.now(); performance.now() < begunAt + 4; );
          actor.send(event);
        },
      };
    };
    const first = hosting(memoryJournal(), { everyInputs: 1000, everyWorkMs: 2, make: slow });
    first.host.restart();
    first.host.take(add(1));
    first.host.commit();
    expect(first.journal.snapshot()).toBeDefined();
    const patient = hosting(memoryJournal(), { everyInputs: 1000, make: slow });
    patient.host.restart();
    patient.host.take(add(1));
    patient.host.commit();
    expect(patient.journal.snapshot()).toBeUndefined();
  });

  it("notices an actor that decides otherwise than its journal says", () => {
    const first = hosting();
    first.host.restart();
    first.host.take(command("peer1", "5"));
    first.host.commit();
    const otherwise: typeof makeCounting = (ports, saved, onError) => {
      const actor = makeCounting(ports, saved, onError);
      const send: typeof actor.send = (event) => {
        actor.send(add(1));
        actor.send(event);
      };
      return { ...actor, send };
    };
    expect(() => hosting(first.journal, { make: otherwise }).host.restart()).toThrow(
      /input 2 .* was decided otherwise/,
    );
  });

  it("tells once what a DSO says under a number that it has given away before, and does not acknowledge it, also after a restart", () => {
    const limits = (n: number, value: number, ts: string) => ({
      ...add(value),
      message: { n, ts, period: "p", value },
    });
    const warningsIn = (outputs: readonly Output[]) =>
      outputs.flatMap((output) => (output.kind === "log" ? [output.message] : []));
    const first = hosting();
    first.host.restart();
    for (const n of [1, 2]) first.host.takeHandover("dso", limits(n, n, "early"));
    first.host.commit();
    first.host.takeHandover("dso", limits(1, 1, "late"));
    expect(first.acknowledged).toEqual(["dso 1", "dso 2", "dso 1"]);
    expect(warningsIn(first.released)).toEqual([]);
    first.host.kill();
    const second = hosting(first.journal);
    second.host.restart();
    for (const _again of [1, 2, 3]) second.host.takeHandover("dso", limits(1, 7, "late"));
    second.host.commit();
    expect(second.acknowledged).toEqual([]);
    expect(second.sums().at(-1)).toBe(3);
    expect(warningsIn(second.released)).toEqual([
      expect.stringMatching(/does not take hand-over 1 of dso, and does not acknowledge it.*let it go on above 2$/),
    ]);
  });

  it("tells of a hand-over that keeps coming ahead of one that never comes", () => {
    const { host, released, acknowledged } = hosting();
    host.restart();
    for (const _again of [1, 2, 3, 4]) host.takeHandover("dso", handover(41, 1, 40));
    const warnings = released.filter(({ kind }) => kind === "log");
    expect(acknowledged).toEqual([]);
    expect(warnings).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/41 of dso.*follows hand-over 40.*never come/) }),
    ]);
  });
});
