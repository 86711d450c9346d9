/** What the inspector knows of the actors, in order and through time. */
import { describe, expect, it } from "vitest";
import { createRecording, type Heard } from "../../../../infra/web/inspector/model/recording.js";
import type { InspectedActor, InspectedEvent } from "../../../../shared/messages/inspection.js";

const ts = "2016-08-01T01:00:00Z";
const forever = Number.POSITIVE_INFINITY;
let number = 0;

function event(told: Partial<InspectedEvent>): InspectedEvent {
  number += 1;
  return { n: number, at: number * 10, ts, actor: "bidding/x7", kind: "event", type: "ALARM", from: null, ...told };
}

function batch(events: readonly InspectedEvent[], missed = 0): Heard {
  const node = events[0]?.actor.split("/")[0] ?? "bidding";
  return { topic: `inspect/${node}/events`, message: { v: 1, ts, n: 1, missed, events } };
}

const periodActor: InspectedActor = {
  ...{ v: 1, ts, n: 0, actor: "bidding/x7", name: "bidding-1470016800000", parent: "bidding/x0" },
  ...{ machine: "bidding-period", status: "active", state: ["bidding-period", "bidding-period.open"], value: "open" },
  context: { gateAtMs: 5, funds: { ann: 1, bob: 2 } },
};
const told = (actor: Partial<InspectedActor> = {}): Heard => ({
  topic: "inspect/bidding/actor/x7",
  message: { ...periodActor, ...actor },
});
const gateCloses = () =>
  event({
    ...{ kind: "transition", edges: ["bidding-period.open|ALARM|0"], value: "checking" },
    ...{ state: ["bidding-period", "bidding-period.checking"] },
    context: { set: { "funds.ann": 7 }, removed: ["gateAtMs"] },
  });

function recorded(...takes: Heard[][]) {
  number = 0;
  const recording = createRecording({ mostEntries: 10, holdMs: 100 });
  for (const messages of takes) recording.take(messages, forever);
  return recording;
}

