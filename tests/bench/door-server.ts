/**
 * What stands behind the door, as a program of its own: the market as `elecbay up` starts it, or nothing but echoes behind the same broker.
 *
 * Says on its first line where it listens; ends when its standard input does.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { accountsOf } from "../../infra/main/accounts.js";
import { loadSecrets, secretsIn } from "../../infra/main/secrets.js";
import { startMarket } from "../../infra/main/up.js";
import { openConnection } from "../../infra/mqtt/connection.js";
import { startBroker } from "../../infra/mqtt/embedded-broker.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { filtersOf, sentTo, topicsOf } from "../../shared/topics.js";
import { brokerOptions, distFolder, silentLog } from "./setting.js";

export interface DoorServer {
  readonly mqttUrl: string;
  readonly restUrl: string;
  readonly ids: readonly string[];
  /** In the order of the ids. */
  readonly keys: readonly string[];
}

const [kind = "", peers = "", speed = ""] = process.argv.slice(2);
const scenario = manyOrders(loadScenario(join("scenarios", "swarm.yaml"), { overrides: { bots: Number(peers) } }));
const ids = scenario.bots.map(({ id }) => id);
const folder = mkdtempSync(join(distFolder, "bench-door-"));
const { told, stop } = kind === "market" ? await market() : await echoes();
process.stdout.write(`${JSON.stringify(told)}\n`);
process.stdin.resume().once("end", () => {
  void stop().then(() => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  });
});

/** A client of a benchmark orders more often than a household: its orders are counted, not refused. */
function manyOrders(loaded: ReturnType<typeof loadScenario>): ReturnType<typeof loadScenario> {
  const { bidding } = loaded.terms;
  const terms = { ...loaded.terms, bidding: { ...bidding, maxOrdersPerPeriod: 1_000_000 } };
  return { ...loaded, terms };
}

async function market() {
  const running = await startMarket({
    ...{ scenario, mode: "scaled", speed: Number(speed), brokerUrl: undefined, host: "127.0.0.1" },
    ...{ mqttPort: 0, restPort: 0, stateFolder: folder, fresh: false, without: new Set<string>() },
    ...{ withBots: false, botsPerThread: 1, distFolder, log: silentLog },
  });
  const secrets = secretsIn(folder);
  const keys = ids.map((id) => secrets?.passwordOf(id) ?? "");
  return {
    told: { mqttUrl: running.mqttUrl, restUrl: running.restUrl, ids, keys } satisfies DoorServer,
    stop: () => running.stop(),
  };
}

/** Every command is answered with the text of a reply; every request likewise. Nothing is read, decided or kept. */
async function echoes() {
  const secrets = loadSecrets(undefined);
  const broker = await startBroker(brokerOptions(scenario, accountsOf(scenario.terms, secrets)));
  const name = scenario.terms.market;
  const topics = topicsOf(name);
  const replyTo = (requestId: string): string =>
    JSON.stringify({
      ...{ v: 1, ts: "2026-08-01T10:00:00Z", requestId, topic: "orders", status: "accepted", orderId: "o-123456" },
      ...{ version: 1, period: "2026-08-01T11:00:00Z", biddingCycle: 1, acceptedAt: "2026-08-01T10:00:00Z" },
    });
  const echo = await openConnection({
    ...{ url: broker.url, clientId: "bidding", username: "bidding", password: secrets.passwordOf("bidding") },
    onMessage: (topic, payload) => {
      const sender = sentTo(name, topic);
      const requestId = /"requestId":"([^"]+)"/.exec(payload.toString("utf8"))?.[1];
      if (sender === undefined || requestId === undefined) return;
      echo.publish(topics.private(sender.id, "replies"), replyTo(requestId), false);
    },
  });
  await echo.subscribe([filtersOf(name).everythingIn]);
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      response.writeHead(201, { "content-type": "application/json" }).end(replyTo("a1"));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  return {
    told: {
      ...{ mqttUrl: broker.url, restUrl: `http://127.0.0.1:${port}`, ids, keys: ids.map(secrets.passwordOf) },
    } satisfies DoorServer,
    async stop() {
      server.closeAllConnections();
      server.close();
      await echo.end();
      await broker.stop();
    },
  };
}
