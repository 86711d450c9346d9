import { describe, expect, it } from "vitest";
import { createMessageFaults } from "../../../infra/chaos/message-faults.js";
import { createMessageWays } from "../../../infra/chaos/message-ways.js";
import { planOf, startMs } from "./sample-plan.js";

describe("the fate of messages", () => {
  it("hits about the share that is asked for", () => {
    const { fateOf } = createMessageFaults(planOf([{ fault: "drop", messages: "sent", share: 0.2 }]));
    const hits = Array.from({ length: 5000 }, () => fateOf("sent", "ann", "orders", startMs)).filter(Boolean).length;
    expect(hits / 5000).toBeGreaterThan(0.18);
    expect(hits / 5000).toBeLessThan(0.22);
  });

  it("does not depend on what others send between", () => {
    const plan = planOf([
      { fault: "drop", messages: "sent", share: 0.3 },
      { fault: "duplicate", messages: "sent", share: 0.3 },
    ]);
    const alone = createMessageFaults(plan);
    const among = createMessageFaults(plan);
    for (let n = 0; n < 200; n += 1) {
      if (n % 3 === 0) among.fateOf("sent", "bob", "orders", startMs);
      among.fateOf("heard", "ann", "replies", startMs);
      expect(among.fateOf("sent", "ann", "orders", startMs)).toEqual(alone.fateOf("sent", "ann", "orders", startMs));
    }
  });

  it("spares whom and what is not named", () => {
    const only = { whom: ["ann"], topics: ["orders"], until: "2017-02-20T10:00:00Z" };
    const { fateOf } = createMessageFaults(planOf([{ fault: "drop", messages: "sent", share: 1, ...only }]));
    const hour = 3_600_000;
    expect(fateOf("sent", "ann", "orders", startMs)?.fault).toBe("drop");
    expect(fateOf("sent", "bob", "orders", startMs)).toBeUndefined();
    expect(fateOf("sent", "ann", "meter", startMs)).toBeUndefined();
    expect(fateOf("heard", "ann", "orders", startMs)).toBeUndefined();
    expect(fateOf("sent", "ann", "orders", startMs + hour)).toBeUndefined();
  });
});

describe("the ways of messages", () => {
  const [drop, delay, duplicate, reorder] = planOf([
    { fault: "drop", messages: "sent", share: 1 },
    { fault: "delay", messages: "sent", share: 1, ticks: 3 },
    { fault: "duplicate", messages: "sent", share: 1 },
    { fault: "reorder", messages: "sent", share: 1 },
  ]).entries.map((entry) => ("share" in entry ? entry : undefined));

  function waysThatNote() {
    const gone: string[] = [];
    const later: [number, () => void][] = [];
    const ways = createMessageWays((ticks, go) => void later.push([ticks, go]));
    const pass = (name: string, fate: typeof drop, way = "ann") => ways.pass(way, fate, () => void gone.push(name));
    return { gone, later, ways, pass };
  }

  it("lose, double and put off", () => {
    const { gone, later, pass } = waysThatNote();
    pass("a", drop);
    pass("b", duplicate);
    pass("c", delay);
    pass("d", undefined);
    expect(gone).toEqual(["b", "b", "d"]);
    expect(later.map(([ticks]) => ticks)).toEqual([3]);
    later[0]?.[1]();
    expect(gone).toEqual(["b", "b", "d", "c"]);
  });

  it("let a message be overtaken by the next of the same way, and by no other", () => {
    const { gone, pass } = waysThatNote();
    pass("a", reorder);
    pass("x", undefined, "bob");
    pass("b", undefined);
    pass("c", undefined);
    expect(gone).toEqual(["x", "b", "a", "c"]);
  });

  it("send on what waits to be overtaken when nothing more comes", () => {
    const { gone, ways, pass } = waysThatNote();
    pass("a", reorder);
    ways.flush();
    ways.flush();
    expect(gone).toEqual(["a"]);
  });
});
