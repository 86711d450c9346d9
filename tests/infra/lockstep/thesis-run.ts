/** Whole simulations of the thesis scenario, short: for tests that compare runs or interfere with one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type SimulateOptions, simulate } from "../../../infra/main/simulate.js";
import type { Summary } from "../../../infra/results/summary.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import type { Log } from "../../../market/ports.js";

const folders: string[] = [];

export interface FinishedRun {
  readonly summary: Summary;
  readonly folder: string;
  readonly log: readonly string[];
}

export interface ThesisRun extends Partial<SimulateOptions> {
  readonly periods?: number;
  readonly seed?: number;
}

export async function runThesis({ periods = 6, seed, ...options }: ThesisRun = {}): Promise<FinishedRun> {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-run-"));
  folders.push(folder);
  const lines: string[] = [];
  const note = (message: string): void => {
    lines.push(message);
  };
  const log: Log = { info: note, warn: note };
  const summary = await simulate({
    scenario: loadScenario("scenarios/thesis-microgrid.yaml", { overrides: { periods, seed } }),
    outFolder: folder,
    botsPerThread: 50,
    brokerUrl: undefined,
    mqttPort: 0,
    host: "127.0.0.1",
    stateFolder: undefined,
    deadlineMs: 20_000,
    distFolder: resolve("dist"),
    log,
    onProgress: () => {},
    signal: new AbortController().signal,
    ...options,
  });
  return { summary, folder, log: lines };
}

export function removeRunFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
