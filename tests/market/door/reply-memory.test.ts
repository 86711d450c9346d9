import { describe, expect, it } from "vitest";
import { contentOf, createReplyMemory, forget, recall, remember } from "../../../market/door/reply-memory.js";
import type { Reply } from "../../../shared/messages/private.js";

const reply = (requestId: string | null): Reply => ({
  ...{ v: 1, ts: "2016-08-01T00:00:00Z", requestId, topic: "orders" },
  ...{ status: "rejected", code: "own-item", reason: "Item i7 is your own." },
});
const order = { v: 1, requestId: "a1", action: "place", energyKwh: 0.5 };
const same = contentOf(order);

function remembering(forgetAtMs = 1000) {
  const memory = createReplyMemory();
  remember(memory, "ann", "orders", same, reply("a1"), forgetAtMs);
  return memory;
}

describe("the memory of replies", () => {
  it("gives the same reply to the same request, and tells another content under its id", () => {
    const memory = remembering();
    expect(recall(memory, "ann", "orders", "a1", same)).toEqual(reply("a1"));
    expect(recall(memory, "ann", "orders", "a1", contentOf({ ...order, energyKwh: 0.4 }))).toBe("reused");
    expect(recall(memory, "ann", "orders", "a2", same)).toBeUndefined();
  });

  it("keeps participants and topics apart", () => {
    const memory = remembering();
    expect(recall(memory, "bob", "orders", "a1", same)).toBeUndefined();
    expect(recall(memory, "ann", "items", "a1", same)).toBeUndefined();
  });

  it("finds the same content whatever the order of its fields, its ts, or fields left undefined", () => {
    const { v, requestId, ...rest } = order;
    expect(contentOf({ ts: "later", ...rest, requestId, v, itemId: undefined })).toBe(same);
    expect(contentOf({ ...order, energyKwh: 0.51 })).not.toBe(same);
    expect(contentOf({ ...order, auction: false })).not.toBe(same);
  });

  it("forgets at its instant, not before, and only what is due", () => {
    const memory = remembering(1000);
    remember(memory, "bob", "orders", same, reply("a1"), 2000);
    forget(memory, 999);
    expect(recall(memory, "ann", "orders", "a1", same)).toBeDefined();
    forget(memory, 1000);
    expect(recall(memory, "ann", "orders", "a1", same)).toBeUndefined();
    expect(recall(memory, "bob", "orders", "a1", same)).toBeDefined();
    forget(memory, 5000);
    expect([memory.answers.size, memory.keysByForgetAt.size]).toEqual([0, 0]);
  });

  it("keeps nothing of a message without requestId", () => {
    const memory = createReplyMemory();
    remember(memory, "ann", "orders", same, reply(null), 1000);
    expect(memory.answers.size).toBe(0);
  });
});