describe("a recording of actors", () => {
  it("shows an actor as it is told to whoever comes late, and then by what happens to it", () => {
    number = 0;
    const recording = createRecording({ mostEntries: 10, holdMs: 100 });
    recording.take([told()], forever);
    expect(recording.actor("bidding/x7")?.last).toMatchObject({ value: "open", edges: [] });
    recording.take([batch([event({}), gateCloses()])], forever);
    expect(recording.actor("bidding/x7")?.last).toMatchObject({
      ...{ value: "checking", edges: ["bidding-period.open|ALARM|0"], movedAt: 1 },
      context: { funds: { ann: 7, bob: 2 } },
    });
  });

  it("goes back to what an actor was before", () => {
    number = 0;
    const recording = recorded([told()], [batch([event({}), gateCloses(), event({ type: "LIMITS" })])]);
    const actor = recording.actor("bidding/x7");
    expect(actor?.at(0)).toMatchObject({ value: "open", context: { gateAtMs: 5, funds: { ann: 1 } } });
    expect(actor?.at(1)?.value).toBe("checking");
    expect(actor?.before(2)?.value).toBe("open");
  });

  it("orders what several nodes tell by its time, however their batches come", () => {
    number = 0;
    const order = { n: 1, at: 100, actor: "bidding/x0", type: "COMMAND", from: "ann" };
    const reply = { n: 1, at: 200, actor: "ann/x0", type: "MESSAGE", from: "bidding" };
    const next = { n: 2, at: 300, actor: "bidding/x0", type: "TICK" };
    const recording = createRecording({ mostEntries: 10, holdMs: 100 });
    recording.take([batch([event(reply)])], 0);
    recording.take([batch([event(order), event(next)])], 10);
    const types = () => [0, 1, 2].map((place) => recording.entry(place)?.type);
    expect(types()).toEqual(["COMMAND", "MESSAGE", undefined]);
    recording.take([], 200);
    expect(types()).toEqual(["COMMAND", "MESSAGE", "TICK"]);
  });

  it("lets an actor's own message wait for the events that it already counts in", () => {
    number = 0;
    const recording = createRecording({ mostEntries: 10, holdMs: 100 });
    recording.take([told(), batch([event({})])], forever);
    const closing = gateCloses();
    const after = { n: 2, value: "checking", state: [...(closing.state ?? [])], context: { funds: { ann: 9 } } };
    recording.take([told(after)], 0);
    expect(recording.actor("bidding/x7")?.last?.value).toBe("open");
    recording.take([batch([closing])], forever);
    expect(recording.actor("bidding/x7")?.last).toMatchObject({
      ...{ value: "checking", edges: ["bidding-period.open|ALARM|0"] },
      context: { funds: { ann: 9 } },
    });
  });

  it("tells of what did not fit, and of how much", () => {
    const recording = recorded([batch([event({})], 40)]);
    expect(recording.entry(1)).toMatchObject({ kind: "missed", missed: 40 });
    expect(recording.missed.value).toBe(40);
  });

  it("ends an actor that is over, and one whose message is cleared", () => {
    number = 0;
    const recording = recorded([told()], [batch([event({ kind: "stopped", type: "done" })])]);
    expect(recording.actor("bidding/x7")?.last?.status).toBe("done");
    const cleared = recorded([told()], [{ topic: "inspect/bidding/actor/x7", message: null }]);
    expect(cleared.actor("bidding/x7")?.last?.status).toBe("stopped");
  });

  it("forgets the oldest events, and knows yet what the actors were then", () => {
    number = 0;
    const many = Array.from({ length: 30 }, () => event({ type: "LIMITS" }));
    const recording = recorded([told()], [batch([gateCloses(), ...many])]);
    const { first, last } = recording.places.value;
    expect([first, last]).toEqual([21, 30]);
    expect(recording.entry(20)).toBeUndefined();
    expect(recording.actor("bidding/x7")?.at(first)?.value).toBe("checking");
  });

  it("forgets with an actor that is long over what it did last, and its machine once no node tells of it", () => {
    number = 0;
    const machine = (message: object | null): Heard => ({ topic: "inspect/bidding/machine/bidding-period", message });
    const others = () => batch(Array.from({ length: 20 }, () => event({ actor: "bidding/x1", type: "LIMITS" })));
    const tick = event({ type: "TICK", topic: "public/clock", from: "clock" });
    const recording = recorded([told(), machine({ machine: "bidding-period" })]);
    recording.take([batch([tick, event({ kind: "stopped", type: "done" })]), machine(null)], forever);
    expect(recording.machine("bidding", "bidding-period")).toBeDefined();
    recording.take([others()], forever);
    expect(recording.actor("bidding/x7")).toBeUndefined();
    expect(recording.machines()).toEqual([]);
    recording.take([batch([event({ kind: "action", type: "closeGate" })])], forever);
    expect(recording.entry(recording.places.value.last)?.isPulse).toBe(false);
  });

  it("keeps a machine that is told, also while none of its actors is known", () => {
    number = 0;
    const machine: Heard = { topic: "inspect/bidding/machine/bidding-period", message: { machine: "bidding-period" } };
    const others = batch(Array.from({ length: 20 }, () => event({ actor: "bidding/x1", type: "LIMITS" })));
    expect(recorded([machine], [others]).machines()).toHaveLength(1);
  });

  it("takes numbers that begin anew as a new inspection's", () => {
    const recording = recorded([batch([event({}), event({})])]);
    number = 0;
    recording.take([batch([event({ at: 5000 })])], forever);
    expect(recording.places.value.last).toBe(2);
  });

  it("knows the clock's ticks and what is done upon them from the rest", () => {
    const tick = { type: "TICK", topic: "public/clock", from: "clock" };
    const recording = recorded([
      batch([
        event(tick),
        event({ kind: "action", type: "publish" }),
        event({}),
        event({ kind: "action", type: "closeGate" }),
      ]),
    ]);
    expect([0, 1, 2, 3].map((place) => recording.entry(place)?.isPulse)).toEqual([true, true, false, false]);
  });

  it("ignores topics and kinds that it does not know", () => {
    const odd = { ...event({}), kind: "dreamt", further: 1 } as unknown as InspectedEvent;
    const recording = recorded([
      { topic: "inspect/bidding/weather", message: {} },
      { topic: "public/price", message: { pricePerKwh: 1 } },
      batch([odd]),
    ]);
    expect(recording.places.value.last).toBe(0);
  });
});
