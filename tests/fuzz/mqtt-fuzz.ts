/** Mutated MQTT packets, sent to a broker by strangers and by participants that have logged in. */
import { setTimeout as pause } from "node:timers/promises";
import type { RandomStream } from "../../shared/random-stream.js";
import { connectPacket, packet, publishPacket, rawClient, subscribePacket } from "../brokers/raw-packets.js";
import type { Credentials } from "../brokers/running-market.js";
import { topic } from "../end-to-end/plain-client.js";
import { drawnCommand } from "./commands.js";
import { mutatedBytes, mutatedJson, pick } from "./mutation.js";

export interface MqttFuzzOptions {
  readonly port: number;
  readonly packets: number;
  readonly random: RandomStream;
  readonly participants: readonly Credentials[];
  readonly period: () => string;
  readonly onSent: (packets: number) => void;
}

/** Connections at once. */
const lanes = 12;
/** Between two packets of a connection: so that they come in pieces of every kind, some 400 a second in all. */
const mostPauseMs = 50;
/** Packets of one connection; a spoilt length makes the rest of it its own. */
const mostOfOne = 12;

/** Resolves once all are sent. @returns how many connections that took */
export async function fuzzMqtt({
  port,
  packets,
  random,
  participants,
  period,
  onSent,
}: MqttFuzzOptions): Promise<number> {
  let left = packets;
  let connections = 0;
  async function lane(): Promise<void> {
    while (left > 0) {
      connections += 1;
      const { socket } = await rawClient(port);
      const isStranger = random.integer(0, 3) === 0;
      const own = pick(random, participants);
      const login = connectPacket(`${own.id}/${random.integer(0, 3)}`, own.id, own.key, random.integer(0, 1) === 0);
      if (!isStranger) socket.write(login);
      for (let sent = 0; sent < mostOfOne && left > 0 && !socket.destroyed; sent += 1) {
        left -= 1;
        socket.write(isStranger ? mutatedBytes(random, login) : spoilt(random, own, period()));
        onSent(1);
        await pause(random.integer(0, mostPauseMs));
      }
      socket.destroy();
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  return connections;
}

/** Half of them are MQTT whose message is spoilt: those that come as far as the market. */
function spoilt(random: RandomStream, { id }: Credentials, period: string): Buffer {
  const command = drawnCommand(random, period);
  const messageId = random.integer(1, 65_535);
  const qos = random.integer(0, 2);
  const to = topic.in(id, command.topic);
  if (random.integer(0, 1) === 0)
    return publishPacket(to, Buffer.from(mutatedJson(random, command.message)), qos, messageId);
  const whole = pick<() => Buffer>(random, [
    () => publishPacket(to, Buffer.from(JSON.stringify(command.message)), qos, messageId),
    () => publishPacket(topic.in("somebody-else", "orders"), Buffer.from("{}"), qos, messageId),
    () => subscribePacket([topic.everythingPublic, topic.everythingOf(id), `${topic.public("items")}/+`], messageId),
    () =>
      subscribePacket(["#", "+/+/+", "$SYS/#", "$share/g/elecbay/main/public/#", topic.everythingOf("bob")], messageId),
    () => packet(0xa2, Buffer.concat([Buffer.from([0, 9, 0, 3]), Buffer.from("a/b")])), // UNSUBSCRIBE
    () => packet(pick(random, [0x40, 0x50, 0x62, 0x70]), Buffer.from([messageId >> 8, messageId & 255])),
    () => packet(pick(random, [0xc0, 0xd0, 0xe0, 0x00, 0xf0]), Buffer.alloc(0)),
    () => connectPacket(id, id, "again"),
  ])();
  return mutatedBytes(random, whole);
}
