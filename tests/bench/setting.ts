/** What all measurements share: the scenario, the broker, where the built program lies. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Account } from "../../infra/mqtt/accounts.js";
import type { BrokerOptions } from "../../infra/mqtt/embedded-broker.js";
import { unratedLimits } from "../../infra/mqtt/limits.js";
import { loadScenario } from "../../infra/scenario/load-scenario.js";
import type { LoadedScenario } from "../../infra/scenario/loaded-scenario.js";
import type { Log } from "../../market/ports.js";

/** The folder this program was built into. */
export const distFolder = dirname(fileURLToPath(import.meta.url));

/** Warnings only: an absent bot would make every figure worthless. */
export const silentLog: Log = {
  info: () => {},
  warn: (message, values) => console.error(message, values),
};

/** The shipped swarm, read from the folder that `npm run` starts programs in: the project's. */
export function benchScenario(bots: number): LoadedScenario {
  return loadScenario(join("scenarios", "swarm.yaml"), { overrides: { bots } });
}

export function brokerOptions(scenario: LoadedScenario, accounts: readonly Account[]): BrokerOptions {
  return {
    ...{ market: scenario.terms.market, host: "127.0.0.1", port: 0, accounts, guestsWelcome: scenario.guests },
    limits: unratedLimits, // the market's door and its broker are measured, not what they refuse
    threadFile: join(distFolder, "broker-thread.js"),
    onGuest: () => {},
    onCrash: () => {},
    onRefused: (what, reason) => console.error(`refused ${what}: ${reason}`),
  };
}
