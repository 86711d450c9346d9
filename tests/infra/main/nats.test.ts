/** A simulation on a NATS server, which asks the run itself who may come in. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSecrets } from "../../../infra/main/secrets.js";
import { simulate } from "../../../infra/main/simulate.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { type NatsServer, natsServerProgram, prepareNatsServer } from "../../processes/nats-server.js";

const root = new URL("../../../", import.meta.url).pathname;
const program = natsServerProgram();
if (program === undefined) process.stdout.write("nats-server 2.10 or newer is not installed: its tests are skipped\n");

describe.skipIf(program === undefined)("a simulation on a NATS server", () => {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-nats-"));
  const stateFolder = join(folder, "state");
  let server: NatsServer;

  beforeAll(async () => {
    server = await prepareNatsServer(program ?? "", loadSecrets(stateFolder), join(folder, "broker"));
    await server.start();
  }, 20_000);
  afterAll(async () => {
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (out: string, broker: { readonly brokerUrl: string | undefined; readonly natsUrl?: string }) =>
    simulate({
      scenario: await loadScenario(join(root, "scenarios/swarm.yaml"), { overrides: { bots: 5, periods: 3 } }),
      ...{ outFolder: join(folder, out), botsPerThread: 5, ...broker, mqttPort: 0, host: "127.0.0.1", stateFolder },
      ...{ deadlineMs: 20_000, distFolder: join(root, "dist"), log: { info: () => {}, warn: () => {} } },
      ...{ onProgress: () => {}, signal: new AbortController().signal },
    });

  it("gives the same hash as on the embedded broker, and once more over what the first left", {
    timeout: 90_000,
  }, async () => {
    const there = { brokerUrl: server.mqttUrl, natsUrl: server.natsUrl };
    const here = await run("here", { brokerUrl: undefined });
    expect(here.counts.trades).toBeGreaterThan(0);
    for (const out of ["there", "again"]) {
      const summary = await run(out, there);
      expect(summary.absences).toEqual([]);
      expect(summary.hash).toBe(here.hash);
    }
  });

  it("is refused where nobody answers the server's logins, with what to do", { timeout: 30_000 }, async () => {
    await expect(run("refused", { brokerUrl: server.mqttUrl })).rejects.toThrow(/a NATS server needs --nats/);
  });
});
