/**
 * Guards around one socket of the embedded broker, which has none of its own against large packets and slow readers.
 *
 * - A packet longer than allowed is refused when its length is announced, before it is buffered: 4 kB until the client has
 *   logged in, 256 kB after.
 * - A reader that has more than 8 MB waiting is cut off; until then it never slows the others down.
 */
import type { Socket } from "node:net";

const largestBeforeLogin = 4096;
const largestPacket = 262_144 + 512; // a gateway's batch, its topic and header
const mostWaitingBytes = 8 * 1024 * 1024;

export interface SocketGuard {
  loggedIn: boolean;
}

export function guardSocket(socket: Socket, onBreach: (reason: string) => void): SocketGuard {
  const guard: SocketGuard = { loggedIn: false };
  const frames = frameCounter();
  const breach = (reason: string): void => {
    onBreach(reason);
    socket.destroy();
  };
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (chunk !== null) {
      const longest = frames(chunk);
      const allowed = guard.loggedIn ? largestPacket : largestBeforeLogin;
      if (longest > allowed) {
        breach(`a packet of ${longest} bytes, at most ${allowed} are taken`);
        return null;
      }
    }
    return chunk;
  };
  const write = socket.write.bind(socket) as (...parameters: unknown[]) => boolean;
  const guardedWrite = (...parameters: unknown[]): boolean => {
    write(...parameters);
    if (socket.writableLength > mostWaitingBytes)
      breach(`${socket.writableLength} bytes wait for a reader that does not read`);
    return true; // never report back-pressure: one slow reader would stop the broker for all
  };
  socket.write = guardedWrite as Socket["write"];
  return guard;
}

/** Follows the MQTT frames in a byte stream; returns the longest announced by the bytes given. */
function frameCounter(): (chunk: Buffer) => number {
  let state: "type" | "length" | "body" = "type";
  let length = 0;
  let multiplier = 1;
  let left = 0;
  return (chunk) => {
    let longest = 0;
    for (let at = 0; at < chunk.length; ) {
      if (state === "type") {
        state = "length";
        length = 0;
        multiplier = 1;
        at += 1;
      } else if (state === "length") {
        const byte = chunk[at] ?? 0;
        length += (byte & 127) * multiplier;
        multiplier *= 128;
        at += 1;
        if ((byte & 128) === 0) {
          longest = Math.max(longest, length);
          left = length;
          state = left === 0 ? "type" : "body";
        }
      } else {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        at += taken;
        if (left === 0) state = "type";
      }
    }
    return longest;
  };
}
