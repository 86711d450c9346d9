import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openReadingStore, readingKey, type StandingReading } from "../../../infra/journal/reading-store.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { type PlannedRow, planImport } from "../../../infra/readings/import-plan.js";
import { mostRows, readingRows } from "../../../infra/readings/reading-rows.js";
import { sendReadings } from "../../../infra/readings/send-readings.js";
import { type Command, NoReplyError } from "../../../infra/rest/market-door.js";
import type { Fact, Reading } from "../../../market/facts.js";
import { timesOf } from "../../../market/managers/calendar.js";
import type { Reply } from "../../../shared/messages/private.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../shared/time.js";
import { watt, wh } from "../../../shared/units.js";
import { calendar, firstMs, secondMs } from "../../market/managers/sample-terms.js";
import { journalFolder, removeFolders } from "../journal/journal-entries.js";

afterAll(removeFolders);

const header = "participant,period,importKwh,exportKwh,generationKwh,quality";
const first = isoUtc(firstMs);
const second = isoUtc(secondMs);
const { dueAtMs, billAtMs } = timesOf(firstMs, calendar);
const reading = (participant: string, importWh: number, quality: Reading["quality"] = "actual"): Reading => ({
  ...{ participant, importWh: wh(importWh), exportWh: wh(0), generationWh: wh(0), quality },
});

describe("a file of readings", () => {
  it("is read row by row, with generation and quality where they are told", () => {
    const rows = readingRows("f", `${header}\nann,${first},0.3,0,0.1,\nbob,20160801-0200,0,0.5,,provisional\n`);
    expect(rows.map(({ line, wanted }) => [line, wanted?.periodMs, wanted?.reading])).toEqual([
      [2, firstMs, { ...reading("ann", 300), generationWh: 100 }],
      [3, firstMs, { ...reading("bob", 0, "provisional"), exportWh: 500 }],
    ]);
    expect(
      readingRows("f", "exportKwh,importKwh,period,participant\n1,2,20160801-0200,ann")[0]?.wanted?.reading,
    ).toEqual({
      ...{ ...reading("ann", 2000), exportWh: 1000 },
    });
  });

  it("tells what is wrong with a row, and leaves the others alone", () => {
    const bad = [
      "ann,never,1,1",
      `ann,${first},x,1`,
      `ann,${first},-1,1`,
      `ann,${first},,1`,
      `ann,${first},0.0001,1`,
      "ann",
    ];
    const text = ["participant,period,importKwh,exportKwh", ...bad, `ann,${first},1,1`, `ann,${first},2,1`].join("\n");
    const rows = readingRows("f", text);
    expect(rows.map(({ wanted }) => wanted !== undefined)).toEqual([...bad.map(() => false), true, false]);
    expect(rows[7]?.problem).toMatch(/already/);
    for (const { wanted, problem } of rows) expect(problem === undefined).toBe(wanted !== undefined);
  });

  it("is refused whole where it is none: no first line, a column too many or missing, too many rows", () => {
    expect(() => readingRows("f", "")).toThrow(/first line is participant/);
    expect(() => readingRows("f", "participant,period,importKwh\n")).toThrow(/lacks the column exportKwh/);
    expect(() => readingRows("f", `${header},name\n`)).toThrow(/"name" too many/);
    expect(() => readingRows("f", 'participant,period\n"ann')).toThrow(/CSV/);
    const rows = Array.from({ length: mostRows + 1 }, () => `ann,${first},1,1,,`);
    expect(() => readingRows("f", [header, ...rows].join("\n"))).toThrow(/in parts/);
  });
});

function planOf(
  text: string,
  nowMs: number,
  standing: Record<string, Omit<StandingReading, "input">> = {},
): PlannedRow[] {
  const held = new Map(Object.entries(standing).map(([id, one]) => [readingKey(id, firstMs), { ...one, input: 7 }]));
  return planImport(readingRows("f", `${header}\n${text}`), {
    ...{ calendar, nowMs, readings: { standing: () => held } },
    account: (id) =>
      id === "meter1"
        ? { role: "meter", capacityW: watt(0) }
        : id === "nobody"
          ? undefined
          : { role: "prosumer", capacityW: watt(8000) },
  });
}
const effects = (rows: readonly PlannedRow[]): string[] => rows.map(({ effect }) => effect);

