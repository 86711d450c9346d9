/**
 * A guest of a running market, who never registered: the operator lists, suspends, limits and pays it, nobody comes into its place by chance,
 * and the operator does on purpose. One market without bots, at a half hour in 6 s, and one story: the tests follow each other.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createActorMakers } from "../../../infra/actors/actor-makers.js";
import type { ActorEvent } from "../../../infra/journal/journal.js";
import { openJournals } from "../../../infra/journal/journal-folder.js";
import { createManagerHost } from "../../../infra/journal/manager-host.js";
import { recallRun } from "../../../infra/journal/run-record.js";
import { sha256 } from "../../../infra/main/secrets.js";
import { type RunningMarket, startMarket } from "../../../infra/main/up.js";
import type { NewKey, Outcome } from "../../../infra/registry/registry.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { programBuild, programVersion } from "../../../infra/version.js";
import { micro } from "../../../shared/units.js";
import { type Fields, type PlainClient, plainClient, topic } from "../../end-to-end/plain-client.js";

vi.setConfig({ testTimeout: 30_000 });
const root = new URL("../../../", import.meta.url).pathname;
const stateFolder = mkdtempSync(join(tmpdir(), "elecbay-guest-"));
const clients: PlainClient[] = [];
let market: RunningMarket;
let zoe: PlainClient;
let requests = 0;

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

async function connected(id: string, password: string): Promise<PlainClient> {
  const one = await plainClient(market.mqttUrl, id, password);
  clients.push(one);
  await one.reads(topic.everythingPublic);
  await one.reads(topic.everythingOf(id));
  return one;
}

async function order(client: PlainClient, change: Fields = {}): Promise<unknown> {
  const { fields } = await client.hear(topic.public("market-state"), ({ bidding }) => (bidding as Fields[]).length > 0);
  const period = (fields.bidding as Fields[]).at(-1)?.period;
  requests += 1;
  const command = { action: "place", side: "buy", period, energyKwh: 0.2, pricePerKwh: 0.2, ...change };
  const { status, code } = await client.ask("orders", { v: 1, requestId: `r${requests}`, ...command });
  return code ?? status;
}

/** As a market of before left it, whose supervisor alone knew guests. */
async function joinAsBefore(id: string): Promise<void> {
  const { supplier } = await loadScenario(join(root, "scenarios/swarm.yaml"), { overrides: { bots: 3 } });
  const journals = openJournals(stateFolder, { roles: ["supervisor"], programVersion, durability: "full" });
  const journal = journals.journalOf("supervisor");
  const terms = recallRun(journal)?.terms;
  if (terms === undefined) throw new Error("there is no market");
  const given = { terms, supplier, digest: sha256, version: "before", statementKey: "" };
  const { make } = createActorMakers(given as unknown as Parameters<typeof createActorMakers>[0]);
  let nowMs = terms.calendar.startMs;
  for (const { atMs } of journal.inputs(0)) nowMs = atMs;
  const host = createManagerHost({
    ...{ role: "supervisor", market: terms.market, startMs: terms.calendar.startMs, programVersion: programBuild },
    ...{ journal, make: make.supervisor, digest: sha256, now: () => nowMs, release: () => {}, acknowledge: () => {} },
    ...{ refuse: () => {}, onDown: () => {} },
  });
  host.restart();
  host.take({ type: "JOIN", id } as ActorEvent);
  host.stop();
  journals.close();
}

beforeAll(async () => {
  market = await start();
}, 30_000);

afterAll(async () => {
  for (const one of clients) one.mqtt.end(true);
  await market.stop();
});

describe("a guest", () => {
  it("trades, and the operator finds it among the participants", async () => {
    zoe = await connected("zoe", "her own");
    await zoe.hear(topic.private("zoe", "tariff"));
    expect(await order(zoe)).toBe("accepted");
    const { items } = market.registry.operator.list({ limit: 10 });
    expect(items.find(({ id }) => id === "zoe")).toMatchObject({ origin: "guest", name: null, standing: "active" });
  });

  it("is suspended and taken again, has a credit limit, and is paid", async () => {
    const { operator } = market.registry;
    given(await operator.suspend("zoe", "too loud"));
    expect(await order(zoe)).toBe("suspended");
    given(await operator.resume("zoe"));
    given(await operator.change("zoe", { creditLimitMicro: micro(0) }));
    expect(await order(zoe, { energyKwh: 9 })).toBe("credit-exceeded");
    const payment = { paymentId: "bank-1", participant: "zoe", kind: "deposit", amountMicro: micro(20e6) } as const;
    expect(given(await operator.pay({ ...payment, reference: null })).payment).toMatchObject({ state: "booked" });
    expect(await order(zoe, { energyKwh: 9 })).toBe("accepted");
  });

  it("has an id that nobody registers with, neither a stranger nor the operator by mistake", async () => {
    const { operator, register } = market.registry;
    expect(await operator.register({ id: "zoe", name: "Zoe", role: "prosumer" })).toMatchObject({ code: "id-taken" });
    expect(given(await register({ name: "Zoe", role: "prosumer" })).id).not.toBe("zoe");
    expect(market.registry.account("zoe")?.name).toBeNull();
  });
});

describe("a market that is started again", () => {
  it("lets nobody else in with a guest's id, and the guest with its own password", async () => {
    await market.stop();
    await joinAsBefore("old");
    market = await start();
    await expect(connected("zoe", "another's")).rejects.toThrow();
    zoe = await connected("zoe", "her own");
    expect(await order(zoe)).toBe("accepted");
    expect(market.registry.account("zoe")).toMatchObject({ origin: "guest", creditLimitMicro: 0 });
  });

  it("has its earlier guests among the participants, also those that only its supervisor knew", async () => {
    expect(market.registry.account("old")).toMatchObject({ origin: "guest", standing: "active" });
    given(await market.registry.operator.suspend("old", "who is this"));
    expect(await order(await connected("old", "whoever comes first"))).toBe("suspended");
    await expect(connected("old", "whoever comes next")).rejects.toThrow();
  });
});

describe("a guest whom the operator registers", () => {
  it("is a participant from then on, with its money and a key: its password opens nothing any more", async () => {
    const cut = new Promise<void>((resolve) => zoe.mqtt.once("close", () => resolve()));
    const adopting = { id: "zoe", name: "Zoe", role: "prosumer", adopts: true } as const;
    const home: NewKey = given(await market.registry.operator.register(adopting));
    await cut;
    await expect(connected("zoe", "her own")).rejects.toThrow();
    expect(market.registry.account("zoe")).toMatchObject({ name: "Zoe", creditLimitMicro: 0 });
    expect(market.registry.account("zoe")?.origin).toBeUndefined();
    expect(await market.registry.authenticate(home.key)).toMatchObject({ id: "zoe" });
    expect(await order(await connected("zoe", home.key))).toBe("accepted"); // prepaid: of its money
    expect(await market.registry.operator.register(adopting)).toMatchObject({ code: "id-taken" });
  });
});
