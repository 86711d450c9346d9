/**
 * Connections to a broker outside of the program that come over something else than its ports (WebSockets on the HTTP server): each is
 * piped, byte for byte, to the broker's own port. Who may do what is the broker's to say; size, rates, backlog and numbers of connections
 * are held here as the embedded broker holds them (limits.ts), for the broker sees one address alone, the market's.
 */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { FromStream } from "./broker-messages.js";
import { createConnectionBook, type Visitor } from "./connection-book.js";
import { countedAddress, isLoopback } from "./counted-address.js";
import { dialBroker } from "./dial-broker.js";
import type { EmbeddedBroker } from "./embedded-broker.js";
import type { BrokerLimits } from "./limits.js";
import { createMessageStreams } from "./message-stream.js";
import { createRefusals } from "./refusals.js";
import { createSendingRates } from "./sending-rates.js";
import { guardSocket } from "./socket-guard.js";

export interface PipedBroker extends Pick<EmbeddedBroker, "openStream"> {
  /** Cuts all of them. */
  stop(): void;
}

export interface PipedBrokerOptions {
  /** The broker's own port, `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly limits: BrokerLimits;
  readonly onRefused: (what: string, reason: string) => void;
}

/** CONNACK is four bytes, the last of them 0 where the login was accepted. */
const acceptedLogin = [0x20, 0x02] as const;
const returnCodeAt = 3;
/** Who does not take the broker's last words by then is cut off. */
const closeWithinMs = 1000;

export function pipeToBroker({ url, limits, onRefused }: PipedBrokerOptions): PipedBroker {
  const now = (): number => performance.now();
  const hearing = new Map<number, (message: FromStream) => void>();
  const refusals = createRefusals(onRefused);
  const book = createConnectionBook(limits, now);
  const rates = createSendingRates(limits, now);
  let last = 0;

  function welcome(stream: Duplex, from: string): void {
    const address = countedAddress(from);
    const guard = guardSocket(stream, limits, (cause, reason) => refusals.note(cause, "a connection at /mqtt", reason));
    const visitor: Visitor = { address, guard };
    const full = book.enter(visitor);
    if (full !== undefined) {
      guard.breach(full.cause, full.reason);
      return;
    }
    // Names are the broker's business: what may be sent is counted by address, on loopback by connection.
    const sender = isLoopback(address) ? `${address}/${last}` : address;
    const tooLate = setTimeout(() => guard.breach("connection", "no login in time"), limits.connectWithinMs);
    stream.once("close", () => {
      clearTimeout(tooLate);
      book.leave(visitor);
    });
    pipe(stream, dialBroker(url), () => {
      clearTimeout(tooLate);
      guard.loggedIn(rates.of(sender));
      streams.loggedIn(stream);
      book.logIn(visitor, sender, sender, { kind: "market" });
    });
  }

  const streams = createMessageStreams((message) => {
    const hear = hearing.get(message.id);
    if (message.type === "stream-closed") hearing.delete(message.id);
    hear?.(message);
  }, welcome);
  const sweeper = setInterval(() => {
    book.sweep();
    rates.sweep(book.has);
    refusals.sinceLast();
  }, 1000).unref();

  return {
    openStream(address, onMessage) {
      last += 1;
      const id = last;
      hearing.set(id, onMessage);
      streams.take({ type: "stream-open", id, address });
      return {
        data: (bytes) => streams.take({ type: "stream-data", id, bytes }),
        sent: (bytes) => streams.take({ type: "stream-sent", id, bytes }),
        close: () => streams.take({ type: "stream-closed", id }),
      };
    },
    stop() {
      clearInterval(sweeper);
      streams.end();
    },
  };
}

/** Both ways, until one side ends; `onLogin`: the broker has let it in. */
function pipe(stream: Duplex, broker: Socket, onLogin: () => void): void {
  const head: number[] = [];
  broker.on("data", (chunk) => {
    if (head.length <= returnCodeAt) {
      head.push(...chunk.subarray(0, returnCodeAt + 1 - head.length));
      if (
        head.length > returnCodeAt &&
        acceptedLogin.every((byte, at) => head[at] === byte) &&
        head[returnCodeAt] === 0
      )
        onLogin();
    }
    stream.write(chunk);
  });
  // By `read` alone, which the guard watches.
  const forward = (): void => {
    for (let chunk = stream.read(); chunk !== null; chunk = stream.read())
      if (!broker.write(chunk as Buffer)) return void broker.once("drain", forward);
  };
  stream.on("readable", forward);
  stream.on("error", () => stream.destroy());
  stream.once("close", () => broker.destroy());
  broker.on("error", () => broker.destroy());
  broker.once("close", () => {
    stream.end(() => stream.destroy()); // what the broker said last, such as why a login was refused, still goes out
    setTimeout(() => stream.destroy(), closeWithinMs).unref();
  });
}
