/** The doors of a running market: MQTT over WebSockets, TLS on every port, and where it listens. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { connect as connectTcp } from "node:net";
import { resolve } from "node:path";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { openConnection } from "../../infra/mqtt/connection.js";
import { topic } from "../end-to-end/plain-client.js";
import { cleanUp, runProgram, startProgram } from "../infra/cli/program.js";
import { type Credentials, type RunningMarket, runMarket } from "./running-market.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
afterAll(cleanUp);
const folder = resolve("tests/brokers/certificate");
const [certFile, keyFile] = [`${folder}/localhost.pem`, `${folder}/localhost.key`];
const own = { ca: readFileSync(certFile) };

describe("MQTT over WebSockets", () => {
  let market: RunningMarket;
  let ann: Credentials;
  let url = "";
  beforeAll(async () => {
    market = await runMarket();
    ann = await market.register("Ann");
    url = ann.urls.find((one) => one.startsWith("ws:")) ?? "";
  });
  afterAll(() => market.stop());

  /** The status of an answer, or the subprotocol that was taken. */
  const opened = (address: string, protocols: string[], origin?: string): Promise<string> =>
    new Promise((done) => {
      const socket = new WebSocket(address, protocols, origin === undefined ? {} : { origin });
      socket.on("open", () => {
        done(socket.protocol);
        socket.terminate();
      });
      socket.on("unexpected-response", (_request, { statusCode }) => {
        done(String(statusCode));
        socket.terminate();
      });
      socket.on("error", () => {});
    });

  it("is told to who registers, and carries what TCP carries", async () => {
    expect(ann.urls).toEqual([`mqtt://127.0.0.1:${market.mqttPort}`, `ws://127.0.0.1:${market.restPort}/mqtt`]);
    const client = await connectAsync(url, {
      clientId: ann.id,
      username: ann.id,
      password: ann.key,
      protocolVersion: 4,
    });
    const heard: string[] = [];
    client.on("message", (name) => heard.push(name));
    const granted = await client.subscribeAsync([topic.everythingPublic, topic.everythingOf(ann.id)], { qos: 1 });
    expect(granted.map(({ qos }) => qos)).toEqual([1, 1]);
    await client.publishAsync(topic.in(ann.id, "orders"), '{"v":1,"requestId":"w1","action":"place"}', { qos: 1 });
    await expect.poll(() => heard).toContain(topic.private(ann.id, "replies"));
    await client.endAsync();
  });

  it("is under the same access list and the same guards", async () => {
    const wrong = { clientId: ann.id, username: ann.id, password: "wrong", reconnectPeriod: 0 };
    await expect(connectAsync(url, wrong, false)).rejects.toThrow("Bad username or password");
    const client = await connectAsync(url, {
      clientId: ann.id,
      username: ann.id,
      password: ann.key,
      reconnectPeriod: 0,
    });
    const closed = new Promise((done) => client.once("close", () => done("cut")));
    client.on("error", () => {});
    client.publish(topic.public("clock"), "forged", { qos: 1 }, () => {});
    expect(await closed).toBe("cut");
    await client.endAsync(true);
  });

  it("wants the subprotocol mqtt, at /mqtt", async () => {
    expect(await opened(url, ["mqtt"])).toBe("mqtt");
    expect(await opened(url, ["other", "mqtt"])).toBe("mqtt");
    expect(await opened(url, ["other"])).toBe("400");
    expect(await opened(url, [])).toBe("400");
    expect(await opened(url.replace("/mqtt", "/other"), ["mqtt"])).toBe("404");
  });

  it("is there for the market's own pages in a browser, and for no other host's", async () => {
    const own = new URL(url).host;
    expect(await opened(url, ["mqtt"], `http://${own}`)).toBe("mqtt");
    expect(await opened(url, ["mqtt"], "http://evil.example")).toBe("403");
    expect(await opened(url, ["mqtt"], "null")).toBe("403");
  });

  it("cuts who sends text, a message that is too long, or a lot before its login", async () => {
    const closing = (send: (socket: WebSocket) => void): Promise<number> =>
      new Promise((done) => {
        const socket = new WebSocket(url, ["mqtt"]);
        socket.on("error", () => {});
        socket.on("open", () => send(socket));
        socket.on("close", (code) => done(code));
      });
    expect(await closing((socket) => socket.send("hello"))).toBe(1003);
    await closing((socket) => socket.send(Buffer.alloc(1_000_000)));
    await closing((socket) => {
      for (let part = 0; part < 40; part += 1) socket.send(Buffer.alloc(4000), { fin: false });
    });
  });

  it("leaves the port to REST for who offers HTTP/2 with a request, as some clients do with every first one", async () => {
    const answer = await new Promise<string>((done) => {
      let heard = "";
      const socket = connectTcp(market.restPort, "127.0.0.1", () =>
        socket.write(
          "POST /participants HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n",
        ),
      );
      setTimeout(() => socket.write('{"name":"A"}'), 50);
      socket.on("data", (bytes) => {
        heard += bytes.toString();
        if (heard.includes("\r\n\r\n")) socket.destroy();
      });
      socket.on("close", () => done(heard));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain("application/problem+json");
  });
});

