import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createActor, createMachine } from "xstate";
import { openInspectionSide } from "../../../infra/main/inspection-side.js";
import { loadSecrets, type Secrets } from "../../../infra/main/secrets.js";
import { simulate } from "../../../infra/main/simulate.js";
import { startMarket } from "../../../infra/main/up.js";
import { realWorld } from "../../../infra/main/world.js";
import { openConnection } from "../../../infra/mqtt/connection.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { isMosquittoInstalled, type Mosquitto, prepareMosquitto } from "../../processes/mosquitto.js";

const root = new URL("../../../", import.meta.url).pathname;
const isInstalled = isMosquittoInstalled();
if (!isInstalled) process.stdout.write("mosquitto is not installed: its tests are skipped\n");

describe.skipIf(!isInstalled)("a market on Mosquitto", () => {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-mosquitto-"));
  let broker: Mosquitto;
  let url = "";
  let secrets: Secrets;

  const options = { overrides: { bots: 5, periods: 4 } };
  const log = { info: () => {}, warn: () => {} };

  beforeAll(async () => {
    const scenario = await loadScenario(join(root, "scenarios/swarm.yaml"), options);
    secrets = loadSecrets(join(folder, "state"));
    const configuration = join(root, "infra/containers/mosquitto.conf");
    broker = await prepareMosquitto({ scenario, secrets, folder: join(folder, "broker"), configuration });
    url = broker.url;
    await broker.start();
  }, 20_000);

  afterAll(() => broker?.kill());

  const run = async (brokerUrl: string | undefined, out: string) =>
    simulate({
      ...{ scenario: await loadScenario(join(root, "scenarios/swarm.yaml"), options), outFolder: join(folder, out) },
      ...{ botsPerThread: 5, brokerUrl, mqttPort: 0, host: "127.0.0.1", stateFolder: join(folder, "state") },
      ...{ deadlineMs: 20_000, distFolder: join(root, "dist"), log, onProgress: () => {} },
      signal: new AbortController().signal,
    });

  it("gives the same hash as on the embedded broker", { timeout: 60_000 }, async () => {
    const there = await run(url, "there");
    const here = await run(undefined, "here");
    expect(there.counts.trades).toBeGreaterThan(0);
    expect(there.absences).toEqual([]);
    expect(there.hash).toBe(here.hash);
  });

  it("has all that is retained again after it was killed and started anew, of actors that have not changed too", {
    timeout: 60_000,
  }, async () => {
    const scenario = await loadScenario(join(root, "scenarios/swarm.yaml"), options);
    const market = await startMarket({
      ...{ scenario, mode: "scaled", speed: 300, inspect: { actors: ["bot1", "supplier"], allowsSending: false } },
      ...{ brokerUrl: url, host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder: join(folder, "state") },
      ...{ fresh: true, without: new Set(), withBots: false, botsPerThread: 1, distFolder: join(root, "dist"), log },
    });
    const elsewhere = await openInspectionSide({
      ...{ terms: scenario.terms, url, program: "bots", isHost: false, secrets, distFolder: join(root, "dist"), log },
      ...{ marketNow: () => 0, world: realWorld, actors: undefined, allowsSending: false },
    });
    const home = createActor(createMachine({ id: "home", initial: "asleep", states: { asleep: {} } })).start();
    elsewhere.inspection.node("bot1").add({ root: home });
    await expect.poll(() => elsewhere.inspection.state().on, { timeout: 20_000 }).toBe(true);
    const heard = new Map<string, string>();
    const observer = await openConnection({
      ...{ url, clientId: "operator", username: "operator", password: secrets.passwordOf("operator") },
      onMessage: (topic, payload) => heard.set(topic.replace("elecbay/main/", ""), payload.toString()),
    });
    await observer.subscribe(["elecbay/main/#"]);
    const missing = () =>
      [
        ...["public/market-info", "public/status", "public/consumption-curve", "private/bot1/tariff"],
        ...["inspect/supplier/machine/supplier", "manage/inspect", "manage/inspecting/bot1"],
        ...["inspect/bot1/machine/home", `inspect/bot1/actor/${home.sessionId.replace(":", "")}`],
      ].filter((topic) => !heard.has(topic));
    await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
    await broker.kill();
    heard.clear();
    await broker.start();
    await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => JSON.parse(heard.get("public/status") ?? "{}").status, { timeout: 20_000 }).toBe("online");
    await observer.end();
    await elsewhere.stop();
    home.stop();
    await market.stop();
  });

  it("is reached at /mqtt of the REST port too, where packets that are too long are cut", {
    timeout: 60_000,
  }, async () => {
    const market = await startMarket({
      ...{ scenario: await loadScenario(join(root, "scenarios/swarm.yaml"), options), mode: "scaled", speed: 300 },
      ...{ brokerUrl: url, host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder: join(folder, "state") },
      ...{ fresh: true, without: new Set(), withBots: false, botsPerThread: 1, distFolder: join(root, "dist"), log },
    });
    const login = { username: "bot1", clientId: "bot1", protocolVersion: 4 as const, reconnectPeriod: 0 };
    const door = `ws://127.0.0.1:${market.restPort}/mqtt`;
    await expect(connectAsync(door, { ...login, password: "guess" }, false)).rejects.toThrow("Not authorized");
    const client = await connectAsync(door, { ...login, password: secrets.passwordOf("bot1") });
    const heard = new Map<string, string>();
    client.on("message", (topic, payload) => heard.set(topic, payload.toString()));
    await client.subscribeAsync("elecbay/main/public/#", { qos: 1 });
    await expect.poll(() => heard.get("elecbay/main/public/market-info")).toContain('"currency":"GBP"');
    const cut = new Promise<string>((done) => client.once("close", () => done("cut")));
    client.on("error", () => {});
    client.publish("elecbay/main/in/bot1/orders", "x".repeat(300_000), { qos: 1 }, () => {});
    expect(await cut).toBe("cut");
    await client.endAsync(true);
    await market.stop();
  });

  it("refuses a wrong password, and hides what is private from others", async () => {
    await expect(
      openConnection({ url, clientId: "bot1", username: "bot1", password: "guess", onMessage: () => {} }),
    ).rejects.toThrow("bot1 cannot connect");
    const heard: string[] = [];
    const open = (id: string) =>
      openConnection({
        ...{ url, clientId: id, username: id, password: secrets.passwordOf(id) },
        onMessage: (topic, payload) => heard.push(`${id} ${topic} ${payload.toString()}`),
      });
    const [bot1, bot2, supervisor] = await Promise.all([open("bot1"), open("bot2"), open("supervisor")]);
    await bot1.subscribe(["elecbay/main/private/#", "elecbay/main/public/#"]);
    supervisor.publish("elecbay/main/private/bot2/replies", "to bot2", false);
    supervisor.publish("elecbay/main/private/bot1/replies", "to bot1", false);
    bot2.publish("elecbay/main/public/clock", "forged", false);
    bot2.publish("elecbay/main/in/bot1/orders", "forged", false);
    await Promise.all([supervisor.flushed(), bot2.flushed()]);
    await expect.poll(() => heard).toContain("bot1 elecbay/main/private/bot1/replies to bot1");
    expect(heard.filter((line) => line.includes("bot2/") || line.includes("forged"))).toEqual([]);
    await Promise.all([bot1.end(), bot2.end(), supervisor.end()]);
  });
});
