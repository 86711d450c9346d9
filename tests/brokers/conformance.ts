/**
 * What every broker must do for a market: the same access for all, whatever a client tries, and nothing lost when the broker is killed.
 *
 * One market without bots on one broker, with members of its scenario and people who register while it runs. The tests follow each other.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { loadSecrets, type Secrets } from "../../infra/main/secrets.js";
import { type RunningMarket, startMarket } from "../../infra/main/up.js";
import type { NewKey, Outcome } from "../../infra/registry/registry.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { connectPacket, subscribePacket } from "../kill/raw-packets.js";
import { type Fields, startTrader, type Trader } from "../kill/trader.js";
import { freePort } from "../processes/free-port.js";
import { type Client, type Login, login } from "./client.js";
import type { BrokerFixture, OpenBroker } from "./fixture.js";

const prefix = "elecbay/main";
const clockTopic = `${prefix}/public/clock`;
const forged = '{"v":1,"forged":true}';
const soon = { timeout: 15_000 };

export function brokerConformance(fixture: BrokerFixture): void {
  if (fixture.missing !== undefined) process.stdout.write(`${fixture.missing}: its conformance tests are skipped\n`);
  describe.skipIf(fixture.missing !== undefined)(`a market on ${fixture.name}`, () => conformanceOf(fixture));
}

function conformanceOf(fixture: BrokerFixture): void {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-conformance-"));
  const stateFolder = join(folder, "state");
  const clients: Client[] = [];
  let secrets: Secrets;
  let broker: OpenBroker;
  let market: RunningMarket;
  let trader: Trader;
  /** Of the embedded broker, also when the market is started again. */
  let mqttPort = 0;
  /** The last member who entered. */
  let fresh = 3;
  /** Whose key was renewed, and with what. */
  let old: NewKey;
  let renewed: NewKey;
  /** What the trader was told last on each of its topics. */
  const told = new Map<string, Fields>();
  /** Reads everything: what reached the broker's readers at all. */
  let operator: Client;

  async function start(): Promise<RunningMarket> {
    return startMarket({
      ...{ scenario: await scenario(), mode: "scaled", speed: 60, ...broker.settings, stateFolder, fresh: false },
      ...{ host: "127.0.0.1", mqttPort, restPort: 0, withBots: false, botsPerThread: 1, without: new Set() },
      log: { info: () => {}, warn: () => {} },
    });
  }

  async function enter(who: Login): Promise<Client> {
    const client = await login(market.mqttUrl, who);
    clients.push(client);
    return client;
  }

  const member = (id: string, clientId = id) => enter({ username: id, password: secrets.passwordOf(id), clientId });
  /** One who was not here before: brokers slow down whom they see come again and again. */
  const another = (will?: Login["will"]) => {
    fresh += 1;
    const username = `bot${fresh}`;
    return enter({ username, password: secrets.passwordOf(username), ...(will === undefined ? {} : { will }) });
  };
  const newcomer = ({ id, key }: NewKey) => enter({ username: id, password: key });
  const openPeriod = () => ((told.get("public/market-state")?.bidding ?? []) as { period: string }[]).at(-1)?.period;
  const order = () => ({ action: "place", side: "buy", period: openPeriod(), energyKwh: 0.01, pricePerKwh: 0.1 });
  const command = (requestId: string) => JSON.stringify({ v: 1, requestId, ...order() });

  /** Until everything sent before has gone through the broker: an order of the trader's goes after it, and is answered. */
  async function settled(): Promise<void> {
    const sent = trader.send("orders", order());
    await expect.poll(() => sent.reply?.fields.status, soon).toBe("accepted");
  }

  async function enterOperator(): Promise<void> {
    operator = await login(market.mqttUrl, { username: "operator", password: secrets.passwordOf("operator") });
    expect(await operator.reads(`${prefix}/#`)).toBe(true);
  }

  beforeAll(async () => {
    secrets = loadSecrets(stateFolder);
    broker = await fixture.open({ scenario: await scenario(), secrets, folder: join(folder, "broker") });
    mqttPort = await freePort();
    market = await start();
    trader = startTrader({
      ...{ id: "bot1", password: secrets.passwordOf("bot1"), url: market.mqttUrl, onReply: () => {} },
      filters: [`${prefix}/public/#`, `${prefix}/private/bot1/orders`],
      onMessage: (topic, fields) => void told.set(topic.slice(prefix.length + 1), fields),
    });
    await vi.waitUntil(openPeriod, soon);
    await enterOperator();
  }, 40_000);

  afterEach(() => {
    for (const client of clients.splice(0)) client.end();
  });
  afterAll(async () => {
    operator?.end();
    await trader?.end();
    await market?.stop();
    await broker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("refuses a wrong password, an unknown name and a name of the market's own", async () => {
    for (const who of [
      { username: "bot2", password: "guess" },
      { username: "bidding", password: "guess" },
      { username: "nobody-here" },
    ])
      await expect(enter(who)).rejects.toThrow();
  });

  it("lets nobody order, or report, in another's name", async () => {
    for (const topic of [`${prefix}/in/bot1/orders`, `${prefix}/in/bot3/meter`, `${prefix}/private/bot3/replies`]) {
      const intruder = await another();
      intruder.send(topic, forged);
      await settled();
      expect(operator.of(topic)).not.toContain(forged);
    }
  });

  it("lets nobody forge the clock or the market's own messages, by publishing nor by a last will", async () => {
    for (const topic of [clockTopic, `${prefix}/manage/members`, `${prefix}/manage/control`]) {
      const forger = await another();
      forger.send(topic, forged, true);
      await settled();
      const dying = await another({ topic, payload: forged }).catch(() => undefined); // some refuse the login
      dying?.mqtt.stream.destroy();
      await settled();
      expect(operator.of(topic)).not.toContain(forged);
    }
  });

  it("lets an observer read what is public and write nothing", async () => {
    const observer = await enter(broker.observer);
    expect(await observer.reads(`${prefix}/public/#`)).toBe(true);
    await expect.poll(() => observer.of(clockTopic).length, soon).toBeGreaterThan(0);
    expect(await observer.reads(`${prefix}/private/bot1/replies`)).toBe(false);
    observer.send(`${prefix}/in/bot1/orders`, forged);
    await settled();
    expect(operator.of(`${prefix}/in/bot1/orders`)).not.toContain(forged);
  });

  it("lets nobody read what is private to another, nor everything, nor what brokers say of themselves", async () => {
    const filters = [
      ...["#", "elecbay/#", `${prefix}/#`, "+/main/public/#", "$SYS/#", `${prefix}/in/#`, `${prefix}/manage/#`],
      ...[`${prefix}/private/#`, `${prefix}/private/bot1/#`, `${prefix}/private/+/replies`],
    ];
    const reader = await another();
    for (const filter of filters)
      expect({ filter, granted: await reader.reads(filter) }).toEqual({ filter, granted: false });
    await settled();
    expect(reader.heard).toEqual([]);
  });

  it("shows actors to the operator who asks, and to nobody else; who tells of them reads nothing of the market", async () => {
    const inspected = `${prefix}/inspect/#`;
    for (const reader of [await enter(broker.observer), await member("bot2")])
      expect(await reader.reads(inspected)).toBe(false);
    const teller = await enter({
      ...{ username: "inspect", password: secrets.passwordOf("inspect"), clientId: "inspect/test" },
    });
    for (const filter of [`${prefix}/public/#`, `${prefix}/private/#`, `${prefix}/in/#`, inspected])
      expect({ filter, granted: await teller.reads(filter) }).toEqual({ filter, granted: false });
    const ask = (request: object) =>
      operator.send(`${prefix}/manage/inspect`, JSON.stringify({ v: 1, ...request }), true);
    ask({ requestId: "look", on: true, actors: ["bidding"] });
    const shown = () => operator.heard.filter(({ topic }) => topic.startsWith(`${prefix}/inspect/bidding/actor/`));
    await expect.poll(() => shown().length, soon).toBeGreaterThan(0);
    ask({ requestId: "enough", on: false });
    const answer = () => JSON.parse(operator.of(`${prefix}/manage/inspecting/bidding`).at(-1) ?? "{}");
    await expect.poll(() => answer().on, soon).toBe(false);
  });

  it("keeps nothing of the actors of a program that broke off, and what others tell of theirs", async () => {
    const tell = async (program: string, node: string): Promise<Client> => {
      const client = await enter({
        ...{ username: "inspect", password: secrets.passwordOf("inspect"), clientId: `inspect/${program}` },
        will: { topic: `${prefix}/manage/inspect-gone/${program}`, payload: JSON.stringify({ v: 1, program }) },
      });
      client.send(`${prefix}/manage/inspecting/${node}`, JSON.stringify({ v: 1, node, program }), true);
      client.send(`${prefix}/inspect/${node}/actor/x0`, JSON.stringify({ v: 1, node }), true);
      return client;
    };
    const last = (topic: string) => operator.of(`${prefix}/${topic}`).at(-1);
    const crashed = await tell("bots-1", "bot9");
    await tell("bots-2", "bot8");
    await expect.poll(() => last("inspect/bot9/actor/x0"), soon).toContain("bot9");
    crashed.mqtt.stream.destroy();
    for (const topic of ["inspect/bot9/actor/x0", "manage/inspecting/bot9", "manage/inspect-gone/bots-1"])
      await expect.poll(() => last(topic), soon).toBe("");
    expect([last("inspect/bot8/actor/x0"), last("manage/inspecting/bot8")]).not.toContain("");
  });

  it("binds the client id to the user: nobody takes another's connection over", async () => {
    const victim = await member("bot2");
    let isCut = false;
    void victim.closed.then(() => {
      isCut = true;
    });
    await expect(member("bot3", "bot2")).rejects.toThrow();
    await expect(enter({ ...broker.observer, clientId: "bot2" })).rejects.toThrow();
    await expect(member("bot3", "bidding")).rejects.toThrow();
    await settled();
    expect(isCut).toBe(false);
    const second = member("bot2", "bot2/second");
    if (broker.takesSecondConnection) await expect(second).resolves.toBeDefined();
    else await expect(second).rejects.toThrow();
  });

  it("gives a command that is sent twice one effect, and the same reply", async () => {
    const client = await member("bot2");
    expect(await client.reads(`${prefix}/private/bot2/replies`)).toBe(true);
    const sent = command("twice");
    client.send(`${prefix}/in/bot2/orders`, sent);
    client.send(`${prefix}/in/bot2/orders`, sent);
    const replies = () => client.of(`${prefix}/private/bot2/replies`);
    await expect.poll(() => replies().length, soon).toBe(2);
    expect(new Set(replies()).size).toBe(1);
    expect(JSON.parse(replies()[0] ?? "")).toMatchObject({ requestId: "twice", status: "accepted" });
  });

  it("lets a newcomer in who registers while it runs, bound to its client id, and its order is accepted", async () => {
    const ada = given(await market.registry.register({ name: "Ada", role: "prosumer" }));
    const client = await newcomer(ada);
    expect(await client.reads(`${prefix}/private/${ada.id}/#`)).toBe(true);
    expect(await client.reads(`${prefix}/private/bot1/#`)).toBe(false);
    client.send(`${prefix}/in/${ada.id}/orders`, command("first"));
    const replies = () => client.of(`${prefix}/private/${ada.id}/replies`).map((text) => JSON.parse(text));
    await expect.poll(replies, soon).toMatchObject([{ requestId: "first", status: "accepted" }]);
    await expect(enter({ username: ada.id, password: ada.key, clientId: "bot2" })).rejects.toThrow();
  });

  it("cuts off whose key is renewed at once, and takes the new key alone", async () => {
    old = given(await market.registry.register({ name: "Bea", role: "prosumer" }));
    const { closed } = await newcomer(old);
    renewed = given(await market.registry.renewKey(old.id));
    await closed;
    await expect(newcomer(old)).rejects.toThrow();
    await expect(newcomer(renewed)).resolves.toBeDefined();
    const ofMember = given(await market.registry.renewKey("bot3"));
    await expect(member("bot3")).rejects.toThrow();
    await expect(newcomer(ofMember)).resolves.toBeDefined();
  });

  it("lets a gateway read what is private to those whom the operator puts under it, from then on", async () => {
    const gateway = given(await market.registry.operator.register({ name: "Street", role: "gateway" }));
    const topic = `${prefix}/private/bot1/replies`;
    expect(await (await newcomer(gateway)).reads(topic)).toBe(false);
    given(await market.registry.operator.change("bot1", { gateway: gateway.id }));
    const reads = async () => {
      const client = await newcomer(gateway);
      return client.reads(topic);
    };
    await expect.poll(() => reads().catch(String), { ...soon, interval: 500 }).toBe(true);
    const client = clients.at(-1);
    await settled();
    await expect.poll(() => client?.of(topic).length, soon).toBeGreaterThan(0);
  });

  it("lets no reader that stops reading slow the others down", async () => {
    const topic = `${prefix}/public/solar-forecast`;
    const slow = connectTcp({ host: "127.0.0.1", port: Number(new URL(market.mqttUrl).port), noDelay: true });
    slow.on("error", () => {});
    slow.write(connectPacket("bot2", "bot2", secrets.passwordOf("bot2")));
    await new Promise((accepted) => slow.once("data", accepted));
    slow.write(subscribePacket(`${prefix}/public/#`, 1));
    await new Promise((granted) => slow.once("data", granted));
    slow.pause();
    const reader = await enter(broker.observer);
    expect(await reader.reads(topic, 0)).toBe(true);
    const writer = await member("environment", "environment/flood");
    const text = "x".repeat(16_000);
    const messages = 1500; // 24 MB, more than any broker's patience
    for (let sent = 0; sent < messages; sent += 1) writer.send(topic, JSON.stringify({ sent, text }));
    const heard = () => reader.of(topic).filter((one) => one.includes(text)).length;
    await expect.poll(heard, { timeout: 30_000 }).toBe(messages);
    await settled();
    slow.destroy();
  }, 60_000);

  it("lets no command wait: one that is sent retained counts once, and is gone when broker and market met again", async () => {
    const topic = `${prefix}/in/bot2/orders`;
    const client = await member("bot2");
    await client.reads(`${prefix}/private/bot2/replies`);
    client.send(topic, command("kept"), true);
    const replies = () => client.of(`${prefix}/private/bot2/replies`).map((text) => JSON.parse(text).requestId);
    await expect.poll(replies, soon).toEqual(["kept"]);
    await fail();
    const kept = async () => {
      const reader = await enter({
        username: "operator",
        password: secrets.passwordOf("operator"),
        clientId: "operator/2",
      });
      await reader.reads(topic);
      await settled();
      return reader.heard.filter(({ retained, text }) => retained && text !== "");
    };
    await expect.poll(kept, soon).toEqual([]);
  }, 60_000);

  it("loses nothing when it is killed: every command has its one reply, and what is retained is there again", async () => {
    const replies = `${prefix}/private/bot2/replies`;
    const before = await member("bot2");
    await before.reads(replies);
    before.send(`${prefix}/in/bot2/orders`, command("held"));
    await expect.poll(() => before.of(replies).length, soon).toBe(1);
    const fields = order();
    const inFlight = [1, 2, 3].map(() => trader.send("orders", fields));
    const failing = fail();
    inFlight.push(trader.send("orders", fields));
    await failing;
    await expect
      .poll(() => inFlight.map(({ reply }) => reply?.fields.status), soon)
      .toEqual(inFlight.map(() => "accepted"));
    expect([...trader.commands.values()].filter(({ otherReplies }) => otherReplies > 0)).toEqual([]);
    // Not the trader's: where each has one connection, the two would cut each other's.
    const reader = await member("bot2");
    await reader.reads(`${prefix}/public/#`);
    await reader.reads(`${prefix}/private/bot2/#`);
    const names = ["public/market-info", "public/status", "private/bot2/tariff", "private/bot2/orders"];
    const missing = () => names.filter((name) => reader.of(`${prefix}/${name}`).length === 0);
    await expect.poll(missing, soon).toEqual([]);
    const status = () => JSON.parse(reader.of(`${prefix}/public/status`).at(-1) ?? "{}").status;
    await expect.poll(status, soon).toBe("online");
  }, 60_000);

  it("knows who registered and whose key was renewed when it was killed, and when the market is started again", async () => {
    await fail();
    await expect.poll(() => newcomer(renewed).then(() => "in", String), soon).toBe("in");
    await expect(newcomer(old)).rejects.toThrow();
    await market.stop();
    market = await start();
    await expect(newcomer(renewed)).resolves.toBeDefined();
    await expect(newcomer(old)).rejects.toThrow();
    await expect(member("bot3")).rejects.toThrow();
    await expect(member("bot2")).resolves.toBeDefined();
  }, 60_000);

  async function fail(): Promise<void> {
    told.clear();
    const gone = operator.closed;
    await broker.fail();
    await gone;
    await expect.poll(openPeriod, soon).toBeDefined();
    await enterAgain();
  }

  async function enterAgain(): Promise<void> {
    operator.end();
    await expect.poll(() => enterOperator().then(() => "in", String), soon).toBe("in");
    await settled();
  }
}

const scenario = () => loadScenario("scenarios/swarm.yaml", { overrides: { bots: 16 } });

function given<Answer extends object>(outcome: Outcome<Answer>): Answer {
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.reason}`);
  return outcome;
}
