/** What is killed: a market on its own broker or on Mosquitto, and managers as processes of their own, each started again as it was. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSecrets } from "../../infra/main/secrets.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { freePort } from "../processes/free-port.js";
import { type Mosquitto, prepareMosquitto } from "../processes/mosquitto.js";
import { type StartedProcess, startProcess } from "../processes/started-process.js";
import { killScenario, killSpeed } from "./kill-scenario.js";

/** `embedded`: one process. `mosquitto`: the market's process and the broker's. `managers`: three managers' processes as well. */
export const stageModes = ["embedded", "mosquitto", "managers"] as const;
export type StageMode = (typeof stageModes)[number];

export const managerRoles = ["bidding", "exchange", "settlement"] as const;

export interface Actor {
  readonly name: string;
  /** Starts it; `killAfterMs`: kills it that long after, be it still starting. @returns wall time until it ran, in milliseconds. */
  start(killAfterMs?: number): Promise<number>;
  kill(): Promise<void>;
  /** Of its process while it runs; undefined where it is none of ours. */
  pid(): number | undefined;
}

export interface Stage {
  readonly url: string;
  readonly stateFolder: string;
  readonly passwordOf: (id: string) => string;
  /** In the order of starting; whoever is killed is one of them. */
  readonly actors: readonly Actor[];
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly mode: StageMode;
  readonly traders: readonly string[];
  readonly folder: string;
  /** Where the market's state lies; in the folder by default. */
  readonly stateFolder?: string;
  /** The program's folder, with scenarios/ and infra/ beside it. */
  readonly distFolder: string;
  /** What the processes warn of. */
  readonly onWarning: (line: string) => void;
}

export async function setStage(options: StageOptions): Promise<Stage> {
  const { mode, folder, distFolder, onWarning } = options;
  const root = join(distFolder, "..");
  const stateFolder = options.stateFolder ?? join(folder, "state");
  mkdirSync(folder, { recursive: true });
  const scenarioFile = join(folder, "kill.yaml");
  writeFileSync(scenarioFile, killScenario(options.traders, join(root, "scenarios", "data")));
  const scenario = await loadScenario(scenarioFile, {});
  const secrets = loadSecrets(stateFolder);
  const configuration = join(root, "infra", "containers", "mosquitto.conf");
  const mosquitto =
    mode === "embedded"
      ? undefined
      : await prepareMosquitto({ scenario, secrets, folder: join(folder, "broker"), configuration });
  const port = await freePort();
  const started: Running[] = [];
  const running = (name: string, args: readonly string[], ready: RegExp): Running => {
    const actor = runningActor(name, join(distFolder, "elecbay.js"), args, ready, onWarning);
    started.push(actor);
    return actor;
  };
  const ports = mosquitto === undefined ? ["--mqtt-port", String(port)] : ["--broker", mosquitto.url];
  const without = mode === "managers" ? ["--without", managerRoles.join(",")] : [];
  const place = ["--state", stateFolder];
  const market = running(
    "market",
    ["up", scenarioFile, "--no-bots", ...ports, "--rest-port", "0", "--speed", String(killSpeed), ...place, ...without],
    /runs: MQTT at/,
  );
  const brokerUrl = mosquitto?.url ?? `mqtt://127.0.0.1:${port}`;
  const managers = (mode === "managers" ? managerRoles : []).map((role) =>
    running(role, ["manager", role, scenarioFile, "--broker", brokerUrl, ...place], new RegExp(`${role} of kill runs`)),
  );
  return {
    ...{ url: brokerUrl, stateFolder, passwordOf: secrets.passwordOf },
    actors: [...(mosquitto === undefined ? [] : [brokerActor(mosquitto)]), market, ...managers],
    async stop() {
      for (const actor of started.reverse()) await actor.stop();
      await mosquitto?.kill();
    },
  };
}

interface Running extends Actor {
  stop(): Promise<void>;
}

function runningActor(
  name: string,
  program: string,
  args: readonly string[],
  ready: RegExp,
  onWarning: (line: string) => void,
): Running {
  let running: StartedProcess | undefined;
  return {
    name,
    async start(killAfterMs) {
      let early = false;
      const starting = startProcess({
        ...{ program, args, ready },
        onLine: (line) => {
          if (line.includes('"level":"warn"') || line.includes("error")) onWarning(`${name}: ${line}`);
        },
        onSpawned: (child) => {
          if (killAfterMs === undefined) return;
          setTimeout(() => {
            early = true;
            child.kill("SIGKILL");
          }, killAfterMs);
        },
      });
      try {
        running = await starting;
      } catch (error) {
        if (!early) throw error;
        return killAfterMs ?? 0;
      }
      if (killAfterMs !== undefined) await running.ended;
      return running.startedInMs;
    },
    pid: () => running?.pid,
    async kill() {
      await running?.kill();
    },
    async stop() {
      await running?.stop();
    },
  };
}

function brokerActor(mosquitto: Mosquitto): Actor {
  return {
    name: "broker",
    async start() {
      const begunAt = performance.now();
      await mosquitto.start();
      return performance.now() - begunAt;
    },
    kill: mosquitto.kill,
    pid: () => undefined,
  };
}
