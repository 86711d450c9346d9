import { describe, expect, it } from "vitest";
import { mayPublish, mayRetain, maySubscribe, type Standing } from "../../../infra/mqtt/access.js";
import { publicTopics, topicsOf } from "../../../shared/topics.js";

const ann: Standing = { kind: "participant", id: "ann" };
const standings = {
  ann,
  observer: { kind: "observer" },
  operator: { kind: "operator" },
  inspect: { kind: "inspect" },
  clock: { kind: "process", role: "clock" },
  bidding: { kind: "process", role: "bidding" },
  settlement: { kind: "process", role: "settlement" },
  supervisor: { kind: "process", role: "supervisor" },
  api: { kind: "process", role: "api" },
  market: { kind: "market" },
} as const satisfies Record<string, Standing>;
type Who = keyof typeof standings;

const writers: readonly (readonly [string, readonly Who[]])[] = [
  ["in/ann/orders", ["ann", "api"]],
  ["in/ann/batch", ["ann"]],
  ["in/ann/nonsense", ["ann"]],
  ["in/ann/status", ["ann"]],
  ["in/bob/orders", ["api"]],
  ["in/ann", []],
  ["in/ann/orders/more", []],
  ["in//orders", []],
  ["public/clock", ["clock"]],
  ["public/status", ["supervisor"]],
  ["public/items/20160801-0200", ["bidding"]],
  ["public/items", []],
  ["private/ann/replies", ["bidding", "settlement", "supervisor"]],
  ["private/ann/bills/20160801-0200", ["settlement"]],
  ["private/ann/orders", ["bidding"]],
  ["manage/control", ["operator"]],
  ["manage/members", ["supervisor"]],
  ["manage/contracts/20160801-0200", ["bidding"]],
  ["manage/status/bidding", ["bidding"]],
  ["manage/status/clock", ["clock"]],
  ["manage/ack/settlement", ["settlement"]],
  ["inspect/bidding/events", ["inspect"]],
  ["inspect/bot1/actor/x3", ["inspect"]],
  ["manage/inspect", ["operator", "inspect"]],
  ["manage/inspect-send", ["operator"]],
  ["manage/inspecting/bot1", ["inspect"]],
  ["manage/inspect-gone/bots-1", ["inspect"]],
];

const everybody = Object.keys(standings) as Who[];
const outsiders: readonly Who[] = ["ann", "observer", "inspect"];
const insiders: readonly Who[] = everybody.filter((who) => !outsiders.includes(who));
const readersOfWhatIsPublic: readonly Who[] = everybody.filter((who) => who !== "inspect");
const readers: readonly (readonly [string, readonly Who[]])[] = [
  ["public/#", readersOfWhatIsPublic],
  ["public/clock", readersOfWhatIsPublic],
  ["public/items/+", readersOfWhatIsPublic],
  ["private/ann/#", [...insiders, "ann"]],
  ["private/ann/replies", [...insiders, "ann"]],
  ["private/bob/#", insiders],
  ["private/#", insiders],
  ["private/+/replies", insiders],
  ["in/ann/#", insiders],
  ["in/#", insiders],
  ["manage/#", insiders],
  ["inspect/#", insiders],
  ["manage/inspect", [...insiders, "inspect"]],
  ["manage/inspect-send", [...insiders, "inspect"]],
  ["manage/inspect-gone/+", [...insiders, "inspect"]],
  ["#", insiders],
  ["+/clock", insiders],
  ["+/ann/replies", insiders],
];

const allowed = (test: (standing: Standing) => boolean): Who[] => everybody.filter((who) => test(standings[who]));

describe("the broker's access list", () => {
  it.each(writers)("lets nobody write %s but %j", (path, whoMay) => {
    const may = allowed((standing) => mayPublish("main", standing, `elecbay/main/${path}`, false, false));
    expect(may.sort()).toEqual([...whoMay, "market"].sort());
  });

  it.each(readers)("lets nobody read %s but %j", (path, whoMay) => {
    const may = allowed((standing) => maySubscribe("main", standing, `elecbay/main/${path}`));
    expect(may.sort()).toEqual([...whoMay].sort());
  });

  it.each([
    "#",
    "+/main/public/#",
    "elecbay/#",
    "elecbay/+/public/#",
    "elecbay/other/public/#",
    "$SYS/#",
    "$share/g/elecbay/main/public/#",
    "",
  ])("lets nobody but the market's own read %s, not even those", (filter) => {
    expect(allowed((standing) => maySubscribe("main", standing, filter))).toEqual([]);
  });

  it("lets nobody write to another market or none, but the whole market's own process within its own", () => {
    for (const topic of ["elecbay/other/in/ann/orders", "elecbay", "in/ann/orders", "$SYS/x", "elecbay/main"]) {
      expect(allowed((standing) => mayPublish("main", standing, topic, false, false))).toEqual([]);
    }
  });

  it("lets no participant and no observer write anything public", () => {
    const topics = topicsOf("main");
    for (const name of publicTopics) {
      for (const standing of [ann, standings.observer]) {
        expect(mayPublish("main", standing, topics.public(name), true, true)).toBe(false);
      }
    }
  });

  it("lets the supervisor alone of the processes clear what others retained, and no operator retain a command", () => {
    const clears = (who: Who) => mayPublish("main", standings[who], "elecbay/main/in/ann/orders", true, true);
    expect(everybody.filter(clears).sort()).toEqual(["ann", "market", "supervisor"]);
    expect(mayPublish("main", standings.operator, "elecbay/main/manage/control", true, false)).toBe(false);
    expect(mayPublish("main", standings.operator, "elecbay/main/manage/inspect-send", true, false)).toBe(false);
    expect(mayPublish("main", standings.operator, "elecbay/main/manage/inspect", true, false)).toBe(true);
  });

  it("keeps of what participants send their status alone", () => {
    expect(mayRetain("main", "elecbay/main/in/ann/status")).toBe(true);
    expect(mayRetain("main", "elecbay/main/in/ann/orders")).toBe(false);
    expect(mayRetain("main", "elecbay/main/in/ann/ready")).toBe(false);
    expect(mayRetain("main", "elecbay/main/public/clock")).toBe(true);
  });
});
