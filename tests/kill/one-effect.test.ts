/** One command, one effect, one reply: whatever MQTT, an impatient client or a killed market make of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Database from "libsql";
import { connect, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isMosquittoInstalled } from "../processes/mosquitto.js";
import { killStarted } from "../processes/started-process.js";
import { connectPacket, publishPacket } from "./raw-packets.js";
import { type Stage, type StageMode, setStage } from "./stage.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-effect-"));
const replies = "elecbay/main/private/ann/replies";
const orders = "elecbay/main/in/ann/orders";
const periodMs = 5 * 60_000;

afterAll(() => {
  killStarted();
  rmSync(folder, { recursive: true, force: true });
});

const modes: StageMode[] = isMosquittoInstalled() ? ["embedded", "mosquitto"] : ["embedded"];

describe.each(modes)("a command that comes twice (%s)", (mode) => {
  let stage: Stage;
  let first = "";
  const market = () => stage.actors.find(({ name }) => name === "market");

  beforeAll(async () => {
    stage = await setStage({
      ...{
        mode,
        traders: ["ann", "bob"],
        folder: join(folder, mode),
        distFolder: resolve("dist"),
        onWarning: () => {},
      },
    });
    for (const actor of stage.actors) await actor.start();
  }, 60_000);
  afterAll(() => stage.stop());

  it("as a packet with the duplicate flag, has one effect and the same reply", { timeout: 60_000 }, async () => {
    const { client, heard } = await listener("ann/ears", true);
    const payload = await anOrder(client, "twice");
    const socket = await rawLogin("ann/raw");
    socket.write(publishPacket(orders, payload, 7, false));
    socket.write(publishPacket(orders, payload, 7, true));
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(2);
    [first = ""] = heard;
    expect(JSON.parse(first)).toMatchObject({ requestId: "twice", status: "accepted" });
    expect(heard[1]).toBe(first);
    expect(ordersInJournal("twice")).toHaveLength(1);
    socket.destroy();
    await client.endAsync(true);
  });

  it("again after the market was killed and is back, has the same reply to the byte", { timeout: 60_000 }, async () => {
    const payload = payloadOf("twice");
    await market()?.kill();
    await market()?.start();
    const { client, heard } = await listener("ann/ears", true);
    await client.publishAsync(orders, payload, { qos: 1 });
    await expect.poll(() => heard, { timeout: 20_000 }).toEqual([first]);
    const other = payload.replace('"energyKwh":0.002', '"energyKwh":0.003');
    await client.publishAsync(orders, other, { qos: 1 });
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(2);
    expect(JSON.parse(heard[1] ?? "")).toMatchObject({ status: "rejected", code: "request-id-reused" });
    expect(ordersInJournal("twice")).toHaveLength(1);
    await client.endAsync(true);
  });

  it("from an old session that its client goes on with, has the reply that waited, and no second effect", async () => {
    const before = await listener("ann/session", false);
    await before.client.endAsync(true); // its session stays
    const { client, heard } = await listener("ann/ears", true);
    const payload = await anOrder(client, "offline");
    const socket = await rawLogin("ann/raw");
    socket.write(publishPacket(orders, payload, 9, false));
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(1);
    socket.destroy();
    const after = await listener("ann/session", false);
    await expect.poll(() => after.heard, { timeout: 20_000 }).toEqual(heard);
    // What its client could not know to be delivered it sends again.
    const again = await rawLogin("ann/raw");
    again.write(publishPacket(orders, payload, 9, true));
    await expect.poll(() => after.heard, { timeout: 20_000 }).toEqual([heard[0], heard[0]]);
    expect(ordersInJournal("offline")).toHaveLength(1);
    again.destroy();
    for (const each of [client, after.client]) await each.endAsync(true);
  }, 60_000);

  const payloads = new Map<string, string>();
  const payloadOf = (requestId: string): string => payloads.get(requestId) ?? "";

  /** An order for the last period that is open now. */
  async function anOrder(client: MqttClient, requestId: string): Promise<string> {
    const clock = "elecbay/main/public/clock";
    const ticked = new Promise<number>((found) => {
      client.on("message", (topic, payload, { retain }) => {
        if (topic === clock && !retain) found(Date.parse((JSON.parse(payload.toString()) as { ts: string }).ts));
      });
    });
    await client.subscribeAsync(clock, { qos: 1 });
    const openMs = Math.ceil((await ticked) / periodMs) * periodMs + 6 * periodMs;
    const period = new Date(openMs).toISOString().replace(".000Z", "Z");
    const order = { v: 1, requestId, action: "place", side: "buy", period, energyKwh: 0.002, pricePerKwh: 0.1 };
    payloads.set(requestId, JSON.stringify(order));
    return payloadOf(requestId);
  }

  async function listener(clientId: string, clean: boolean) {
    const heard: string[] = [];
    const client = connect(stage.url, {
      ...{ clientId, clean, username: "ann", password: stage.passwordOf("ann"), reconnectPeriod: 0 },
    });
    client.on("error", () => {});
    // Before it is connected: what waited in an old session comes in one piece with the broker's welcome.
    client.on("message", (topic, payload) => {
      if (topic === replies) heard.push(payload.toString());
    });
    await new Promise((connected) => client.once("connect", connected));
    await client.subscribeAsync(replies, { qos: 1 });
    return { client, heard };
  }

  /** A login by hand, to send packets that no client package would. */
  async function rawLogin(clientId: string): Promise<Socket> {
    const socket = connectTcp({ host: "127.0.0.1", port: Number(new URL(stage.url).port), noDelay: true });
    socket.on("error", () => {});
    const accepted = new Promise((accept) => socket.once("data", accept));
    socket.write(connectPacket(clientId, "ann", stage.passwordOf("ann")));
    await accepted;
    return socket;
  }

  /** Different ids under which the command stands in the journal. */
  function ordersInJournal(requestId: string): unknown[] {
    const file = join(stage.stateFolder, "journal", "bidding.sqlite");
    const database = new Database(file, { readonly: true });
    const rows = database
      .prepare("SELECT DISTINCT id FROM commands WHERE request_id = ? AND status = 'accepted'")
      .all([requestId]);
    database.close();
    return rows;
  }
});
