/** A byte stream over messages between two threads, as the broker reads and writes it: the other end has the WebSocket. */
import { Duplex } from "node:stream";
import type { FromStream, ToStream } from "./broker-messages.js";

export interface MessageStreams {
  /** Takes a message; `stream-open` makes a stream and hands it on. */
  take(message: ToStream): void;
  /** Ends all of them. */
  end(): void;
}

export function createMessageStreams(
  tell: (message: FromStream) => void,
  onStream: (stream: Duplex, address: string) => void,
): MessageStreams {
  const streams = new Map<number, { readonly stream: Duplex; sent(bytes: number): void }>();
  return {
    take(message) {
      const { id } = message;
      if (message.type === "stream-open") {
        const made = messageStream(id, tell);
        streams.set(id, made);
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
      else if (known !== undefined && !known.stream.push(Buffer.from(message.bytes)))
        tell({ type: "stream-flow", id, go: false });
    },
    end() {
      for (const { stream } of streams.values()) stream.destroy();
    },
  };
}

function messageStream(id: number, tell: (message: FromStream) => void) {
  /** Written and not yet gone: each with what is to be called then. */
  const underway: { left: number; readonly done: () => void }[] = [];
  const stream = new Duplex({
    read: () => tell({ type: "stream-flow", id, go: true }),
    write(chunk: Buffer, _encoding, done) {
      underway.push({ left: chunk.length, done });
      tell({ type: "stream-data", id, bytes: chunk });
    },
  });
  return {
    stream,
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
