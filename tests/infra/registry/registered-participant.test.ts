/**
 * Who registers with a running market, trades there over MQTT, is suspended, has a new key, and leaves.
 *
 * One market without bots, at a half hour in 6 s, and one story: the tests follow each other.
 */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { makeBackup } from "../../../infra/backup/make-backup.js";
import { restoreBackup } from "../../../infra/backup/restore-backup.js";
import { registeredIn } from "../../../infra/main/registered-accounts.js";
import { type RunningMarket, startMarket } from "../../../infra/main/up.js";
import { openPersons } from "../../../infra/registry/persons.js";
import type { NewKey, Outcome } from "../../../infra/registry/registry.js";
import { openRecordedRun } from "../../../infra/replay/recorded-run.js";
import { replay } from "../../../infra/replay/replay.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { type Fields, type PlainClient, plainClient, topic } from "../../end-to-end/plain-client.js";

vi.setConfig({ testTimeout: 30_000 });
const root = new URL("../../../", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "elecbay-registry-"));
const stateFolder = join(folder, "state");
const secretName = "Ada of Elm Street";
const clients: PlainClient[] = [];
let market: RunningMarket;
let home: NewKey;
let client: PlainClient;

async function start(): Promise<RunningMarket> {
  return startMarket({
    ...{ scenario: await loadScenario(join(root, "scenarios/swarm.yaml"), { overrides: { bots: 3 } }), mode: "scaled" },
    ...{ speed: 300, brokerUrl: undefined, host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder, fresh: false },
    ...{ without: new Set(), withBots: false, botsPerThread: 1, distFolder: join(root, "dist") },
    log: { info: () => {}, warn: () => {} },
  });
}

