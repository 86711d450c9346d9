/** A running market under inspection: its operator switches it on and off, sees all actors, and no secret leaves. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openJournals } from "../../../infra/journal/journal-folder.js";
import { knownSecrets } from "../../../infra/main/known-secrets.js";
import { loadSecrets, type Secrets } from "../../../infra/main/secrets.js";
import { type RunningMarket, startMarket } from "../../../infra/main/up.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { programVersion } from "../../../infra/version.js";
import type { Account } from "../../../market/rules/account.js";
import { inspectChannels } from "../../../shared/messages/inspection-channels.js";
import { type Client, login } from "../../brokers/client.js";

const soon = { timeout: 20_000 };
const folder = mkdtempSync(join(tmpdir(), "elecbay-inspection-"));
const stateFolder = join(folder, "state");
const prefix = "elecbay/main";
/** What must not be found: registered while it is shown. */
const personsName = "Ada Planted Lovelace";

let market: RunningMarket;
let operator: Client;
let secrets: Secrets;

interface Told {
  readonly actor: string;
  readonly kind: string;
  readonly type: string;
  readonly from: string | null;
}

const eventsOf = (node: string): Told[] =>
  operator.of(`${prefix}/inspect/${node}/events`).flatMap((text) => JSON.parse(text).events as Told[]);
/** As it is retained now: the last message of each topic below. */
const retained = (below: string): ReadonlyMap<string, string> => {
  const last = new Map<string, string>();
  for (const { topic, text } of operator.heard)
    if (topic.startsWith(`${prefix}/${below}`) && !topic.endsWith("/events")) last.set(topic, text);
  return new Map([...last].filter(([, text]) => text !== ""));
};
const inspecting = (node: string) =>
  JSON.parse(operator.of(`${prefix}/manage/inspecting/${node}`).at(-1) ?? "{}") as Record<string, unknown>;
const ask = (request: object): void =>
  operator.send(`${prefix}/manage/inspect`, JSON.stringify({ v: 1, ...request }), true);

/** Accounts as the registrar's journal has them, with the hashes and salts of their keys. */
function journalledAccounts(): readonly Account[] {
  const opened = openJournals(stateFolder, {
    ...{ roles: ["api"], readonly: true, programVersion, durability: "full" },
  });
  const facts = [...opened.journalOf("api").facts()];
  opened.close();
  return facts.flatMap((fact) => (fact.type === "account" ? [fact.account] : []));
}

