/** Attacks on the doors of a running market, each bounded: a participant that behaves well is answered meanwhile, and memory stays. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { topic } from "../end-to-end/plain-client.js";
import { cleanUp } from "../infra/cli/program.js";
import { connectPacket, packet, publishPacket, type RawClient, rawClient, subscribePacket } from "./raw-packets.js";
import { type Credentials, type RunningMarket, runMarket } from "./running-market.js";
import { startTrader, type Trader } from "./trader.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** What an attack may leave behind; garbage that waits to be collected is in it. */
const mostGrowthMb = 100;
let market: RunningMarket;
let trader: Trader;
let eve: Credentials;
let beforeMb = 0;
let attackers: RawClient[] = [];

beforeAll(async () => {
  market = await runMarket();
  const [ann, other] = [await market.register("Ann"), await market.register("Eve")];
  eve = other;
  trader = await startTrader(market, ann);
  await trader.answered(100);
  beforeMb = market.residentMb();
});
afterEach(async () => {
  for (const { socket } of attackers) socket.destroy();
  attackers = [];
  await trader.answered(10);
  expect(trader.complaints).toEqual([]);
  expect(market.isAlive()).toBe(true);
  expect(market.residentMb() - beforeMb).toBeLessThan(mostGrowthMb);
});
afterAll(async () => {
  await trader.stop();
  await market.stop();
  cleanUp();
});

async function come(count: number, reads = true): Promise<RawClient[]> {
  const came = await Promise.all(Array.from({ length: count }, () => rawClient(market.mqttPort, reads)));
  attackers.push(...came);
  return came;
}
const refused = (cause: string): Promise<number> => market.metric(`elecbay_broker_refused_total{cause="${cause}"}`);

describe("a participant is answered while", () => {
  it("somebody subscribes to everything and reads nothing", async () => {
    for (const { socket } of await come(20, false)) {
      socket.write(connectPacket(`eve${Math.random()}`, "observer", ""));
      socket.write(subscribePacket([topic.everythingPublic]));
    }
    await trader.answered(50);
  });

  it("500 sockets are open and say nothing, until they are cut", async () => {
    const idle = await come(500);
    await trader.answered(50);
    await Promise.all(idle.map(({ closed }) => closed));
    await expect.poll(() => refused("connection")).toBeGreaterThanOrEqual(500);
  });

  it("somebody who has logged in publishes 10 MB at once", async () => {
    const [client] = await come(1);
    client?.socket.write(connectPacket(eve.id, eve.id, eve.key));
    await expect.poll(() => client?.heard().length ?? 0).toBeGreaterThanOrEqual(4);
    client?.socket.write(publishPacket(topic.in(eve.id, "orders"), Buffer.alloc(10_000_000)));
    await trader.answered(30);
    await client?.closed;
    await expect.poll(() => refused("size")).toBeGreaterThanOrEqual(1);
  });

  it("1,000 wrong passwords come for a key", async () => {
    const guessing = await come(1000);
    for (const { socket } of guessing) socket.write(connectPacket(eve.id, eve.id, `${eve.id}.wrong`));
    await trader.answered(50);
    await Promise.all(guessing.map(({ closed }) => closed));
    // No guess opened, and each was told: CONNACK with a code.
    for (const { heard } of guessing) expect([3, 4]).toContain(heard()[3]);
    await expect
      .poll(async () => (await refused("login")) + (await refused("login-busy")))
      .toBeGreaterThanOrEqual(1000);
    const [right] = await come(1);
    right?.socket.write(connectPacket(eve.id, eve.id, eve.key));
    await expect.poll(() => right?.heard()[3], { timeout: 10_000 }).toBe(0); // known: at once, whatever came from this address
  });

  it("30 sockets announce 256 MB before they log in, and begin to send it", async () => {
    const big = await come(30);
    const part = Buffer.alloc(64_000);
    for (const { socket } of big) {
      socket.write(packet(0x10, part, 256 * 1024 * 1024));
      for (let more = 0; more < 95; more += 1) socket.write(part);
    }
    await trader.answered(50);
    await Promise.all(big.map(({ closed }) => closed));
  });

  it("a participant sends as fast as it can", async () => {
    const [client] = await come(1);
    client?.socket.write(connectPacket(`${eve.id}/2`, eve.id, eve.key));
    await expect.poll(() => client?.heard().length ?? 0).toBeGreaterThanOrEqual(4);
    const many = Buffer.concat(
      Array.from({ length: 200 }, () => publishPacket(topic.in(eve.id, "orders"), Buffer.from("{}"), 0)),
    );
    while (client?.socket.destroyed === false) {
      client.socket.write(many);
      await pause(5);
    }
    await trader.answered(30);
    await expect.poll(() => refused("rate")).toBeGreaterThanOrEqual(1);
  });
});
