/** Who stays connected to a NATS server when the market that answers its logins goes and comes back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OutsideBroker } from "../../../infra/brokers/outside-broker.js";
import { loadSecrets } from "../../../infra/main/secrets.js";
import { realWorld } from "../../../infra/main/world.js";
import type { Account } from "../../../infra/mqtt/accounts.js";
import { openNatsBroker } from "../../../infra/nats/nats-broker.js";
import { natsKeys } from "../../../infra/nats/nats-keys.js";
import { hashKey } from "../../../infra/registry/keys.js";
import { type Client, login } from "../../brokers/client.js";
import { type NatsServer, natsServerProgram, prepareNatsServer } from "../../processes/nats-server.js";

const program = natsServerProgram();
if (program === undefined) process.stdout.write("nats-server 2.10 or newer is not installed: its tests are skipped\n");
const soon = { timeout: 10_000 };

describe.skipIf(program === undefined)("a market on a NATS server that was there before it", () => {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-nats-"));
  const secrets = loadSecrets(undefined);
  const clients = new Map<string, Client>();
  const gone = new Set<string>();
  let server: NatsServer;
  let market: OutsideBroker;
  let notedGuest: Account;

  const participant = async (id: string, key: string, under: readonly string[] = []): Promise<Account> => ({
    ...{ username: id, password: undefined, key: await hashKey(key) },
    standing: { kind: "participant", id, ...(under.length === 0 ? {} : { under }) },
  });
  const supervisor: Account = {
    ...{ username: "supervisor", password: "own", standing: { kind: "process", role: "supervisor" } },
  };
  const observer: Account = { username: "observer", password: undefined, standing: { kind: "observer" } };

  const start = async (accounts: readonly Account[]) =>
    openNatsBroker({
      ...{ market: "main", accounts, url: server.natsUrl, keys: await natsKeys(secrets.seedOf), guestsWelcome: true },
      onGuest: async (id, password) => {
        if (id !== "noted") return;
        notedGuest = await participant(id, password); // as a registrar does
        market.setAccount(notedGuest, false);
      },
      ...{ wall: realWorld.wall, log: { info: () => {}, warn: () => {} } },
    });

  async function enter(username: string, password?: string): Promise<void> {
    const client = await login(server.mqttUrl, { username, password });
    clients.set(username, client);
    void client.closed.then(() => gone.add(username));
  }

  beforeAll(async () => {
    server = await prepareNatsServer(program ?? "", secrets, folder);
    await server.start();
  }, 20_000);
  afterAll(async () => {
    for (const client of clients.values()) client.end();
    await market?.stop();
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it("cuts off, when it is back, whose key or topics are others or who has left no account, and nobody else", {
    timeout: 30_000,
  }, async () => {
    const [ann, bea, carl] = [
      await participant("ann", "a"),
      await participant("bea", "b"),
      await participant("carl", "c"),
    ];
    const street = await participant("street", "s");
    market = await start([ann, bea, carl, street, supervisor, observer]);
    const logins = [["ann", "a"], ["bea", "b"], ["carl", "c"], ["street", "s"], ["supervisor", "own"], ["observer"]];
    for (const [username = "", password] of logins) await enter(username, password);
    await enter("noted", "a guest's own");
    await enter("unnoted", "a guest's own");
    await market.stop();

    const under: Account = { ...street, standing: { kind: "participant", id: "street", under: ["ann"] } };
    market = await start([ann, await participant("bea", "renewed"), under, supervisor, observer, notedGuest]);
    await expect.poll(() => [...gone].sort(), soon).toEqual(["bea", "carl", "street", "unnoted"]);
    await enter("bea", "renewed");
    gone.clear();
    market.setAccount(await participant("ann", "renewed"), true);
    await expect.poll(() => [...gone], soon).toEqual(["ann"]);
  });
});