async function overRest(method: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${market.restUrl}/operator/inspection`, {
    method,
    headers: {
      authorization: `Bearer ${secrets.passwordOf("operator")}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

describe("a market whose operator looks into its actors", () => {
  beforeAll(async () => {
    const scenario = loadScenario("scenarios/thesis-microgrid.yaml");
    market = await startMarket({
      ...{ scenario: { ...scenario, registration: { ...scenario.registration, mode: "open" } }, mode: "scaled" },
      ...{ speed: 1800, brokerUrl: undefined, host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder },
      ...{ fresh: false, without: new Set(), withBots: true, botsPerThread: 5, distFolder: resolve("dist") },
      log: { info: () => {}, warn: () => {} },
      inspect: { actors: undefined, allowsSending: true },
    });
    secrets = loadSecrets(stateFolder);
    operator = await login(market.mqttUrl, { username: "operator", password: secrets.passwordOf("operator") });
    await operator.reads(`${prefix}/inspect/#`);
    await operator.reads(`${prefix}/manage/inspecting/+`);
  }, 60_000);
  afterAll(async () => {
    operator?.end();
    await market?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("tells of no actor until it is asked, and who could be asked", async () => {
    await expect.poll(() => inspecting("bidding"), soon).toMatchObject({ on: false, actors: [], allowsSending: true });
    await expect.poll(() => inspecting("peer10").on, soon).toBe(false);
    expect(await overRest("GET")).toMatchObject({ on: false, until: null });
    expect(operator.heard.filter(({ topic }) => topic.startsWith(`${prefix}/inspect/`))).toEqual([]);
  });

  it("shows one actor on demand, and that one alone", async () => {
    ask({ requestId: "one", on: true, actors: ["peer3/*"], forMinutes: 5 });
    await expect.poll(() => eventsOf("peer3").length, soon).toBeGreaterThan(3);
    expect(inspecting("peer3")).toMatchObject({ on: true, actors: ["peer3/*"] });
    const nodes = new Set([...retained("inspect/").keys()].map((topic) => topic.split("/")[3]));
    expect([...nodes]).toEqual(["peer3"]);
  });

  it("shows every actor of every process and bot when the operator switches it on over REST", async () => {
    const answer = await overRest("PUT", { on: true, forMinutes: 10 });
    expect(answer).toMatchObject({ on: true, actors: ["*"] });
    const roles = ["supervisor", "bidding", "exchange", "settlement", "supplier", "environment", "api"];
    const bots = Array.from({ length: 10 }, (_, index) => `peer${index + 1}`);
    const shown = () => new Set([...retained("inspect/").keys()].map((topic) => topic.split("/")[3]));
    await expect.poll(() => [...roles, ...bots].filter((node) => !shown().has(node)), soon).toEqual([]);
    const names = () => [...retained("inspect/supervisor/actor/").values()].map((text) => JSON.parse(text).name);
    await expect.poll(names, soon).toEqual(expect.arrayContaining(["supervisor", "restart-bidding", "restart-api"]));
    const periods = () => [...retained("inspect/bidding/actor/").values()].map((text) => JSON.parse(text).machine);
    await expect.poll(periods, soon).toContain("bidding-period");
  });

  it("publishes every message as the contract has it", async () => {
    await expect.poll(() => retained("inspect/bidding/machine/").size, soon).toBe(2);
    const refused = operator.heard
      .filter(({ topic, text }) => topic.startsWith(`${prefix}/inspect/`) && text !== "")
      .filter(({ topic, text }) => {
        const below = topic.slice(prefix.length + 1);
        const channel = inspectChannels.find(({ address }) =>
          new RegExp(`^${address.replaceAll(/<[a-z]+>/g, "[a-z0-9_-]+")}$`).test(below),
        );
        return channel?.schema.safeParse(JSON.parse(text)).success !== true;
      });
    expect(refused).toEqual([]);
  });

  it("gives an event to a bot, and says what it will not give to an actor whose inputs are journalled", async () => {
    const bot = [...retained("inspect/peer3/actor/").keys()][0]?.split("/").at(-1);
    const send = (requestId: string, actor: string, event: object): void =>
      operator.send(`${prefix}/manage/inspect-send`, JSON.stringify({ v: 1, requestId, actor, event }));
    send("s1", `peer3/${bot}`, { type: "DISCONNECTED" });
    await expect.poll(() => inspecting("peer3").sent, soon).toEqual({ requestId: "s1", accepted: true, reason: null });
    await expect
      .poll(() => eventsOf("peer3"), soon)
      .toContainEqual(expect.objectContaining({ type: "DISCONNECTED", from: "operator" }));
    send("s2", `peer3/${bot}`, { type: "CONNECTED" });
    await expect.poll(() => inspecting("peer3").sent, soon).toMatchObject({ requestId: "s2", accepted: true });

    const root = [...retained("inspect/bidding/actor/")].find(([, text]) => JSON.parse(text).name === "bidding");
    const manager = `bidding/${root?.[0].split("/").at(-1)}`;
    send("s3", manager, { type: "GRANTS", message: {} });
    await expect.poll(() => inspecting("bidding").sent, soon).toMatchObject({ requestId: "s3", accepted: false });
    send("s4", manager, { type: "CONTROL", message: { v: 1, action: "close" } });
    await expect.poll(() => inspecting("bidding").sent, soon).toMatchObject({ requestId: "s4", accepted: true });
    const value = () => JSON.parse(operator.of(`${prefix}/inspect/${manager.replace("/", "/actor/")}`).at(-1) ?? "{}");
    await expect.poll(() => value().value?.door, soon).toBe("closed");
    send("s5", manager, { type: "CONTROL", message: { v: 1, action: "open" } });
    await expect.poll(() => value().value?.door, soon).toBe("open");
  });

  it("lets no secret out in any byte, though the actors hold keys, salts and hashes", async () => {
    const given = await market.registry.register({ name: personsName, role: "prosumer" });
    if (!given.ok) throw new Error("the registration was refused");
    const { id, key } = given;
    await expect.poll(() => eventsOf("api").some(({ type }) => type === "REGISTER"), soon).toBe(true);
    await expect.poll(() => JSON.stringify([...retained("inspect/api/actor/").values()]).includes(id), soon).toBe(true);
    const registered = journalledAccounts().find((account) => account.id === id);
    const planted = [
      ...[personsName, key, registered?.key?.hashBase64 ?? "-", registered?.key?.saltBase64 ?? "-"],
      ...knownSecrets(loadScenario("scenarios/thesis-microgrid.yaml").terms, secrets),
      readFileSync(join(stateFolder, "secret"), "utf8").trim(),
    ];
    const told = operator.heard.filter(({ topic }) => /\/(inspect|manage)\//.test(topic));
    expect(told.length).toBeGreaterThan(100);
    const found = planted.filter((secret) =>
      told.some(({ topic, text }) => topic.includes(secret) || text.includes(secret)),
    );
    expect(found).toEqual([]);
    expect(planted.every((secret) => secret.length > 8)).toBe(true);
  });

  it("tells nothing more and leaves nothing behind once it is switched off", async () => {
    ask({ requestId: "off", on: false });
    await expect.poll(() => inspecting("bidding").on, soon).toBe(false);
    await expect.poll(() => [...retained("inspect/").keys()], soon).toEqual([]);
    const late = await login(market.mqttUrl, {
      ...{ username: "operator", password: secrets.passwordOf("operator"), clientId: "operator/late" },
    });
    await late.reads(`${prefix}/inspect/#`);
    await expect.poll(() => operator.of(`${prefix}/manage/inspecting/peer10`).length, soon).toBeGreaterThan(1);
    expect(late.heard).toEqual([]);
    late.end();
  });
});
