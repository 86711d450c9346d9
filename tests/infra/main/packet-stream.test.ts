import { Subject } from "rxjs";
import { describe, expect, it } from "vitest";
import { inOrderOfSending, type PacketStreamOptions } from "../../../infra/mqtt/packet-stream.js";
import type { Packet } from "../../../market/door/packet.js";

const packet = (sender: string, payload: string): Packet => ({
  ...{ sender, topic: "orders", payload, bytes: payload.length, stampedAtMs: 0 },
});

/** A stream whose packets are worked only when told so. */
function slowly(options: Partial<PacketStreamOptions> = {}) {
  const packets = new Subject<Packet>();
  const [begun, emitted, dropped, failed]: string[][] = [[], [], [], []] as [string[], string[], string[], string[]];
  const finish = new Map<string, () => void>();
  const subscription = inOrderOfSending(packets, {
    mostWaiting: 100,
    handle: ({ payload }) => {
      begun.push(payload);
      return new Promise<string>((resolve) => finish.set(payload, () => resolve(payload)));
    },
    onOverflow: ({ payload }) => void dropped.push(payload),
    onError: (error, { payload }) => void failed.push(`${payload}: ${String(error)}`),
    ...options,
  }).subscribe((value) => emitted.push(String(value)));
  return {
    ...{ begun, emitted, dropped, failed, subscription },
    send: (sender: string, payload: string) => packets.next(packet(sender, payload)),
    async works(payload: string) {
      finish.get(payload)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("the stream of commands", () => {
  it("works each sender's commands one after the other, in the order of sending", async () => {
    const stream = slowly();
    for (const payload of ["a1", "a2", "a3"]) stream.send("ann", payload);
    expect(stream.begun).toEqual(["a1"]);
    await stream.works("a1");
    expect(stream.begun).toEqual(["a1", "a2"]);
    await stream.works("a2");
    await stream.works("a3");
    expect(stream.emitted).toEqual(["a1", "a2", "a3"]);
  });

  it("lets a slow sender hold up nobody else", async () => {
    const stream = slowly();
    stream.send("ann", "a1");
    stream.send("ann", "a2");
    stream.send("bob", "b1");
    await stream.works("b1");
    stream.send("bob", "b2");
    await stream.works("b2");
    expect(stream.emitted).toEqual(["b1", "b2"]);
    expect(stream.begun).not.toContain("a2");
  });

  it("drops the newest of a sender beyond the limit, tells it, and takes commands again once there is room", async () => {
    const stream = slowly({ mostWaiting: 2 });
    for (const payload of ["a1", "a2", "a3"]) stream.send("ann", payload);
    stream.send("bob", "b1");
    expect(stream.dropped).toEqual(["a3"]);
    await stream.works("a1");
    stream.send("ann", "a4");
    for (const payload of ["a2", "a4"]) await stream.works(payload);
    expect(stream.emitted).toEqual(["a1", "a2", "a4"]);
    expect(stream.dropped).toEqual(["a3"]);
  });

  it("goes on after a command that could not be worked, whether it throws or is refused later", () => {
    const stream = slowly({
      handle: ({ payload }) => {
        if (payload === "bad") throw new Error("no use");
        return [payload];
      },
    });
    for (const payload of ["a1", "bad", "a2"]) stream.send("ann", payload);
    stream.send("bob", "b1");
    expect(stream.emitted).toEqual(["a1", "a2", "b1"]);
    expect(stream.failed).toEqual(["bad: Error: no use"]);
    expect(stream.subscription.closed).toBe(false);
  });

  it("makes room again for each command that failed", async () => {
    const stream = slowly({ mostWaiting: 1, handle: () => Promise.reject(new Error("no use")) });
    for (const payload of ["a1", "a2"]) {
      stream.send("ann", payload);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(stream.failed).toHaveLength(2);
    expect(stream.dropped).toEqual([]);
  });
});
