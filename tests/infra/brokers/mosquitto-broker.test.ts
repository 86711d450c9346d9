/** Mosquitto's plugin as the market drives it: from nothing, from the file made of the accounts, and after changes that it has missed. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openMosquittoBroker } from "../../../infra/brokers/mosquitto-broker.js";
import type { OutsideBroker } from "../../../infra/brokers/outside-broker.js";
import { adminName, pluginFile } from "../../../infra/brokers/plugin-file.js";
import { openUntoldKeys } from "../../../infra/brokers/untold-keys.js";
import { loadSecrets } from "../../../infra/main/secrets.js";
import { realWorld } from "../../../infra/main/world.js";
import type { Account } from "../../../infra/mqtt/accounts.js";
import { drawKey, hashKey } from "../../../infra/registry/keys.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { type Client, login } from "../../brokers/client.js";
import { isMosquittoInstalled, type Mosquitto, prepareMosquitto } from "../../processes/mosquitto.js";

const isInstalled = isMosquittoInstalled();
if (!isInstalled) process.stdout.write("mosquitto is not installed: its plugin's tests are skipped\n");

const folder = mkdtempSync(join(tmpdir(), "elecbay-plugin-"));
const secrets = loadSecrets(undefined);
const adminPassword = secrets.passwordOf(adminName);
const bob: Account = { username: "bob", password: "made", standing: { kind: "participant", id: "bob" } };
const replies = "elecbay/main/private/ann/replies";
let key = "";
let otherKey = "";
let ann: Account;
let annAnew: Account;

const withKey = async (given: string): Promise<Account> => ({
  ...{ username: "ann", password: undefined, key: await hashKey(given), standing: { kind: "participant", id: "ann" } },
});

beforeAll(async () => {
  key = drawKey("ann");
  otherKey = drawKey("ann");
  ann = await withKey(key);
  annAnew = await withKey(otherKey);
});

describe.skipIf(!isInstalled)("Mosquitto's plugin", () => {
  const open: { stop?(): Promise<void>; kill?(): Promise<void>; end?(): void }[] = [];
  const warnings: string[] = [];
  let count = 0;
  let mosquitto: Mosquitto;

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await (one.stop ?? one.kill ?? one.end)?.();
    warnings.length = 0;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function startOn(accounts: readonly Account[]): Promise<void> {
    count += 1;
    mosquitto = await prepareMosquitto({
      ...{ scenario: await loadScenario("scenarios/swarm.yaml", {}), secrets, folder: join(folder, String(count)) },
      ...{
        configuration: "infra/containers/mosquitto-plugin.conf",
        plugin: pluginFile("main", accounts, adminPassword),
      },
    });
    open.push(mosquitto);
    await mosquitto.start();
  }

  async function keep(accounts: readonly Account[], stateFolder?: string): Promise<OutsideBroker> {
    const broker = await openMosquittoBroker({
      ...{ market: "main", accounts, url: mosquitto.url, adminPassword },
      ...{ connect: realWorld.connect, wall: realWorld.wall },
      ...(stateFolder === undefined ? {} : { untold: openUntoldKeys(stateFolder) }),
      log: { info: () => {}, warn: (line) => void warnings.push(line) },
    });
    open.push(broker);
    return broker;
  }

  async function enter(username: string, password: string): Promise<Client> {
    const client = await login(mosquitto.url, { username, password });
    open.push(client);
    return client;
  }

  it("lets everybody in by its key on a file that was made anew from the accounts, without the market", async () => {
    await startOn([ann, bob]);
    expect(await (await enter("ann", key)).reads(replies)).toBe(true);
    expect(await (await enter("bob", "made")).reads(replies)).toBe(false);
    await expect(enter("ann", otherKey)).rejects.toThrow();
    await expect(enter(adminName, "guess")).rejects.toThrow();
  });

  it("is told of all whom it does not know, and remembers them when it is killed", async () => {
    await startOn([]);
    const broker = await keep([bob]);
    broker.setAccount(ann, false);
    await broker.giveKey("ann", key);
    await mosquitto.kill();
    await mosquitto.start();
    expect(await (await enter("ann", key)).reads(replies)).toBe(true);
    await expect(enter("bob", "made")).resolves.toBeDefined();
    expect(warnings).toEqual([]);
  });

  it("locks whose key was renewed while nobody told it, and says so; the next renewal lets it in", async () => {
    await startOn([ann]);
    const before = await enter("ann", key);
    const broker = await keep([annAnew]);
    await before.closed;
    await expect(enter("ann", key)).rejects.toThrow();
    await expect(enter("ann", otherKey)).rejects.toThrow();
    expect(warnings).toEqual([
      expect.stringMatching(/^1 registered elsewhere cannot log in at the broker: ann; renew/),
    ]);
    await broker.giveKey("ann", otherKey);
    expect(await (await enter("ann", otherKey)).reads(replies)).toBe(true);
  });

  it("is told at the market's next start of the key that was renewed when the market was killed", async () => {
    await startOn([ann]);
    const state = join(folder, "killed");
    openUntoldKeys(state).keep("ann", otherKey); // drawn, decided, and never told
    await keep([annAnew], state);
    await expect(enter("ann", key)).rejects.toThrow();
    expect(await (await enter("ann", otherKey)).reads(replies)).toBe(true);
    expect(warnings).toEqual([]);
    expect(existsSync(join(state, "untold-keys.json"))).toBe(false);
  });

  it("is told when it is back of what changed while it was away", async () => {
    await startOn([ann]);
    const broker = await keep([ann]);
    await mosquitto.kill();
    broker.setAccount(annAnew, true);
    await broker.giveKey("ann", otherKey);
    await mosquitto.start();
    await expect.poll(() => enter("ann", otherKey).then(() => "in", String), { timeout: 10_000 }).toBe("in");
    await expect(enter("ann", key)).rejects.toThrow();
  });

  it("locks who is no member of this market any more", async () => {
    await startOn([ann, bob]);
    await keep([ann]);
    await expect(enter("bob", "made")).rejects.toThrow();
    await expect(enter("ann", key)).resolves.toBeDefined();
  });

  it("is not to be driven by whoever has another secret", async () => {
    await startOn([]);
    const other = openMosquittoBroker({
      ...{ market: "main", accounts: [], url: mosquitto.url, adminPassword: "guess" },
      ...{ connect: realWorld.connect, wall: realWorld.wall, log: { info: () => {}, warn: () => {} } },
    });
    await expect(other).rejects.toThrow(`${adminName} cannot connect`);
  });
});
