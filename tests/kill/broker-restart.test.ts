/** A broker that goes away with messages in flight, while the market and its participants stay: nothing accepted is forgotten. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadSecrets } from "../../infra/main/secrets.js";
import { startMarket } from "../../infra/main/up.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { breakableBroker } from "../infra/mqtt/breakable-broker.js";
import { isMosquittoInstalled, prepareMosquitto } from "../processes/mosquitto.js";
import { type Fields, startTrader } from "./trader.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-broker-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface BrokerOfTest {
  readonly url: string | undefined;
  readonly distFolder: string;
  fail(): Promise<void>;
  stop(): Promise<void>;
}

const open = () => loadScenario("scenarios/swarm.yaml", { overrides: { bots: 3 } });
const secretsOf = (name: string) => loadSecrets(join(folder, name, "state"));

const brokers: Record<string, () => Promise<BrokerOfTest>> = {
  async "the embedded broker"() {
    const broker = breakableBroker();
    return { url: undefined, distFolder: broker.distFolder, fail: async () => broker.break(), stop: async () => {} };
  },
  async Mosquitto() {
    const mosquitto = await prepareMosquitto({
      ...{ scenario: await open(), secrets: secretsOf("Mosquitto"), folder: join(folder, "Mosquitto", "broker") },
      configuration: "infra/containers/mosquitto.conf",
    });
    await mosquitto.start();
    return {
      ...{ url: mosquitto.url, distFolder: resolve("dist") },
      async fail() {
        await mosquitto.kill();
        await mosquitto.start();
      },
      stop: mosquitto.kill,
    };
  },
};

describe.each(Object.keys(brokers))("when %s fails under a running market", (name) => {
  it.skipIf(name === "Mosquitto" && !isMosquittoInstalled())(
    "every command has its one reply, and participants find their open orders on their topic",
    { timeout: 60_000 },
    async () => {
      const broker = await (brokers[name] as () => Promise<BrokerOfTest>)();
      const market = await startMarket({
        ...{ scenario: await open(), mode: "scaled", speed: 60, brokerUrl: broker.url, distFolder: broker.distFolder },
        ...{ host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder: join(folder, name, "state"), fresh: false },
        ...{ withBots: false, botsPerThread: 1, without: new Set(), log: { info: () => {}, warn: () => {} } },
      });
      const heard = new Map<string, Fields>();
      const trader = startTrader({
        ...{ id: "bot1", password: secretsOf(name).passwordOf("bot1"), url: market.mqttUrl },
        filters: ["elecbay/main/private/bot1/orders", "elecbay/main/public/#"],
        onMessage: (topic, fields) => void heard.set(topic.replace("elecbay/main/", ""), fields),
        onReply: () => {},
      });
      const bidding = () => (heard.get("public/market-state")?.bidding ?? []) as { readonly period: string }[];
      await expect.poll(() => bidding().length, { timeout: 20_000 }).toBeGreaterThan(1);
      const period = bidding().at(-1)?.period;
      const place = () =>
        trader.send("orders", { action: "place", side: "buy", period, energyKwh: 0.01, pricePerKwh: 0.1 });
      const before = place();
      await expect.poll(() => before.reply?.fields.status, { timeout: 20_000 }).toBe("accepted");
      for (let round = 0; round < 3; round += 1) {
        const inFlight = [place(), place(), place()];
        heard.clear();
        await broker.fail();
        inFlight.push(place());
        const statuses = () => inFlight.map(({ reply }) => reply?.fields.status);
        await expect.poll(statuses, { timeout: 20_000 }).toEqual(inFlight.map(() => "accepted"));
      }
      const sent = [...trader.commands.values()];
      expect(sent.filter(({ otherReplies }) => otherReplies > 0)).toEqual([]);
      const ids = sent.map(({ reply }) => reply?.fields.orderId);
      const found = () =>
        ((heard.get("private/bot1/orders")?.orders ?? []) as { readonly orderId: string }[]).map(
          ({ orderId }) => orderId,
        );
      await expect.poll(() => found().sort(), { timeout: 20_000 }).toEqual(ids.sort());
      await expect.poll(() => heard.get("public/market-info"), { timeout: 20_000 }).toBeDefined();
      await expect.poll(() => heard.get("public/status")?.status, { timeout: 20_000 }).toBe("online");
      await trader.end();
      await market.stop();
      await broker.stop();
    },
  );
});
