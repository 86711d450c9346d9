/** A byte stream over messages between two threads, as the broker reads and writes it: the other end has the WebSocket. */
import { Duplex } from "node:stream";
import type { FromStream, ToStream } from "./broker-messages.js";

export interface MessageStreams {
  /** Takes a message; `stream-open` makes a stream and hands it on. */
  take(message: ToStream): void;
  /** The client of this connection has logged in; of any other nothing is told. */
  loggedIn(stream: object): void;
  /** Ends all of them. */
  end(): void;
}

/** A message between threads copies the whole memory that its bytes lie in: these lie alone. */
export const ownCopy = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

export function createMessageStreams(
  tell: (message: FromStream) => void,
  onStream: (stream: Duplex, address: string) => void,
): MessageStreams {
  const streams = new Map<number, MessageStream>();
  const idOf = new WeakMap<object, number>();
  return {
    loggedIn(stream) {
      const id = idOf.get(stream);
      if (id !== undefined) tell({ type: "stream-known", id });
    },
    take(message) {
      const { id } = message;
      if (message.type === "stream-open") {
        const made = messageStream(id, tell);
        streams.set(id, made);
        idOf.set(made.stream, id);
        made.stream.once("close", () => {
          streams.delete(id);
          tell({ type: "stream-closed", id });
        });
        onStream(made.stream, message.address);
        return;
      }
      const known = streams.get(id);
      if (message.type === "stream-sent") known?.sent(message.bytes);
      else if (message.type === "stream-closed") known?.stream.destroy();
      else known?.data(message.bytes);
    },
    end() {
      for (const { stream } of streams.values()) stream.destroy();
    },
  };
}

interface MessageStream {
  readonly stream: Duplex;
  data(bytes: Uint8Array): void;
  sent(bytes: number): void;
}

function messageStream(id: number, tell: (message: FromStream) => void): MessageStream {
  let isHeld = false;
  /** Written and not yet gone: each with what is to be called then. */
  const underway: { left: number; readonly done: () => void }[] = [];
  const post = (bytes: Buffer, done: () => void): void => {
    underway.push({ left: bytes.length, done });
    tell({ type: "stream-data", id, bytes: ownCopy(bytes) });
  };
  const stream = new Duplex({
    read() {
      if (isHeld) tell({ type: "stream-flow", id, go: true });
      isHeld = false;
    },
    write: (chunk: Buffer, _encoding, done) => post(chunk, done),
    // A packet is written in parts: together they are one message.
    writev: (chunks, done) => post(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
  });
  return {
    stream,
    data(bytes) {
      if (stream.destroyed || stream.push(Buffer.from(bytes)) || isHeld) return;
      isHeld = true;
      tell({ type: "stream-flow", id, go: false });
    },
    sent(bytes: number): void {
      let gone = bytes;
      for (let first = underway[0]; first !== undefined && gone >= first.left; first = underway[0]) {
        gone -= first.left;
        underway.shift();
        first.done();
      }
      const [first] = underway;
      if (first !== undefined) first.left -= gone;
    },
  };
}