describe("the preview of a file of readings", () => {
  const rows = ["ann", "bob", "cat", "dan"].map((id) => `${id},${first},0.3,0,,`).join("\n");

  it("tells, before the readings are due, what is new, the same, and what takes another's place", () => {
    const held = {
      bob: { reading: reading("bob", 300), isMetered: false },
      cat: { reading: reading("cat", 9), isMetered: false },
    };
    expect(effects(planOf(rows, dueAtMs - 1, held))).toEqual(["new", "same", "replaces", "new"]);
  });

  it("tells, after it, which estimate is replaced, what is corrected, and who has nothing there to correct", () => {
    const held = {
      ann: { reading: reading("ann", 0, "estimated"), isMetered: true },
      bob: { reading: reading("bob", 300), isMetered: true },
      cat: { reading: reading("cat", 9), isMetered: true },
    };
    expect(effects(planOf(rows, dueAtMs, held))).toEqual(["replaces-estimate", "same", "corrects", "refused"]);
    expect(effects(planOf(rows, billAtMs, held))).toEqual(["corrects-billed", "same", "corrects-billed", "refused"]);
    expect(planOf(rows, dueAtMs, held)[2]?.before?.reading.importWh).toBe(9);
  });

  it("tells why a row would be refused", () => {
    const wrong: [string, number, RegExp][] = [
      [`nobody,${first},1,0,,`, dueAtMs, /nobody is registered/],
      [`meter1,${first},1,0,,`, dueAtMs, /no prosumer/],
      ["ann,2016-08-01T02:10:00Z,1,0,,", dueAtMs, /no delivery period/],
      [`ann,${first},1,0,,`, firstMs, /taken from/],
      [`ann,${first},1,0,,`, firstMs + 30 * minuteMs + 90 * dayMs, /limit/],
      [`ann,${first},40.1,0,,`, dueAtMs, /10 times/],
    ];
    for (const [text, nowMs, reason] of wrong)
      expect(planOf(text, nowMs)[0]).toMatchObject({ effect: "refused", reason: expect.stringMatching(reason) });
  });
});

describe("sending a file of readings", () => {
  const accepted = { v: 1, ts: first, requestId: "x", topic: "meter", status: "accepted", acceptedAt: first } as const;

  it("sends what changes something, each row under a name that holds what it replaces", async () => {
    const sent: Command[] = [];
    const send = async (command: Command): Promise<Reply> => {
      sent.push(command);
      return accepted;
    };
    const held = {
      bob: { reading: reading("bob", 300), isMetered: true },
      cat: { reading: reading("cat", 9), isMetered: true },
    };
    const planned = planOf(`bob,${first},0.3,0,,\ncat,${first},0.3,0,,\nnobody,${first},1,0,,`, dueAtMs, held);
    expect(effects(await sendReadings(planned, send))).toEqual(["same", "corrects", "refused"]);
    expect(sent.map(({ for: of, importKwh }) => [of, importKwh])).toEqual([["cat", 0.3]]);
    await sendReadings(planned, send);
    expect(sent[1]).toEqual(sent[0]);
    await sendReadings(
      planned.map((row) => ({ ...row, before: undefined })),
      send,
    );
    expect(sent[2]?.requestId).not.toBe(sent[0]?.requestId);
  });

  it("tells a row that the market rejects, and goes on", async () => {
    const planned = planOf(`ann,${first},0.3,0,,\nbob,${first},0.3,0,,`, dueAtMs - 1);
    const done = await sendReadings(planned, async ({ for: of }) =>
      of === "ann" ? { ...accepted, status: "rejected", code: "gate-closed", reason: "too late" } : accepted,
    );
    expect(done.map(({ effect, reason }) => [effect, reason])).toEqual([
      ["refused", "gate-closed: too late"],
      ["new", undefined],
    ]);
  });

  it("has more and more under way as long as replies come soon, and fewer again where they come late", async () => {
    const many = Array.from({ length: 6000 }, (_, n) => `p${n}x,${first},0.3,0,,`).join("\n");
    const mostUnderWay = async (replyAfterMs: (reply: number) => number): Promise<readonly number[]> => {
      let [nowMs, underWay, replies] = [0, 0, 0];
      const most = [0, 0];
      const send = async (): Promise<Reply> => {
        underWay += 1;
        const half = replies < 3000 ? 0 : 1;
        most[half] = Math.max(most[half] ?? 0, underWay);
        await new Promise((later) => setImmediate(later));
        underWay -= 1;
        replies += 1;
        nowMs += replyAfterMs(replies);
        return accepted;
      };
      const done = await sendReadings(planOf(many, dueAtMs - 1), send, () => nowMs);
      expect(replies).toBe(6000);
      expect(new Set(effects(done))).toEqual(new Set(["new"]));
      return most;
    };
    expect(await mostUnderWay(() => 0)).toEqual([800, 800]);
    expect((await mostUnderWay(() => 2000))[0]).toBe(50);
    const [soon = 0, late = 0] = await mostUnderWay((reply) => (reply < 400 ? 0 : 2000));
    expect([soon > 200, late]).toEqual([true, 50]);
  });

  it("sends no more once the market does not reply", async () => {
    const many = Array.from({ length: 300 }, (_, n) => `p${n}x,${first},0.3,0,,`).join("\n");
    let tried = 0;
    const done = await sendReadings(planOf(many, dueAtMs - 1), async ({ requestId }) => {
      tried += 1;
      throw new NoReplyError(requestId, "no reply");
    });
    expect(tried).toBeLessThan(100);
    expect(new Set(effects(done))).toEqual(new Set(["refused"]));
  });
});

