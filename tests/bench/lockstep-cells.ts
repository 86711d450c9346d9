/** The lockstep measurements: the market itself, the same messages without a market, and the recording of these. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockstepFilters } from "../../infra/lockstep/lockstep-run.js";
import { accountsOf } from "../../infra/main/accounts.js";
import { loadSecrets } from "../../infra/main/secrets.js";
import { type SimulateOptions, simulate } from "../../infra/main/simulate.js";
import { startBroker } from "../../infra/mqtt/embedded-broker.js";
import type { LoadedScenario } from "../../infra/scenario/loaded-scenario.js";
import { startBareMarket } from "./bare/bare-market.js";
import { startBareSwarm } from "./bare/bare-swarm.js";
import type { Transcript } from "./bare/transcript.js";
import { type Cell, type LockstepFigures, type RecordFigures, tickWatch } from "./cell.js";
import { startRecorder } from "./record.js";
import { benchScenario, brokerOptions, distFolder, silentLog } from "./setting.js";

export async function marketLockstep(cell: Cell): Promise<LockstepFigures> {
  const watch = await simulated(cell, benchScenario(cell.bots), {});
  return watch.figures();
}

/** The market without an inspection, with one that is off, or with one that records all its actors. */
export async function inspectedLockstep(cell: Cell): Promise<LockstepFigures> {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-bench-"));
  const actors = cell.kind === "inspect-on" ? ["*"] : [];
  const inspect = cell.kind === "inspect-none" ? {} : { inspect: { path: join(folder, "log"), actors } };
  const watch = await simulated(cell, benchScenario(cell.bots), inspect);
  rmSync(folder, { recursive: true });
  return watch.figures();
}

/** The market over a broker with a recorder before it. */
export async function recordedLockstep(cell: Cell): Promise<RecordFigures> {
  const scenario = benchScenario(cell.bots);
  const stateFolder = mkdtempSync(join(tmpdir(), "elecbay-bench-"));
  const accounts = accountsOf(scenario.terms, loadSecrets(stateFolder));
  const broker = await startBroker(brokerOptions(scenario, accounts));
  const recorder = await startRecorder(scenario.terms.market, broker.port);
  // Some ticks more than are replayed: when a run is stopped its last tick is not answered any more.
  await simulated({ ...cell, ticks: cell.ticks + 3 }, scenario, { brokerUrl: recorder.url, stateFolder });
  recorder.stop();
  await broker.stop();
  rmSync(stateFolder, { recursive: true });
  const transcript = recorder.transcript();
  writeFileSync(cell.transcriptFile, JSON.stringify(transcript));
  const all = [transcript.market, ...Object.values(transcript.bots)];
  const sent = all.flatMap((ticks) => ticks.slice(cell.warmUpTicks, cell.warmUpTicks + cell.ticks).flat());
  const bytes = sent.reduce((sum, { topic, bytes: length }) => sum + topic.length + length, 0);
  return { messagesPerTick: sent.length / cell.ticks, kbPerTick: bytes / 1000 / cell.ticks };
}

export async function bareLockstep(cell: Cell): Promise<LockstepFigures> {
  const scenario = benchScenario(cell.bots);
  const { market } = scenario.terms;
  const transcript = JSON.parse(readFileSync(cell.transcriptFile, "utf8")) as Transcript;
  const secrets = loadSecrets(undefined);
  const broker = await startBroker(brokerOptions(scenario, accountsOf(scenario.terms, secrets)));
  const watch = tickWatch(cell, () => {});
  const bareMarket = await startBareMarket({
    ...{ url: broker.url, password: secrets.passwordOf("market"), filters: lockstepFilters(market), transcript },
    ...{ lastTick: cell.warmUpTicks + cell.ticks, onTick: watch.onTick },
  });
  const swarm = await startBareSwarm({ url: broker.url, scenario, secrets, distFolder, transcript });
  await bareMarket.run();
  await swarm.stop();
  await broker.stop();
  return watch.figures();
}

async function simulated(
  cell: Cell,
  scenario: LoadedScenario,
  {
    brokerUrl,
    stateFolder,
    inspect,
  }: { brokerUrl?: string; stateFolder?: string; inspect?: SimulateOptions["inspect"] },
) {
  const outFolder = mkdtempSync(join(tmpdir(), "elecbay-bench-"));
  const ending = new AbortController();
  const watch = tickWatch(cell, () => ending.abort());
  await simulate({
    ...{ scenario, outFolder, botsPerThread: 1, brokerUrl, stateFolder, distFolder, log: silentLog },
    ...{ mqttPort: 0, host: "127.0.0.1", deadlineMs: 60_000, signal: ending.signal },
    inspect,
    onProgress: ({ seq }) => watch.onTick(seq),
  });
  rmSync(outFolder, { recursive: true });
  return watch;
}
