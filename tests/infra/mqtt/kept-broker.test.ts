import mqtt, { type MqttClient } from "mqtt";
import { afterEach, describe, expect, it } from "vitest";
import { realWorld } from "../../../infra/main/world.js";
import type { Account } from "../../../infra/mqtt/accounts.js";
import { type KeptBroker, keepBroker } from "../../../infra/mqtt/kept-broker.js";
import { breakableBroker } from "./breakable-broker.js";

const accounts: readonly Account[] = [{ username: "market", password: "m", standing: { kind: "market" } }];
const { wall } = realWorld;
const brokers: KeptBroker[] = [];
const clients: MqttClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true);
  for (const broker of brokers.splice(0)) await broker.stop();
});

async function kept(mostFailures = 10, onStart = (): void => {}) {
  const thread = breakableBroker();
  const said: string[] = [];
  const failures: unknown[] = [];
  const broker = await keepBroker({
    ...{ market: "main", host: "127.0.0.1", port: 0, guestsWelcome: true, wall },
    get accounts() {
      queueMicrotask(onStart);
      return accounts;
    },
    ...{ threadFile: thread.threadFile, onGuest: () => {}, onRefused: () => {} },
    log: { info: (message) => void said.push(message), warn: (message) => void said.push(message) },
    onGivenUp: (error) => void failures.push(error),
    policy: { firstDelayMs: 10, longestDelayMs: 20, mostFailures, forgivenAfterMs: 60_000 },
  });
  brokers.push(broker);
  return { thread, broker, said, failures };
}

const login = async (url: string, username: string, password: string): Promise<MqttClient> => {
  const client = await mqtt.connectAsync(url, { clientId: username, username, password, reconnectPeriod: 20 }, false);
  client.on("error", () => {});
  clients.push(client);
  return client;
};

describe("an embedded broker whose thread fails", () => {
  it("is back on the same port, and its clients find it again", async () => {
    const { thread, broker, said, failures } = await kept();
    const client = await login(broker.url, "market", "m");
    let connections = 0;
    client.on("connect", () => {
      connections += 1;
    });
    for (const time of [1, 2]) {
      thread.break();
      await expect.poll(() => connections, { timeout: 10_000 }).toBe(time);
    }
    expect(said.filter((line) => line === `the MQTT broker is back on port ${broker.port}`)).toHaveLength(2);
    expect(failures).toEqual([]);
  });

  it("lets nobody else take the id of a guest who came before", async () => {
    const { thread, broker, said } = await kept();
    await login(broker.url, "wanderer", "mine");
    thread.break();
    await expect.poll(() => said, { timeout: 10_000 }).toContain(`the MQTT broker is back on port ${broker.port}`);
    await expect(login(broker.url, "wanderer", "another's")).rejects.toThrow("Bad username or password");
    await login(broker.url, "wanderer", "mine");
  });

  it("knows the keys that were changed while it was started again", async () => {
    let onStart = (): void => {};
    const { thread, broker, said } = await kept(10, () => onStart());
    await login(broker.url, "market", "m");
    onStart = () => broker.setAccount({ username: "market", password: "new", standing: { kind: "market" } }, true);
    thread.break();
    await expect.poll(() => said, { timeout: 10_000 }).toContain(`the MQTT broker is back on port ${broker.port}`);
    await expect(login(broker.url, "market", "m")).rejects.toThrow("Bad username or password");
    await login(broker.url, "market", "new");
  });

  it("is given up where it fails again and again, and can still be stopped", async () => {
    const { thread, failures } = await kept(3);
    thread.spoil();
    thread.break();
    await expect.poll(() => failures.map(String), { timeout: 10_000 }).toEqual(["Error: spoilt"]);
  });
});