function given<Answer extends object>(outcome: Outcome<Answer>): Answer {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.reason}`);
  return outcome;
}

async function connected({ id, key }: NewKey): Promise<PlainClient> {
  const one = await plainClient(market.mqttUrl, id, key);
  clients.push(one);
  await one.reads(topic.everythingPublic);
  await one.reads(topic.everythingOf(id));
  return one;
}

/** The period that closes last of those that are open. */
async function openPeriod(): Promise<unknown> {
  const { fields } = await client.hear(topic.public("market-state"), ({ bidding }) => (bidding as Fields[]).length > 0);
  return (fields.bidding as Fields[]).at(-1)?.period;
}

async function order(requestId: string): Promise<Fields> {
  const period = await openPeriod();
  const command = { action: "place", side: "buy", period, energyKwh: 0.2, pricePerKwh: 0.2 };
  return client.ask("orders", { v: 1, requestId, ...command });
}

beforeAll(async () => {
  market = await start();
}, 30_000);

afterAll(async () => {
  for (const one of clients) one.mqtt.end(true);
  await market.stop();
});

describe("who registers with an open market", () => {
  it("is known to the broker, the door and the supplier at once, and its first order is accepted", async () => {
    home = given(await market.registry.register({ name: secretName, role: "prosumer" }));
    expect(home.key).toMatch(new RegExp(`^${home.id}\\.[A-Za-z0-9_-]{43}$`));
    client = await connected(home);
    await client.hear(topic.private(home.id, "tariff"), ({ capacityKw }) => capacityKw === 7);
    expect(await order("first")).toMatchObject({ status: "accepted" });
  });

  it("is found by its key, and by no other", async () => {
    expect(await market.registry.authenticate(home.key)).toMatchObject({ id: home.id, role: "prosumer" });
    expect(await market.registry.authenticate(`${home.key.slice(0, -1)}~`)).toBeUndefined();
    expect(await market.registry.authenticate(`bot1${home.key.slice(home.key.indexOf("."))}`)).toBeUndefined();
    const operatorKey = readFileSync(join(stateFolder, "operator.key"), "utf8").trim();
    expect(await market.registry.authenticate(operatorKey)).toMatchObject({ id: "operator", role: "operator" });
    await expect(connected({ id: home.id, key: "guess" })).rejects.toThrow();
  });

  it("is told that it is suspended until the operator takes that back", async () => {
    given(await market.registry.operator.suspend(home.id, "its meter is broken"));
    expect(await order("second")).toMatchObject({ status: "rejected", code: "suspended" });
    expect(market.registry.account(home.id)).toMatchObject({ standing: "suspended", reason: "its meter is broken" });
    given(await market.registry.operator.resume(home.id));
    expect(await order("second")).toMatchObject({ status: "accepted" });
  });

  it("is cut off when its key is renewed: the old one is refused, the new one is taken", async () => {
    const cut = new Promise<void>((resolve) => client.mqtt.once("close", () => resolve()));
    const old = home;
    home = given(await market.registry.renewKey(home.id));
    await cut;
    await expect(connected(old)).rejects.toThrow();
    expect(await market.registry.authenticate(old.key)).toBeUndefined();
    client = await connected(home);
    expect(await order("third")).toMatchObject({ status: "accepted" });
  });

  it("keeps drafts, each its own", async () => {
    const { drafts } = market.registry;
    const { draft } = given(await drafts.keep(home.id, { kind: "BID", message: { action: "place", energyKwh: 1 } }));
    given(
      await drafts.keep(home.id, { draftId: draft.draftId, kind: "BID", message: { action: "place", energyKwh: 2 } }),
    );
    expect(drafts.list(home.id).map(({ message }) => message.energyKwh)).toEqual([2]);
    expect(drafts.get("bot1", draft.draftId)).toBeUndefined();
    expect(await drafts.drop("bot1", draft.draftId)).toMatchObject({ ok: false, code: "unknown-draft" });
  });

  it("leaves, and of its messages only meter readings are taken from then on", async () => {
    given(await market.registry.leave(home.id));
    expect(await order("fourth")).toMatchObject({ status: "rejected", code: "not-registered" });
    const reading = { importKwh: 0.1, exportKwh: 0, generationKwh: 0 };
    const answer = await client.ask("meter", { v: 1, requestId: "m1", period: await openPeriod(), ...reading });
    expect(answer).toMatchObject({ code: "not-open-yet" }); // decided by the exchange, not refused at the door
  });
});

describe("a market that is started again", () => {
  it("knows the same accounts, keys and drafts, and the broker them too", async () => {
    const before = market.registry.operator.list({ limit: 100 });
    const other = given(await market.registry.register({ name: "Bea", role: "prosumer", connectionPoint: "R18" }));
    const drafts = market.registry.drafts.list(home.id);
    await market.stop();
    market = await start();
    const after = market.registry.operator.list({ limit: 100 });
    expect(after.items.filter(({ id }) => id !== other.id)).toEqual(before.items);
    expect(market.registry.account(other.id)).toMatchObject({
      ...{ name: "Bea", connectionPoint: null },
      claim: { connectionPoint: "R18", capacityW: 7000, phase: null },
    });
    expect(market.registry.drafts.list(home.id)).toEqual(drafts);
    expect(await market.registry.authenticate(home.key)).toMatchObject({ id: home.id, standing: "left" });
    client = await connected(other);
    expect(await order("after")).toMatchObject({ status: "accepted" });
  });

  it("is in a backup with its accounts and the names of its persons", () => {
    const [file, restored] = [join(folder, "market.tar.gz"), join(folder, "restored")];
    makeBackup({ stateFolder, file, force: false, nowMs: 0 });
    restoreBackup(file, restored);
    expect(registeredIn(restored).map((account) => account.id)).toContain(home.id);
    const persons = openPersons(restored);
    expect(persons.nameOf(home.id)).toBe(secretName);
    persons.close();
  });

  it("has no name of a person in its journals, forgets one that is erased, and replays", async () => {
    expect(market.registry.account(home.id)?.name).toBe(secretName);
    expect(market.registry.operator.erase(home.id)).toEqual({ ok: true });
    expect(market.registry.account(home.id)?.name).toBeNull();
    await market.stop();
    for (const role of ["api", "supervisor", "supplier", "bidding"]) {
      expect(readFileSync(join(stateFolder, "journal", `${role}.sqlite`)).includes(secretName)).toBe(false);
    }
    expect(readFileSync(join(stateFolder, "persons.sqlite")).includes(secretName)).toBe(false);
    const run = await openRecordedRun(stateFolder);
    const { journals } = await replay({ run, outFolder: join(folder, "rebuilt"), onProgress: () => {} });
    run.close();
    const tally = journals.find(({ role }) => role === "api");
    expect(tally?.inputs).toBeGreaterThan(8);
    expect(tally?.handovers).toBe(5); // two newcomers; suspended, resumed, left
  });
});
