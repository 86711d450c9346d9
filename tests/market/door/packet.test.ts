import { describe, expect, it } from "vitest";
import { decode, decodeBatch } from "../../../market/door/decode.js";
import { packetFrom } from "../../../market/door/packet.js";

describe("a packet off the wire", () => {
  it("keeps its text up to the size that its topic takes", () => {
    expect(packetFrom("peer1", "orders", "x".repeat(4096), 4096, 7)).toEqual({
      ...{ sender: "peer1", topic: "orders", payload: "x".repeat(4096), bytes: 4096, stampedAtMs: 7 },
    });
    expect(packetFrom("peer1", "batch", "x".repeat(5000), 5000, 7).payload).toHaveLength(5000);
  });

  it("comes without its text above that, and is refused with its size", () => {
    const packet = packetFrom("peer1", "orders", "x".repeat(4097), 4097, 7);
    expect(packet.payload).toBe("");
    expect(decode("orders", packet)).toMatchObject({ ok: false, reason: "4097 bytes, at most 4096 are taken" });
    const batch = packetFrom("gate1", "batch", "x".repeat(262_145), 262_145, 7);
    expect(decodeBatch(batch)).toMatchObject({ ok: false, reason: "262145 bytes, at most 262144 are taken" });
  });
});
