import type { Socket } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAllowance } from "../../../infra/mqtt/allowance.js";
import { brokerLimits } from "../../../infra/mqtt/limits.js";
import { guardSocket, type SendingRates } from "../../../infra/mqtt/socket-guard.js";

/** A socket that gives what it was fed, chunk by chunk, and notes what happens to it. */
function guardedSocket(loggedIn: boolean, rates?: SendingRates) {
  const chunks: Buffer[] = [];
  const breaches: string[] = [];
  const fake = {
    destroyed: false,
    writableLength: 0,
    read: (): Buffer | null => chunks.shift() ?? null,
    write: (): boolean => false,
    destroy() {
      fake.destroyed = true;
    },
  };
  const guard = guardSocket(fake as unknown as Socket, brokerLimits, (_cause, reason) => breaches.push(reason));
  if (loggedIn) guard.loggedIn(rates);
  return {
    fake,
    breaches,
    guard,
    feed(chunk: Buffer): Buffer | null {
      chunks.push(chunk);
      return fake.read();
    },
  };
}

/** An MQTT packet with a body of so many bytes; the body looks like headers of huge packets. */
function packet(bodyBytes: number): Buffer {
  const header = [0x30];
  let left = bodyBytes;
  do {
    header.push((left % 128) | (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(bodyBytes, 0xff)]);
}

function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end));
}

describe("the guard of a socket", () => {
  it("lets packets of any allowed size through, however they are cut", () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(0, 127, 128, 4096)), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { maxLength: 20 }), (bodies, cuts) => {
        const socket = guardedSocket(false);
        const bytes = Buffer.concat(bodies.map(packet));
        const passed = chunked(bytes, cuts).map((chunk) => socket.feed(chunk) ?? Buffer.alloc(0));
        expect(Buffer.concat(passed).equals(bytes)).toBe(true);
        expect([socket.breaches, socket.fake.destroyed]).toEqual([[], false]);
      }),
    );
  });

  it("cuts a packet that is too long as soon as its length is known, wherever the chunks end", () => {
    const anyBefore = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 4 });
    fc.assert(
      fc.property(
        anyBefore,
        fc.integer({ min: 4097, max: 300_000 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (before, size, cuts) => {
          const socket = guardedSocket(false);
          // Only the header of the long packet comes: nothing of its body has to be buffered to refuse it.
          const header = packet(size).subarray(0, packet(size).length - size);
          for (const chunk of chunked(Buffer.concat([...before.map(packet), header]), cuts)) socket.feed(chunk);
          expect(socket.breaches).toEqual([`a packet of ${size} bytes, at most 4096 are taken`]);
          expect(socket.fake.destroyed).toBe(true);
        },
      ),
    );
  });

  it("lets the market's own send lists of thousands of items, beyond what a participant may send", () => {
    const socket = guardedSocket(true);
    expect(socket.feed(packet(4_000_000))).not.toBeNull();
    expect(socket.breaches).toEqual([]);
    socket.feed(packet(brokerLimits.longestOwnPacketBytes + 1));
    expect(socket.fake.destroyed).toBe(true);
  });

  it("allows a gateway's batch after the login, and no more", () => {
    const enough = createAllowance(1, 1e9, () => 0);
    const socket = guardedSocket(true, { packets: enough, bytes: enough, acknowledgements: enough });
    expect(socket.feed(packet(262_144))).not.toBeNull();
    expect(socket.breaches).toEqual([]);
    socket.feed(packet(262_144 + 513));
    expect(socket.fake.destroyed).toBe(true);
  });

  it("never reports back-pressure, and cuts a reader off that lets 8 MB wait", () => {
    const socket = guardedSocket(true);
    expect(socket.fake.write()).toBe(true);
    socket.fake.writableLength = 8 * 1024 * 1024;
    expect([socket.fake.write(), socket.fake.destroyed]).toEqual([true, false]);
    socket.fake.writableLength += 1;
    expect(socket.fake.write()).toBe(true);
    expect(socket.fake.destroyed).toBe(true);
    expect(socket.breaches).toEqual(["8388609 bytes wait for a reader that does not read"]);
  });

  it("cuts who sends more before its login than a login needs, in however small packets", () => {
    const socket = guardedSocket(false);
    for (let packets = 0; packets < 32; packets += 1) socket.feed(packet(2045)); // 2048 bytes with its header
    expect(socket.breaches).toEqual([]);
    socket.feed(packet(0));
    expect(socket.breaches).toEqual(["65538 bytes before a login was answered"]);
  });

  it("holds packets, bytes and acknowledgements against the rates of the participant", () => {
    let nowMs = 0;
    const rates = (packets: number, bytes: number, acknowledgements: number): SendingRates => ({
      packets: createAllowance(1, packets, () => nowMs),
      bytes: createAllowance(1, bytes, () => nowMs),
      acknowledgements: createAllowance(1, acknowledgements, () => nowMs),
    });
    const puback = Buffer.from([0x40, 2, 0, 1]);
    const floods: [SendingRates, Buffer, string][] = [
      [rates(3, 1000, 1), packet(1), "too many packets at once"],
      [rates(100, 30, 1), packet(8), "too many bytes at once"],
      [rates(0, 1000, 3), puback, "too many acknowledgements at once"],
    ];
    for (const [own, sent, complaint] of floods) {
      const socket = guardedSocket(true, own);
      for (let count = 0; count < 3; count += 1) expect(socket.feed(sent)).not.toBeNull();
      nowMs += 500;
      expect(socket.feed(sent)).toBeNull();
      expect([socket.breaches, socket.fake.destroyed]).toEqual([[complaint], true]);
    }
  });
});
