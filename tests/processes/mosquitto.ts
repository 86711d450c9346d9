/** Mosquitto as a process of its own, configured as the containers have it, with a market's accounts: to be killed and started again. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { mosquittoFiles } from "../../infra/main/mosquitto-files.js";
import type { Secrets } from "../../infra/main/secrets.js";
import type { LoadedScenario } from "../../infra/scenario/loaded-scenario.js";
import { freePort } from "./free-port.js";

export interface Mosquitto {
  readonly url: string;
  /** Resolves once it takes connections. */
  start(): Promise<void>;
  /** At once, as by `kill -9`; what it held is gone. */
  kill(): Promise<void>;
}

export interface MosquittoOptions {
  readonly scenario: LoadedScenario;
  readonly secrets: Secrets;
  /** Where its files go. */
  readonly folder: string;
  /** The file of its plugin, instead of the one that the market's accounts make. */
  readonly plugin?: string;
  /** A configuration of infra/containers. */
  readonly configuration: string;
  /** What is changed in it. */
  readonly changed?: (configuration: string) => string;
}

export function isMosquittoInstalled(): boolean {
  try {
    execFileSync("mosquitto", ["-h"], { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch (error) {
    // It prints its help and exits with 3; only a missing program has no status.
    return (error as { status?: number | null }).status != null;
  }
}

export async function prepareMosquitto(options: MosquittoOptions): Promise<Mosquitto> {
  const { scenario, secrets, folder } = options;
  const files = mosquittoFiles(scenario.terms, scenario.guests, secrets);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, "passwords"), files.passwords, { mode: 0o600 });
  writeFileSync(join(folder, "access"), files.access, { mode: 0o600 });
  writeFileSync(join(folder, "dynamic-security.json"), options.plugin ?? files.plugin, { mode: 0o600 });
  const port = await freePort();
  const { changed = (text: string) => text } = options;
  const configuration = changed(readFileSync(options.configuration, "utf8"))
    .replace("listener 1883", `listener ${port} 127.0.0.1`)
    .replaceAll("/broker/", `${folder}/`);
  const file = join(folder, "mosquitto.conf");
  // Started by root it would become a user who may not read these files.
  writeFileSync(file, process.getuid?.() === 0 ? `${configuration}user root\n` : configuration);
  let child: ChildProcess | undefined;
  process.once("exit", () => child?.kill("SIGKILL"));
  return {
    url: `mqtt://127.0.0.1:${port}`,
    async start() {
      child = spawn("mosquitto", ["-c", file], { stdio: "ignore" });
      await untilListening(port);
    },
    async kill() {
      const ended = new Promise((resolve) => child?.once("exit", resolve));
      child?.kill("SIGKILL");
      await ended;
    },
  };
}

export async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await takesConnections(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on port ${port}`);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}
