import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beginTick,
  createBarrier,
  enrol,
  isTickComplete,
  takePacket,
  takeReady,
} from "../../../../market/managers/clock/barrier.js";
import { stream } from "../../../../shared/random-stream.js";
import { packetOf } from "../recording-ports.js";

const ids = ["ann", "bob", "cat"];
type Sending =
  | { readonly sender: string; readonly requestId: string }
  | { readonly sender: string; readonly sent: number };

/** Everyone's messages of one tick, each one's own in order, the ready last. */
function sendingsOf(seq: number, counts: readonly number[]): Sending[][] {
  return ids.map((sender, who) => {
    const sent = counts[who] ?? 0;
    const commands = Array.from({ length: sent }, (_, i) => ({ sender, requestId: `${seq}-${i}` }));
    return [...commands, { sender, sent }];
  });
}

/** One interleaving, each sender's own order kept. */
function interleaved(queues: Sending[][], seed: number, seq: number): Sending[] {
  const random = stream(seed, "broker", `tick/${seq}`);
  const left = queues.map((queue) => [...queue]);
  const result: Sending[] = [];
  for (let open = left; open.length > 0; open = left.filter((queue) => queue.length > 0)) {
    const next = open[random.integer(0, open.length - 1)]?.shift();
    if (next !== undefined) result.push(next);
  }
  return result;
}

function packetsPerTick(ticks: readonly (readonly number[])[], seed: number): unknown[] {
  const barrier = createBarrier();
  for (const id of ids) enrol(barrier, id);
  beginTick(barrier, 1, 0);
  return ticks.map((counts, index) => {
    const seq = index + 1;
    for (const sending of interleaved(sendingsOf(seq, counts), seed, seq)) {
      expect(isTickComplete(barrier)).toBe(false);
      const { sender } = sending;
      if ("sent" in sending) takeReady(barrier, sender, seq, sending.sent);
      else takePacket(barrier, packetOf(sender, "orders", sending, seq), sending.requestId);
    }
    expect(isTickComplete(barrier)).toBe(true);
    const sent = beginTick(barrier, seq + 1, 0);
    return ids.map((id) => (sent.get(id) ?? []).map(({ payload }) => payload));
  });
}

describe("the barrier", () => {
  it("hands over the same per tick in whatever order the messages of different senders arrive", () => {
    const anyTicks = fc.array(fc.tuple(...ids.map(() => fc.integer({ min: 0, max: 4 }))), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(anyTicks, fc.integer(), fc.integer(), (ticks, seed, otherSeed) => {
        expect(packetsPerTick(ticks, seed)).toEqual(packetsPerTick(ticks, otherSeed));
      }),
    );
  });
});
