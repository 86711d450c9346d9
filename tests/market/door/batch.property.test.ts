/** A gateway's batch against the same commands sent by their participants alone: the same decisions, one reply, no second effect. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answersBatch } from "../../../market/door/batch.js";
import { type BatchReply, batchReply } from "../../../shared/messages/batch-reply.js";
import type { Reply } from "../../../shared/messages/private.js";
import { type BiddingRoom, biddingRoom } from "../managers/bidding/bidding-room.js";
import { membersMessage, packetOf } from "../managers/recording-ports.js";
import { first, member, terms as sampleTerms, second, startMs } from "../managers/sample-terms.js";

const homes = ["ann", "bob", "cat"] as const;
const under = { ...sampleTerms, bidding: { ...sampleTerms.bidding, maxOrdersPerPeriod: 3 } };
const terms = {
  ...under,
  maxCommandsPerTick: 40,
  members: [
    ...homes.map((id) => ({ ...member(id), gateway: "gw1" })),
    member("dan"),
    member("gw1", "gateway"),
    member("gw2", "gateway"),
  ],
};

type Entry = { readonly for: string; readonly topic: "items" | "orders" | "meter"; readonly command: object };

function replyTo(room: BiddingRoom, sender: string, content: object): BatchReply | Reply {
  const before = room.outbox.on(`private/${sender}/replies`).length;
  room.hear({ type: "COMMAND", packet: packetOf(sender, "batch", content, room.clock.now()) });
  const replies = room.outbox.on(`private/${sender}/replies`).slice(before);
  expect(replies).toHaveLength(1);
  return replies[0] as BatchReply | Reply;
}
const batchOf = (room: BiddingRoom, sender: string, requestId: string, entries: readonly Entry[]): BatchReply =>
  batchReply.parse(replyTo(room, sender, { v: 1, requestId, entries }));
const refusal = (room: BiddingRoom, sender: string, content: object) => {
  const reply = replyTo(room, sender, content);
  return "code" in reply ? reply.code : undefined;
};

const command = fc.oneof(
  fc.record({
    ...{
      action: fc.constant("place"),
      side: fc.constantFrom("buy", "sell"),
      period: fc.constantFrom(first, second, "2016-08-01T02:07:00Z"),
    },
    ...{ energyKwh: fc.constantFrom(0.2, 0.5, 99), pricePerKwh: fc.constantFrom(0.08, 0.12, 9) },
  }),
  fc.record({ action: fc.constant("cancel"), orderId: fc.constantFrom("o1", "o2", "o9") }),
  fc.record({ action: fc.constant("nonsense") }),
);
const entry = fc.record({ for: fc.constantFrom(...homes), command, id: fc.integer({ min: 1, max: 12 }) });

describe("a batch", () => {
  it("comes to what its commands come to alone, in their order, under one reply; and sent again to the same", () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), (drawn) => {
        const entries = drawn.map(({ for: id, command: given, id: number }): Entry => {
          return { for: id, topic: "orders", command: { v: 1, requestId: `r${number}`, ...given } };
        });
        const [together, apart] = [biddingRoom(terms), biddingRoom(terms)];
        const alone = entries.map((one) => apart.send(one.for, "orders", one.command));
        const { replies } = batchOf(together, "gw1", "b1", entries);
        const core = (reply: object) => {
          const { requestId, status, code, orderId, reason } = reply as Record<string, unknown>;
          return { requestId, status, code, orderId, reason };
        };
        expect(replies.map(core)).toEqual(alone.map(core));
        expect(replies.map(({ for: id }) => id)).toEqual(entries.map(({ for: id }) => id));
        for (const id of homes) expect(together.outbox.on(`private/${id}/replies`)).toEqual([]);
        for (const room of [together, apart]) room.tickAt(startMs + 600_000);
        for (const id of homes)
          expect(together.outbox.retained.get(`private/${id}/orders`)).toEqual(
            apart.outbox.retained.get(`private/${id}/orders`),
          );
        const before = together.outbox.retained.get("private/ann/orders");
        const again = batchOf(together, "gw1", "b1", entries);
        const accepted = replies.filter(({ status }) => status === "accepted");
        expect(again.replies.filter(({ status }) => status === "accepted")).toEqual(accepted);
        together.tickAt(startMs + 1_200_000);
        expect(together.outbox.retained.get("private/ann/orders")).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  const order = (requestId: string) => {
    return { v: 1, requestId, action: "place", side: "buy", period: first, energyKwh: 0.2, pricePerKwh: 0.1 };
  };
  const one = (id: string, requestId = "a1"): Entry => ({ for: id, topic: "orders", command: order(requestId) });

  it("does nothing for who is not under this gateway, and all else in it", () => {
    const room = biddingRoom(terms);
    const { replies } = batchOf(room, "gw1", "b1", [one("dan"), one("nobody"), one("ann"), one("gw1")]);
    expect(replies.map(({ status, code }) => code ?? status)).toEqual([
      "not-owner",
      "not-owner",
      "accepted",
      "not-owner",
    ]);
    expect(batchOf(room, "gw2", "b1", [one("ann", "a2")]).replies.map(({ code }) => code)).toEqual(["not-owner"]);
  });

  it("is refused as a whole: of no gateway, of another list under the same requestId, of readings among orders, of a suspended one", () => {
    const room = biddingRoom(terms);
    const b1 = { v: 1, requestId: "b1", entries: [one("ann")] };
    expect(refusal(room, "ann", b1)).toBe("not-registered");
    expect(refusal(room, "gw1", { ...b1, entries: [] })).toBe("bad-message");
    expect(refusal(room, "gw1", { ...b1, entries: [one("ann"), { ...one("bob"), topic: "meter" }] })).toBe(
      "bad-message",
    );
    batchOf(room, "gw1", "b1", [one("ann")]);
    expect(refusal(room, "gw1", { ...b1, entries: [one("bob")] })).toBe("request-id-reused");
    const changed = batchOf(room, "gw1", "b1", [{ ...one("ann"), command: { ...order("a1"), energyKwh: 0.3 } }]);
    expect(changed.replies.map(({ code }) => code)).toEqual(["request-id-reused"]);
    room.control("close");
    expect(refusal(room, "gw1", { ...b1, requestId: "b2" })).toBe("market-closed");
    room.control("open");
    const members = terms.members.map((home) =>
      home.id === "gw1" ? { ...home, standing: "suspended" as const } : home,
    );
    room.hear({ type: "MEMBERS", message: membersMessage(members) });
    expect(refusal(room, "gw1", { ...b1, requestId: "b3" })).toBe("suspended");
  });

  it("is answered by the one manager that its entries are for", () => {
    const of = (...topics: Entry["topic"][]) =>
      answersBatch(
        packetOf(
          "gw1",
          "batch",
          { v: 1, requestId: "b1", entries: topics.map((topic) => ({ ...one("ann"), topic })) },
          0,
        ),
      );
    expect([of("orders"), of("items", "orders"), of("meter"), of("meter", "orders")]).toEqual([
      ...["bidding", "bidding", "exchange", "bidding"],
    ]);
    expect(answersBatch(packetOf("gw1", "batch", "no JSON", 0))).toBe("bidding");
  });
});
