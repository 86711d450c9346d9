/** A market whose broker is a Mosquitto that speaks TLS alone: trusted where this machine is told its authority, refused with a remedy where not. */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadSecrets } from "../../infra/main/secrets.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { cleanUp, newFolder, startProgram } from "../infra/cli/program.js";
import { isMosquittoInstalled, type Mosquitto, prepareMosquitto } from "../processes/mosquitto.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const certificates = resolve("tests/brokers/certificate");
const trusted = { NODE_EXTRA_CA_CERTS: `${certificates}/localhost.pem` };
const isInstalled = isMosquittoInstalled();
if (!isInstalled) console.warn("mosquitto is not installed: a market on a broker that speaks TLS is not tried");

describe.skipIf(!isInstalled)("a market on a Mosquitto that speaks TLS", () => {
  let broker: Mosquitto;
  let state = "";
  const url = (host: string): string => broker.url.replace("mqtt://127.0.0.1", `mqtts://${host}`);
  const up = (address: string, environment: Readonly<Record<string, string>>) =>
    startProgram(
      [
        ...["up", "scenarios/swarm.yaml", "--bots", "2", "--speed", "300", "--rest-port", "0"],
        ...["--broker", address, "--state", state],
      ],
      environment,
    );

  beforeAll(async () => {
    const folder = newFolder();
    state = join(folder, "state");
    mkdirSync(state);
    broker = await prepareMosquitto({
      scenario: loadScenario("scenarios/swarm.yaml", { overrides: { bots: 2 } }),
      ...{ secrets: loadSecrets(state), folder: join(folder, "broker") },
      configuration: "infra/containers/mosquitto-plugin.conf",
      changed: (text) =>
        text.replace(
          "listener 1883",
          `listener 1883\ncertfile ${certificates}/localhost.pem\nkeyfile ${certificates}/localhost.key`,
        ),
    });
    await broker.start();
  });
  afterAll(async () => {
    await broker?.kill();
    cleanUp();
  });

  it("is online with its accounts kept there, where its authority is trusted, and its bots trade", async () => {
    const program = up(url("localhost"), trusted);
    await program.line(/swarm runs: MQTT at mqtts:\/\/localhost/);
    await program.line(/gate of .* closed/);
    program.child.kill("SIGINT");
    const { code, stderr, stdout } = await program.ended;
    expect([code, `${stdout}${stderr}`]).toEqual([0, expect.not.stringContaining("cannot keep the accounts")]);
  });

  it("is refused where nobody vouches for its certificate, with what to do", async () => {
    const { code, stderr } = await up(url("localhost"), {}).ended;
    expect([code, stderr]).toEqual([1, expect.stringMatching(/certificate.*NODE_EXTRA_CA_CERTS=FILE\n$/s)]);
  });
});
