/** A market of ten homes with everything behind it that the built program has, whose broker fails when a test says so. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningMarket, startMarket, type UpOptions } from "../../infra/main/up.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import { breakableBroker } from "../infra/mqtt/breakable-broker.js";

export interface MarketStage {
  readonly market: RunningMarket;
  /** The broker's thread throws, and is started again by the market. */
  breakBroker(): void;
  stop(): Promise<void>;
}

/** @param speed market seconds in one of the wall's @param inspect as `up --inspect` and `--inspect-send` have it */
export async function startStage(speed: number, inspect?: UpOptions["inspect"]): Promise<MarketStage> {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-browser-"));
  const { distFolder, break: breakBroker } = breakableBroker();
  const market = await startMarket({
    ...{ scenario: loadScenario("scenarios/thesis-microgrid.yaml"), mode: "scaled", speed, distFolder },
    ...{ brokerUrl: undefined, host: "127.0.0.1", mqttPort: 0, restPort: 0, stateFolder: join(folder, "state") },
    ...{ fresh: false, without: new Set(), withBots: true, botsPerThread: 10, inspect },
    log: { info: () => {}, warn: () => {} },
  });
  return {
    ...{ market, breakBroker },
    async stop() {
      await market.stop();
      for (const made of [folder, distFolder]) rmSync(made, { recursive: true, force: true });
    },
  };
}
