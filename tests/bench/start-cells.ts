/** The start-up measurements: threads with real bots, and threads that only connect. */
import { accountsOf } from "../../infra/main/accounts.js";
import { loadSecrets, type Secrets } from "../../infra/main/secrets.js";
import { startBroker } from "../../infra/mqtt/embedded-broker.js";
import type { LoadedScenario } from "../../infra/scenario/loaded-scenario.js";
import { startSwarm } from "../../infra/threads/swarm.js";
import { startBareSwarm } from "./bare/bare-swarm.js";
import type { Cell, StartFigures } from "./cell.js";
import { benchScenario, brokerOptions, distFolder, silentLog } from "./setting.js";

export function marketStart(cell: Cell): Promise<StartFigures> {
  return timed(cell, ({ bots }, secrets, url) =>
    startSwarm({ ...{ url, bots, distFolder, botsPerThread: 1, log: silentLog, passwordOf: secrets.passwordOf } }),
  );
}

export function bareStart(cell: Cell): Promise<StartFigures> {
  return timed(cell, (scenario, secrets, url) =>
    startBareSwarm({ url, scenario, secrets, distFolder, transcript: undefined }),
  );
}

type Start = (scenario: LoadedScenario, secrets: Secrets, url: string) => Promise<{ stop(): Promise<unknown> }>;

async function timed({ bots }: Cell, start: Start): Promise<StartFigures> {
  const scenario = benchScenario(bots);
  const secrets = loadSecrets(undefined);
  const broker = await startBroker(brokerOptions(scenario, accountsOf(scenario.terms, secrets)));
  const rssBefore = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const swarm = await start(scenario, secrets, broker.url);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const mibPerThread = (process.memoryUsage.rss() - rssBefore) / 2 ** 20 / bots;
  await swarm.stop();
  await broker.stop();
  return { seconds, cpuSeconds: (user + system) / 1e6, mibPerThread };
}
