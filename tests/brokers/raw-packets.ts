/** MQTT 3.1.1 packets as bytes, and sockets that send them: for clients that do not behave. */
import { connect, type Socket } from "node:net";

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};

/** Fixed header and body. */
export function packet(firstByte: number, body: Buffer, announcedBytes = body.length): Buffer {
  const length: number[] = [];
  let left = announcedBytes;
  do {
    length.push((left % 128) | (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.concat([Buffer.from([firstByte, ...length]), body]);
}

export function connectPacket(clientId: string, username: string, password: string, isClean = true): Buffer {
  const flags = 0b1100_0000 | (isClean ? 0b10 : 0);
  const head = Buffer.concat([text("MQTT"), Buffer.from([4, flags, 0, 60])]);
  return packet(0x10, Buffer.concat([head, text(clientId), text(username), text(password)]));
}

export const publishPacket = (topic: string, payload: Buffer, qos = 1, messageId = 1): Buffer =>
  packet(
    0x30 | (qos << 1),
    Buffer.concat([text(topic), ...(qos > 0 ? [Buffer.from([messageId >> 8, messageId & 255])] : []), payload]),
  );

export const subscribePacket = (filters: readonly string[], messageId = 1): Buffer =>
  packet(
    0x82,
    Buffer.concat([
      Buffer.from([messageId >> 8, messageId & 255]),
      ...filters.flatMap((filter) => [text(filter), Buffer.from([1])]),
    ]),
  );

export interface RawClient {
  readonly socket: Socket;
  /** All that came, unless nothing is read. */
  heard(): Buffer;
  readonly closed: Promise<void>;
}

export function rawClient(port: number, reads = true): Promise<RawClient> {
  return new Promise((done, fail) => {
    const parts: Buffer[] = [];
    const socket = connect({ port, host: "127.0.0.1" }, () => done(client));
    const closed = new Promise<void>((over) => socket.once("close", () => over()));
    const client = { socket, closed, heard: () => Buffer.concat(parts) };
    socket.once("error", fail);
    socket.on("error", () => {});
    if (reads) socket.on("data", (bytes) => parts.push(bytes));
    else socket.pause();
  });
}
