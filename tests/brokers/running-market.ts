/** A market as it is run, for tests that attack its doors: started as a program, known by its addresses alone. */
import { readFileSync } from "node:fs";
import { newFolder, type RunningProgram, startProgram } from "../infra/cli/program.js";

export interface RunningMarket {
  readonly program: RunningProgram;
  readonly mqttPort: number;
  readonly restUrl: string;
  readonly restPort: number;
  register(name: string): Promise<Credentials>;
  /** A value of /metrics, by its line's beginning. */
  metric(line: string): Promise<number>;
  /** Resident memory, MB, as the system counts it. */
  residentMb(): number;
  isAlive(): boolean;
  stop(): Promise<void>;
}

export interface Credentials {
  readonly id: string;
  readonly key: string;
  readonly urls: readonly string[];
}

/** A half hour in half a minute, without bots; whoever comes may register. */
export async function runMarket(...options: readonly string[]): Promise<RunningMarket> {
  const ports = ["--mqtt-port", "0", "--rest-port", "0"];
  const flags = [...ports, "--log", "json", "--state", newFolder(), "--speed", "60", "--no-bots", ...options];
  const program = startProgram(["up", "scenarios/swarm.yaml", ...flags]);
  const [, mqttPort = "", restUrl = ""] = await program.line(/MQTT at mqtts?:\/\/\S+?:(\d+), .*REST at (\S+)\/swagger/);
  const get = async (path: string): Promise<string> => (await fetch(`${restUrl}${path}`)).text();
  return {
    ...{ program, restUrl, mqttPort: Number(mqttPort), restPort: Number(new URL(restUrl).port) },
    async register(name) {
      const answer = await fetch(`${restUrl}/participants`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name, role: "prosumer", capacityKw: 7 }),
      });
      if (answer.status !== 201) throw new Error(`registration was answered with ${answer.status}`);
      const { id, key, mqtt } = (await answer.json()) as { id: string; key: string; mqtt: { urls: string[] } };
      return { id, key, urls: mqtt.urls };
    },
    async metric(line) {
      const found = (await get("/metrics")).split("\n").find((one) => one.startsWith(`${line} `));
      return Number(found?.split(" ").at(-1) ?? 0);
    },
    residentMb() {
      const status = readFileSync(`/proc/${program.child.pid}/status`, "utf8");
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
    },
    isAlive: () => program.child.exitCode === null && program.child.signalCode === null,
    async stop() {
      program.child.kill("SIGINT");
      await program.ended;
    },
  };
}
