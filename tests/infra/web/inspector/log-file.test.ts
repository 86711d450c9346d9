/** A log that the command line has written, opened by the page, and written again. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logLines, readHead, readLine } from "../../../../infra/web/inspector/model/log-file.js";
import { createRecording, type Recording } from "../../../../infra/web/inspector/model/recording.js";

const file = new URL("../../../inspect/three-homes.inspect.ndjson", import.meta.url);
const [first = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
const forever = Number.POSITIVE_INFINITY;

function opened(from: readonly string[]): Recording {
  const recording = createRecording({ mostEntries: 300_000, holdMs: 1000 });
  recording.take(
    from.flatMap((line) => readLine(line) ?? []),
    forever,
  );
  return recording;
}

function* entriesOf(recording: Recording) {
  const { first: oldest, last } = recording.places.value;
  for (let place = oldest; place <= last; place += 1) {
    const entry = recording.entry(place);
    if (entry !== undefined) yield entry;
  }
}

describe("a log file", () => {
  const recording = opened(lines);

  it("says what it was recorded of", () => {
    expect(readHead(first)).toMatchObject({ market: "main" });
    const head = { elecbay: "inspection", v: 1, market: "main", from: "a test" };
    expect(readHead(JSON.stringify({ ...head, timezone: "Europe/London" })).timezone).toBe("Europe/London");
    expect(readHead(JSON.stringify({ ...head, timezone: "Nowhere/There" })).timezone).toBeUndefined();
    expect(() => readHead('{"topic":"x"}')).toThrow("this is no log of an inspection");
    expect(() => readHead('{"elecbay":"inspection","v":9}')).toThrow("format 9, this one reads 1");
  });

  it("shows the gate closing: the period's actor goes on from bidding until it is contracted", () => {
    const alarm = [...entriesOf(recording)].find(({ edges }) => edges?.includes("bidding-period.open|ALARM|0"));
    const actor = recording.actor(alarm?.actor ?? "");
    const place = alarm?.place ?? 0;
    expect(actor?.at(place - 1)?.value).toBe("open");
    expect(actor?.at(place)).toMatchObject({
      value: "checking",
      edges: ["bidding-period.open|ALARM|0"],
      movedAt: place,
    });
    const states = actor?.moments.map(({ value }) => value);
    expect(states?.indexOf("contracted")).toBeGreaterThan(states?.indexOf("checking") ?? forever);
    expect(recording.machine("bidding", "bidding-period")?.nodes.map(({ key }) => key)).toContain("contracted");
  });

  it("holds the same after the page has written it and opened it again", () => {
    const written = [...logLines(recording, { market: "main", from: "a test" })];
    expect(readHead(written[0] ?? "")).toEqual({ market: "main", from: "a test" });
    const again = opened(written.slice(1));
    const plain = (of: Recording) =>
      [...entriesOf(of)].map(({ actor, kind, type, at, edges }) => ({ actor, kind, type, at, edges }));
    expect(plain(again)).toEqual(plain(recording));
    for (const { id, last } of recording.actors()) {
      const { state, status, context } = again.actor(id)?.last ?? {};
      expect({ id, state, status, context }).toEqual({
        id,
        state: last?.state,
        status: last?.status,
        context: last?.context,
      });
    }
  });

  it("tells the market's time zone by its first line, or by the market's own message", () => {
    const told = { topic: "public/market-info", message: { timezone: "Europe/Berlin" } };
    expect(opened([JSON.stringify(told)]).timezone.value).toBe("Europe/Berlin");
    expect(createRecording({ mostEntries: 10, holdMs: 0 }, "Europe/London").timezone.value).toBe("Europe/London");
    expect(opened(lines).timezone.value).toBeUndefined();
  });

  it("is read as far as it goes where it was cut short", () => {
    expect(readLine('{"topic":"inspect/bidding/events","mess')).toBeUndefined();
  });

  it.each([
    ["events", { ts: "x", missed: 0, events: 5 }],
    ["events", { ts: "x", missed: 0, events: [null] }],
    ["actor/x1", { n: 1, name: "gate", state: "open" }],
    ["machine/gate", { nodes: [], edges: {} }],
  ])("says which topic of it tells what it should not: %s %j", (kind, message) => {
    const topic = `inspect/bidding/${kind}`;
    expect(() => readLine(JSON.stringify({ topic, message }))).toThrow(`what it tells of ${topic} is of another shape`);
  });
});
