/** `elecbay manager`: one period manager as a process of its own, for a market that runs elsewhere. */
import { join } from "node:path";
import { Argument, type Command, Option } from "commander";
import { startManager } from "../main/manager-process.js";
import { type ManagerRole, managerRoles } from "../main/market-processes.js";
import { createLog, type LogFormat } from "../observe/logger.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { onInterrupt } from "./interrupt.js";
import {
  botsOption,
  brokerOption,
  dataOption,
  type Folders,
  logOption,
  scenarioOptions,
  seedOption,
  setOption,
} from "./options.js";

interface ManagerFlags {
  readonly broker: string;
  readonly state: string;
  readonly data?: string;
  readonly set?: string;
  readonly seed?: number;
  readonly bots?: number;
  readonly log: LogFormat;
}

export function addManagerCommand(program: Command, folders: Folders): void {
  program
    .command("manager")
    .description(
      "Run one period manager as a process of its own, for a market started with --without it. Ctrl-C ends it.",
    )
    .addArgument(new Argument("<role>", "which manager").choices(managerRoles))
    .argument("[scenario]", "the market's scenario file", join(folders.scenariosFolder, "thesis-microgrid.yaml"))
    .addOption(brokerOption("the market's MQTT broker (mqtt://host:port)").makeOptionMandatory())
    .addOption(
      new Option("--state <folder>", "the market's state folder: its secret, and this manager's journal")
        .env("ELECBAY_STATE")
        .default(".elecbay"),
    )
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(botsOption())
    .addOption(logOption())
    .addHelpText(
      "after",
      `
Examples:
  $ elecbay up --without settlement --mqtt-port 11883
  $ elecbay manager settlement --broker mqtt://localhost:11883

It may be killed, upgraded and started again at any time: the others go on, and hand over what it has missed.`,
    )
    .action((role: ManagerRole, path: string, flags: ManagerFlags) => runManager(role, path, flags));
}

async function runManager(role: ManagerRole, path: string, flags: ManagerFlags): Promise<void> {
  const scenario = await loadScenario(path, scenarioOptions(flags));
  const log = createLog(flags.log, "info", "stdout");
  const interrupted = new Promise<void>((resolve) => onInterrupt(resolve)); // while it starts, too
  const starting = startManager({ role, scenario, brokerUrl: flags.broker, stateFolder: flags.state, log });
  log.info(`${role} waits for the clock of ${scenario.name} at ${flags.broker}`);
  const running = await Promise.race([starting, interrupted]);
  if (running === undefined) return process.exit(0); // it never began
  log.info(`${role} of ${scenario.name} runs`);
  try {
    await Promise.race([interrupted, running.failed]);
  } finally {
    await running.stop();
  }
  log.info("stopped");
}
