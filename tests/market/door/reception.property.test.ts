import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createReception, type Decision } from "../../../market/door/reception.js";
import type { Reply } from "../../../shared/messages/private.js";
import { topicsOf } from "../../../shared/topics.js";
import { packetOf, recordingPorts } from "../managers/recording-ports.js";
import { firstMs, member, startMs } from "../managers/sample-terms.js";

const order = {
  ...{ v: 1, requestId: "a1", action: "place", period: "2016-08-01T02:00:00Z", side: "buy" },
  ...{ energyKwh: 0.5, pricePerKwh: 0.12 },
};

function door(maxCommandsPerWindow = 1000) {
  const ports = recordingPorts();
  const reception = createReception({
    topics: topicsOf("main"),
    ...ports,
    now: () => ports.clock.now(),
    ...{ maxCommandsPerWindow, rateWindowMs: 1 },
  });
  reception.members = new Map([["ann", member("ann")]]);
  let decisions = 0;
  const accept = (): Decision => {
    decisions += 1;
    return { accepted: { orderId: `o${decisions}`, version: 1 }, periodMs: firstMs, forgetAtMs: firstMs };
  };
  return {
    ...ports,
    reception,
    decisions: () => decisions,
    send(content: object | string, sender = "ann", atMs = startMs): string {
      reception.receive("orders", packetOf(sender, "orders", content, atMs), accept);
      const answer = ports.outbox.published.at(-1)?.message as Reply;
      return answer.status === "accepted" ? `accepted ${answer.orderId}` : answer.code;
    },
  };
}

describe("the reception", () => {
  it("tells the first cause that applies, in the order of the contract", () => {
    const room = door(1);
    expect(room.send(order)).toBe("accepted o1");
    // From here on the sender is over its rate, the market closed, its id reused: each step removes the first cause.
    room.reception.open = false;
    const reused = { ...order, energyKwh: 0.4 };
    expect(room.send({ ...reused, x: 1 }, "zoe")).toBe("bad-message");
    expect(room.send(reused, "zoe")).toBe("not-registered");
    expect(room.send(reused)).toBe("request-id-reused");
    expect(room.send({ ...order, requestId: "a2" })).toBe("market-closed");
    room.reception.open = true;
    expect(room.send({ ...order, requestId: "a2" })).toBe("rate-limited");
    expect(room.send({ ...order, requestId: "a2" }, "ann", startMs + 1)).toBe("accepted o2");
    expect(room.decisions()).toBe(2);
  });

  it("is closed until it knows who takes part, and takes the same request then", () => {
    const room = door();
    const { members } = room.reception;
    const fresh = createReception({
      ...{ topics: topicsOf("main"), now: () => startMs, maxCommandsPerWindow: 10, rateWindowMs: 1 },
      ...{ outbox: room.outbox, journal: room.journal, log: room.log },
    });
    const send = (): string => {
      const decision: Decision = { accepted: { orderId: "o1", version: 1 }, periodMs: firstMs, forgetAtMs: firstMs };
      fresh.receive("orders", packetOf("ann", "orders", order, startMs), () => decision);
      const answer = room.outbox.published.at(-1)?.message as Reply;
      return answer.status === "accepted" ? answer.status : answer.code;
    };
    expect(send()).toBe("market-closed");
    fresh.members = members;
    expect(send()).toBe("accepted");
  });

  it("repeats a reply at no cost of the rate, also while the market is closed", () => {
    const room = door(1);
    room.send(order);
    room.reception.open = false;
    expect([room.send(order), room.send(order)]).toEqual(["accepted o1", "accepted o1"]);
    room.reception.open = true;
    expect(room.send(order)).toBe("accepted o1");
    expect(room.decisions()).toBe(1);
  });

  it("remembers a refusal as long as its decision says, then decides anew", () => {
    const room = door();
    let asked = 0;
    const refuse = (): Decision => {
      asked += 1;
      return { code: "own-item", reason: "Item i7 is your own.", forgetAtMs: startMs + 10 };
    };
    const packet = packetOf("ann", "orders", order, startMs);
    for (const atMs of [startMs, startMs + 9, startMs + 10]) {
      room.clock.advanceTo(atMs);
      room.reception.forgetOld();
      room.reception.receive("orders", packet, refuse);
    }
    expect(asked).toBe(2);
    expect(room.outbox.published).toHaveLength(3);
  });

  it("gives exactly one reply to each packet, and decides no request twice, whatever comes in whatever order", () => {
    const anyFields = fc.record(
      {
        v: fc.constantFrom(1, 1, 1, 2),
        requestId: fc.constantFrom("a1", "a2", "a3", "", 7),
        energyKwh: fc.constantFrom(0.5, 0.4, 0.1234, -1),
        extra: fc.boolean(),
      },
      { requiredKeys: ["v", "requestId"] },
    );
    const anyContent = fc.oneof(
      anyFields.map((fields) => ({ ...order, ...fields })),
      fc.string(),
      fc.json(),
    );
    const anyPacket = fc.record({
      content: anyContent,
      sender: fc.constantFrom("ann", "ann", "zoe"),
      laterMs: fc.integer({ min: 0, max: 2 }),
      open: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyPacket, { maxLength: 30 }), (packets) => {
        const room = door(3);
        let atMs = startMs;
        packets.forEach(({ content, sender, laterMs, open }, index) => {
          atMs += laterMs;
          room.reception.open = open;
          room.send(content, sender, atMs);
          expect(room.outbox.published).toHaveLength(index + 1);
          expect(room.outbox.published.at(-1)?.topic).toBe(`private/${sender}/replies`);
        });
        const accepted = room.outbox.published.map(({ message }) => message as Reply);
        const decided = new Set(accepted.flatMap((one) => (one.status === "accepted" ? [one.requestId] : [])));
        expect(room.decisions()).toBe(decided.size);
      }),
      { numRuns: 60 },
    );
  });
});