describe("the readings that stand in a journal", () => {
  const file = join(journalFolder(), "exchange.sqlite");
  const journal = openJournal(file, { role: "exchange", programVersion: "1", durability: "normal" });
  afterAll(() => journal.close());
  const metered = (of: Reading, correction: boolean): Fact => ({
    type: "metered",
    periodMs: firstMs,
    reading: of,
    correction,
  });
  const entry = (n: number, atMs: number, more: object) => ({
    ...{ n, atMs, event: { type: "TICK" }, reply: null, facts: [], handedOver: [], digest: "d" },
    ...more,
  });
  const command = (sender: string, requestId: string, importKwh: number, status = "accepted") => ({
    event: {
      type: "COMMAND",
      packet: {
        sender,
        payload: JSON.stringify({
          ...{ v: 1, requestId, period: second, importKwh, exportKwh: 0, generationKwh: 0 },
          ...(sender === "operator" ? { for: "ann" } : {}),
        }),
      },
    },
    reply: { status },
  });
  const none = new Map<string, string>();
  const store = openReadingStore(file);

  it("are the last told of a metered period, and the last taken of one whose readings are not due", () => {
    const endMs = secondMs + 30 * minuteMs;
    journal.append(
      [
        entry(1, firstMs + hourMs, { facts: [metered(reading("ann", 1), false), metered(reading("bob", 2), false)] }),
        entry(2, firstMs + hourMs, { facts: [metered(reading("ann", 5), true)] }),
        entry(3, endMs, command("ann", "a", 0.1)),
        entry(4, endMs, command("operator", "b", 0.2)),
        entry(5, endMs, command("bob", "c", 0.3, "rejected")),
        entry(6, endMs, command("ann", "a", 0.1)),
      ],
      none,
    );
    const standing = store.standing(firstMs, secondMs, endMs);
    expect(
      [...standing].map(([key, { reading: of, isMetered, input }]) => [key, of.importWh, isMetered, input]),
    ).toEqual([
      [readingKey("ann", firstMs), 5, true, 2],
      [readingKey("bob", firstMs), 2, true, 1],
      [readingKey("ann", secondMs), 200, false, 4],
    ]);
    expect(store.standing(secondMs, secondMs, endMs + 1).size).toBe(0);
  });

  it("are corrections too that were taken and are not told yet", () => {
    const endMs = secondMs + 30 * minuteMs;
    const told = { ...reading("ann", 200), generationWh: wh(0) };
    const facts = [{ type: "metered", periodMs: secondMs, reading: told, correction: false }];
    journal.append(
      [entry(7, endMs + hourMs, { facts }), entry(8, endMs + hourMs, command("operator", "d", 0.7))],
      none,
    );
    const [[, standing] = []] = store.standing(secondMs, secondMs, endMs);
    expect(standing).toMatchObject({ isMetered: true, input: 8, reading: { importWh: 700 } });
  });

  it("are none before exchange has a journal", () => {
    expect(openReadingStore(join(journalFolder(), "exchange.sqlite")).standing(firstMs, secondMs, firstMs).size).toBe(
      0,
    );
  });
});
