/** Records what a run sends, tick by tick, from between its clients and their broker. */
import { connect, createServer, type Socket } from "node:net";
import mqttPacket, { type Packet } from "mqtt-packet";
import { sentTo, topicsOf } from "../../shared/topics.js";
import type { Sent, Transcript } from "./bare/transcript.js";

export interface Recorder {
  /** Where clients are to connect instead of at the broker. */
  readonly url: string;
  transcript(): Transcript;
  stop(): void;
}

/** @param brokerPort of a broker on this machine. */
export async function startRecorder(market: string, brokerPort: number): Promise<Recorder> {
  const clockTopic = topicsOf(market).public("clock");
  const ofMarket: Sent[][] = [[]];
  const ofBots: Record<string, Sent[][]> = {};
  const sockets = new Set<Socket>();

  const server = createServer({ noDelay: true }, (client) => {
    const broker = connect({ host: "127.0.0.1", port: brokerPort, noDelay: true });
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    let clientId = "";
    let waiting: Sent[] = [];
    parser.on("packet", (packet: Packet) => {
      if (packet.cmd === "connect") clientId = packet.clientId;
      if (packet.cmd !== "publish") return;
      const { topic, retain, payload } = packet;
      const sent = { topic, retain, bytes: payload.length };
      if (clientId === "market") {
        if (topic === clockTopic) ofMarket.push([]);
        ofMarket.at(-1)?.push(sent);
        return;
      }
      waiting.push(sent);
      if (sentTo(market, topic)?.name !== "ready") return;
      const { seq } = JSON.parse(payload.toString()) as { seq: number };
      ofBots[clientId] ??= [];
      (ofBots[clientId] ?? [])[seq] = waiting;
      waiting = [];
    });
    client.on("data", (bytes) => parser.parse(bytes));
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => sockets.delete(socket));
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the recorder has no port");
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    transcript: () => ({ market: ofMarket, bots: ofBots }),
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
