/** `elecbay bots`: only the bots of a scenario, for a market that runs elsewhere. */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { loadSecrets } from "../main/secrets.js";
import { createLog, type LogFormat } from "../observe/logger.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { startSwarm } from "../threads/swarm.js";
import { onInterrupt } from "./interrupt.js";
import {
  botsOption,
  botsPerThreadOption,
  brokerOption,
  dataOption,
  type Folders,
  logOption,
  scenarioOptions,
  seedOption,
  setOption,
} from "./options.js";

interface BotsFlags {
  readonly broker: string;
  readonly state: string;
  readonly data?: string;
  readonly set?: string;
  readonly seed?: number;
  readonly bots?: number;
  readonly botsPerThread: number;
  readonly log: LogFormat;
}

export function addBotsCommand(program: Command, folders: Folders): void {
  program
    .command("bots")
    .description("Run only the bots of a scenario, for a market that runs elsewhere. Ctrl-C ends them.")
    .argument("[scenario]", "scenario file", join(folders.scenariosFolder, "swarm.yaml"))
    .addOption(brokerOption("the market's MQTT broker (mqtt://host:port)").makeOptionMandatory())
    .addOption(
      new Option("--state <folder>", "the market's state folder: the bots' passwords come from it")
        .env("ELECBAY_STATE")
        .default(".elecbay"),
    )
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(botsOption())
    .addOption(botsPerThreadOption())
    .addOption(logOption())
    .addHelpText(
      "after",
      `
Examples:
  $ elecbay bots scenarios/swarm.yaml --bots 20 --broker mqtt://localhost:1883 --state .elecbay`,
    )
    .action((path: string, flags: BotsFlags) => runBots(path, flags, folders));
}

async function runBots(path: string, flags: BotsFlags, { distFolder }: Folders): Promise<void> {
  const scenario = await loadScenario(path, scenarioOptions(flags));
  const log = createLog(flags.log, "info", "stdout");
  const { passwordOf } = loadSecrets(flags.state);
  const interrupted = new Promise<void>((resolve) => onInterrupt(resolve)); // while they start, too
  const swarm = await startSwarm({
    ...{ url: flags.broker, bots: scenario.bots, passwordOf, botsPerThread: flags.botsPerThread, distFolder, log },
  });
  log.info(`${scenario.bots.length} bots of ${scenario.name} are connected to ${flags.broker}`);
  await interrupted;
  await swarm.stop();
  log.info("stopped");
}
