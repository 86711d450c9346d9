/**
 * Guards around one connection of the embedded broker, which has none of its own against large packets, floods and slow readers.
 *
 * - A packet longer than allowed is refused when its length is announced, before it is buffered.
 * - Who sends more packets or bytes than its rates allow is cut off.
 * - A reader that has too much waiting is cut off; until then it never slows the others down.
 */
import type { Duplex } from "node:stream";
import type { Allowance } from "./allowance.js";
import type { BrokerLimits } from "./limits.js";
import type { RefusalCause } from "./refusals.js";

/** What one participant may send, over all its connections. */
export interface SendingRates {
  readonly packets: Allowance;
  readonly bytes: Allowance;
  readonly acknowledgements: Allowance;
}

export interface SocketGuard {
  /** @param rates undefined: none, for one of the market's own */
  loggedIn(rates: SendingRates | undefined): void;
  /** Bytes that wait for the reader. */
  unreadBytes(): number;
  /** Bytes that it has taken so far. */
  takenBytes(): number;
  /** Ends the connection at once. */
  breach(cause: RefusalCause, reason: string): void;
}

export type GuardLimits = Pick<
  BrokerLimits,
  | "longestBeforeLoginBytes"
  | "mostBeforeLoginBytes"
  | "longestPacketBytes"
  | "longestOwnPacketBytes"
  | "mostUnreadBytes"
>;

export function guardSocket(
  socket: Duplex,
  limits: GuardLimits,
  onBreach: (cause: RefusalCause, reason: string) => void,
): SocketGuard {
  let isLoggedIn = false;
  let rates: SendingRates | undefined;
  let bytesBefore = 0;
  let writtenBytes = 0;
  const frames = frameCounter();
  const breach = (cause: RefusalCause, reason: string): void => {
    if (socket.destroyed) return;
    onBreach(cause, reason);
    socket.destroy();
  };

  function isRefused(chunk: Buffer): boolean {
    const { longest, packets, acknowledgements } = frames(chunk);
    const afterLogin = rates === undefined ? limits.longestOwnPacketBytes : limits.longestPacketBytes;
    const allowed = isLoggedIn ? afterLogin : limits.longestBeforeLoginBytes;
    if (longest > allowed) breach("size", `a packet of ${longest} bytes, at most ${allowed} are taken`);
    else if (!isLoggedIn) {
      bytesBefore += chunk.length;
      if (bytesBefore > limits.mostBeforeLoginBytes) breach("size", `${bytesBefore} bytes before a login was answered`);
      else return false;
    } else if (rates === undefined) return false;
    else if (!rates.bytes.take(chunk.length)) breach("rate", "too many bytes at once");
    else if (!rates.packets.take(packets)) breach("rate", "too many packets at once");
    else if (!rates.acknowledgements.take(acknowledgements)) breach("rate", "too many acknowledgements at once");
    else return false;
    return true;
  }

  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    return chunk === null || isRefused(chunk) ? null : chunk;
  };
  const write = socket.write.bind(socket) as (...parameters: unknown[]) => boolean;
  const guardedWrite = (...parameters: unknown[]): boolean => {
    const [chunk] = parameters;
    writtenBytes += typeof chunk === "string" ? Buffer.byteLength(chunk) : ((chunk as Buffer | undefined)?.length ?? 0);
    write(...parameters);
    if (socket.writableLength > limits.mostUnreadBytes)
      breach("unread", `${socket.writableLength} bytes wait for a reader that does not read`);
    return true; // never report back-pressure: one slow reader would stop the broker for all
  };
  socket.write = guardedWrite as Duplex["write"];
  return {
    loggedIn(its) {
      isLoggedIn = true;
      rates = its;
    },
    unreadBytes: () => socket.writableLength,
    takenBytes: () => writtenBytes - socket.writableLength,
    breach,
  };
}

interface Frames {
  /** The longest announced, bytes. */
  readonly longest: number;
  /** Begun, other than acknowledgements. */
  readonly packets: number;
  readonly acknowledgements: number;
}

/** PUBACK, PUBREC, PUBREL, PUBCOMP: answers to what was sent. */
const isAcknowledgement = (type: number): boolean => type >= 4 && type <= 7;

/** Follows the MQTT frames in a byte stream; tells of those that the bytes given begin. */
function frameCounter(): (chunk: Buffer) => Frames {
  let state: "type" | "length" | "body" = "type";
  let length = 0;
  let multiplier = 1;
  let left = 0;
  return (chunk) => {
    let longest = 0;
    let packets = 0;
    let acknowledgements = 0;
    for (let at = 0; at < chunk.length; ) {
      if (state === "type") {
        if (isAcknowledgement((chunk[at] ?? 0) >> 4)) acknowledgements += 1;
        else packets += 1;
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
    return { longest, packets, acknowledgements };
  };
}
