/** The REST side on a socket: its port, slow clients, and its end. */
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { PortTakenError } from "../../../infra/mqtt/embedded-broker.js";
import { createMetrics } from "../../../infra/observe/metrics.js";
import type { MarketDoor } from "../../../infra/rest/market-door.js";
import { createRestServer, type RestServer } from "../../../infra/rest/rest-server.js";
import { createRetainedTopics } from "../../../infra/rest/retained-topics.js";
import { noShadows } from "../../../infra/results/live-shadows.js";
import { memoryRegistry } from "./memory-registry.js";
import { memoryHistory, noBalances, noBills, noBooks } from "./rest-stage.js";

const running: RestServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));

const silent: MarketDoor = {
  send: () => new Promise(() => {}),
  latest: () => undefined,
  names: () => [],
  own: async () => createRetainedTopics(),
  async listen(_id, onMessage) {
    onMessage("contracts/20160801-0200", '{"of":"two"}');
    return () => {};
  },
  isConnected: () => true,
  close: async () => {},
};

async function start(port = 0) {
  const registry = memoryRegistry();
  const server = await createRestServer({
    ...{
      host: "127.0.0.1",
      port,
      market: "main",
      bills: noBills,
      books: noBooks,
      balances: noBalances,
      history: memoryHistory(),
      shadows: () => noShadows,
      metrics: createMetrics(),
      isReady: () => true,
    },
    ...{ inside: () => ({ door: silent, registry, mqttUrls: () => [] }), log: { info: () => {}, warn: () => {} } },
  });
  running.push(server);
  return { ...server, registry };
}

function spoken(socket: Socket): Promise<string> {
  let heard = "";
  socket.on("data", (bytes) => {
    heard += bytes.toString();
  });
  socket.on("error", () => {});
  return new Promise((resolve) => socket.once("close", () => resolve(heard)));
}

describe("the REST server", () => {
  it("refuses a port that is taken by naming port and option", async () => {
    const { port } = await start();
    const second = start(port);
    await expect(second).rejects.toThrow(PortTakenError);
    await expect(second).rejects.toThrow(`cannot listen on port ${port}`);
    await expect(second).rejects.toThrow("--rest-port");
  });

  it("answers what is no HTTP with a problem, and ends the connection", async () => {
    const { port } = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write("HELLO\r\n\r\n");
    const heard = await spoken(socket);
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(heard).toContain('"code":"bad-message"');
  });

  it("does not wait for ever for who sends a request slowly", async () => {
    const { port } = await start();
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /orders HTTP/1.1\r\nhost: here\r\n");
    const heard = await spoken(socket);
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
    expect(heard).toContain('"code":"request-timeout"');
  });

  it("stops at once though connections are idle, a stream is open and a command waits", async () => {
    const { port, registry, stop } = await start();
    const key = await registry.register({ name: "Ann", role: "prosumer" });
    const headers = { authorization: `Bearer ${key.ok ? key.key : ""}`, "content-type": "application/json" };
    const idle = spoken(connect(port, "127.0.0.1"));
    const stream = await fetch(`http://127.0.0.1:${port}/events`, { headers });
    const reader = stream.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    expect(first).toContain('event: contracts\ndata: {"of":"two"}\n\n');
    const body = JSON.stringify({ period: "2016-08-01T02:00:00Z", side: "buy", energyKwh: 1, pricePerKwh: 1 });
    const order = fetch(`http://127.0.0.1:${port}/orders`, { method: "POST", headers, body });
    order.catch(() => {});
    await fetch(`http://127.0.0.1:${port}/healthz`);
    await stop();
    await idle;
    await expect(order).rejects.toThrow();
    await expect(reader?.read()).rejects.toThrow();
  });

  it("lets one participant open only so many streams", async () => {
    const { port, registry } = await start();
    const key = await registry.register({ name: "Ann", role: "prosumer" });
    const headers = { authorization: `Bearer ${key.ok ? key.key : ""}` };
    const open = () => fetch(`http://127.0.0.1:${port}/events`, { headers }).then(({ status }) => status);
    const statuses = [await open(), await open(), await open(), await open(), await open()];
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });
});