describe("a market with a certificate", () => {
  let market: RunningMarket;
  beforeAll(async () => {
    market = await runMarket("--tls-cert", certFile, "--tls-key", keyFile);
  });
  afterAll(() => market.stop());

  const register = (): Promise<Credentials & { readonly security: string }> =>
    new Promise((done, fail) => {
      const asked = request(
        `https://localhost:${market.restPort}/participants`,
        { method: "POST", headers: { "content-type": "application/json" }, ...own },
        (answer) => {
          let text = "";
          answer.on("data", (bytes) => {
            text += String(bytes);
          });
          answer.on("end", () => {
            const { id, key, mqtt } = JSON.parse(text) as { id: string; key: string; mqtt: { urls: string[] } };
            done({ id, key, urls: mqtt.urls, security: String(answer.headers["strict-transport-security"]) });
          });
        },
      );
      asked.on("error", fail);
      asked.end('{"name":"Ann","role":"prosumer","capacityKw":7}');
    });

  it("speaks TLS on every port, and says so to who registers", async () => {
    const { id, key, urls, security } = await register();
    expect(market.restUrl).toBe(`https://127.0.0.1:${market.restPort}`);
    expect(urls).toEqual([`mqtts://localhost:${market.mqttPort}`, `wss://localhost:${market.restPort}/mqtt`]);
    expect(security).toContain("max-age=");
    for (const url of urls) {
      const client = await connectAsync(url, { clientId: id, username: id, password: key, ...own });
      const heard: string[] = [];
      client.on("message", (name) => heard.push(name));
      await client.subscribeAsync(topic.everythingPublic, { qos: 1 });
      await expect.poll(() => heard).toContain(topic.public("clock"));
      await client.endAsync();
    }
  });

  it("has no ear for what is not encrypted, and its clients none for a certificate that nobody vouches for", async () => {
    const plain = { clientId: "x", reconnectPeriod: 0, connectTimeout: 3000 };
    await expect(connectAsync(`mqtt://127.0.0.1:${market.mqttPort}`, plain, false)).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${market.restPort}/healthz`)).rejects.toThrow();
    const url = `mqtts://localhost:${market.mqttPort}`;
    const trusting = { url, clientId: "observer/1", username: "observer", password: "", onMessage: () => {} };
    await expect(openConnection(trusting)).rejects.toThrow("self-signed certificate");
  });

  it("is reached by bots elsewhere that trust its certificate", async () => {
    const bots = startProgram(
      ["bots", "scenarios/swarm.yaml", "--bots", "1", "--broker", `mqtts://localhost:${market.mqttPort}`],
      { NODE_EXTRA_CA_CERTS: certFile },
    );
    // Without the market's state folder their passwords are wrong: the answer is the broker's own.
    const { stderr, stdout } = await bots.ended;
    expect(stdout + stderr).toMatch(/Not authorized|Bad username or password/);
  });
});

describe("where servers listen", () => {
  const market = ["up", "--mqtt-port", "0", "--rest-port", "0"];
  it.each([
    ["beyond loopback without TLS", ["--listen", "0.0.0.0"], "on 0.0.0.0 keys and bills would pass unencrypted"],
    ["the same by the option's earlier name", ["--host", "192.0.2.1"], "on 192.0.2.1 keys and bills would pass"],
    ["a certificate without its key", ["--tls-cert", certFile], "--tls-cert and --tls-key go together"],
    [
      "a certificate that is not there",
      ["--tls-cert", "nowhere", "--tls-key", keyFile],
      "nowhere: there is no such file",
    ],
    ["a folder for a key", ["--tls-cert", certFile, "--tls-key", "docs"], "docs: it is a folder"],
    ["a file that is no certificate", ["--tls-cert", keyFile, "--tls-key", keyFile], "no certificate in PEM form"],
    ["a file that is no key", ["--tls-cert", certFile, "--tls-key", certFile], "no private key in PEM form"],
  ])("%s is refused", async (_what, flags, complaint) => {
    const { code, stdout, stderr } = await runProgram([...market, ...flags]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(complaint);
  });

  it("is everywhere where somebody says so, which the log warns of, and newcomers are told the name they came by", async () => {
    const open = await runMarket("--listen", "0.0.0.0", "--insecure");
    await open.program.line(/"level":"warn".*servers listen on 0\.0\.0\.0 without TLS/);
    const answer = await fetch(`http://localhost:${open.restPort}/participants`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"name":"Ann","role":"prosumer","capacityKw":7}',
    });
    const { mqtt } = (await answer.json()) as { mqtt: { urls: string[] } };
    expect(mqtt.urls[0]).toBe(`mqtt://localhost:${open.mqttPort}`);
    await open.stop();
  });
});
