/** A nats-server as a process of its own, with the configuration that a market writes: to be killed and started again. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Secrets } from "../../infra/main/secrets.js";
import { natsConfiguration } from "../../infra/nats/nats-configuration.js";
import { natsKeys } from "../../infra/nats/nats-keys.js";
import { freePort } from "./free-port.js";
import { untilListening } from "./mosquitto.js";

export interface NatsServer {
  readonly mqttUrl: string;
  readonly natsUrl: string;
  /** Resolves once it takes connections. */
  start(): Promise<void>;
  /** At once, as by `kill -9`. */
  kill(): Promise<void>;
}

/** What `NATS_SERVER` names (.ci/run finds one), or the one of the path: 2.10 or newer. Undefined: there is none. */
export function natsServerProgram(): string | undefined {
  const program = process.env.NATS_SERVER || "nats-server";
  try {
    const version = execFileSync(program, ["--version"], { encoding: "utf8", timeout: 10_000 });
    return /v(2\.[1-9]\d|[3-9])/.test(version) ? program : undefined;
  } catch {
    return undefined;
  }
}

export async function prepareNatsServer(program: string, secrets: Secrets, folder: string): Promise<NatsServer> {
  mkdirSync(folder, { recursive: true });
  const [mqttPort, natsPort] = [await freePort(), await freePort()];
  const configuration = natsConfiguration(await natsKeys(secrets.seedOf), join(folder, "jetstream"))
    .replace("127.0.0.1:4222\n\n", `127.0.0.1:${natsPort}\n\n`)
    .replace("127.0.0.1:1883", `127.0.0.1:${mqttPort}`);
  const file = join(folder, "nats.conf");
  writeFileSync(file, configuration);
  let child: ChildProcess | undefined;
  process.once("exit", () => child?.kill("SIGKILL"));
  return {
    mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
    natsUrl: `nats://127.0.0.1:${natsPort}`,
    async start() {
      child = spawn(program, ["-c", file], { stdio: "ignore" });
      await untilListening(natsPort);
      await untilListening(mqttPort);
    },
    async kill() {
      const ended = new Promise((resolve) => child?.once("exit", resolve));
      child?.kill("SIGKILL");
      await ended;
    },
  };
}
