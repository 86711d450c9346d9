import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type HealthServer, startHealthServer } from "../../../infra/http/health-server.js";
import { PortTakenError } from "../../../infra/mqtt/embedded-broker.js";

const running: HealthServer[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())));

async function start(isReady: () => boolean = () => true, port = 0): Promise<HealthServer> {
  const server = await startHealthServer("127.0.0.1", port, isReady);
  running.push(server);
  return server;
}

const get = (server: HealthServer, path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

describe("the health server", () => {
  it("says `ok` as long as it is there, and `ready` only while the market is online", async () => {
    let ready = false;
    const server = await start(() => ready);
    const before = await get(server, "/readyz");
    expect([before.status, await before.json()]).toEqual([503, { status: "starting" }]);
    const health = await get(server, "/healthz?verbose=1");
    expect([health.status, await health.json()]).toEqual([200, { status: "ok" }]);
    ready = true;
    const after = await get(server, "/readyz");
    expect([after.status, await after.json()]).toEqual([200, { status: "ready" }]);
  });

  it("answers other paths with a problem that names the path", async () => {
    const answer = await get(await start(), "/items?period=20160801-0030");
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      title: "Not found",
      status: 404,
      detail: expect.stringContaining("/items "),
    });
  });

  it("refuses a port that is taken by naming port and option", async () => {
    const { port } = await start();
    const second = start(undefined, port);
    await expect(second).rejects.toThrow(PortTakenError);
    await expect(second).rejects.toThrow(`cannot listen on port ${port}`);
    await expect(second).rejects.toThrow("--rest-port");
  });

  it("stops at once though a client keeps its connection open", async () => {
    const server = await startHealthServer("127.0.0.1", 0, () => true);
    await get(server, "/healthz");
    const idle = connect(server.port, "127.0.0.1");
    const closed = new Promise((resolve) => idle.once("close", () => resolve("closed")));
    idle.on("error", () => {});
    await new Promise((resolve) => idle.once("connect", resolve));
    const asked = performance.now();
    await server.stop();
    expect(await closed).toBe("closed");
    expect(performance.now() - asked).toBeLessThan(1000);
  });
});
