/** `elecbay manager`: one period manager as a process of its own, for a market that runs elsewhere. */
import { join } from "node:path";
import { Argument, type Command } from "commander";
import { type ManagerRole, managerRoles } from "../journal/hosted-actor.js";
import { startManager } from "../main/manager-process.js";
import { createLog } from "../observe/logger.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { interruption } from "./interrupt.js";
import { addElsewhereOptions, type ElsewhereFlags, type Folders, logOption, scenarioOptions } from "./options.js";

export function addManagerCommand(program: Command, folders: Folders): void {
  const command = program
    .command("manager")
    .description(
      "Run one period manager as a process of its own, for a market started with --without it. Ctrl-C ends it.",
    )
    .addArgument(new Argument("<role>", "which manager").choices(managerRoles))
    .argument("[scenario]", "the market's scenario file", join(folders.scenariosFolder, "thesis-microgrid.yaml"));
  addElsewhereOptions(command, "its secret, and this manager's journal")
    .addOption(logOption())
    .addHelpText(
      "after",
      `
Examples:
  $ elecbay up --without settlement --mqtt-port 11883
  $ elecbay manager settlement --broker mqtt://localhost:11883

It may be killed, upgraded and started again at any time: the others go on, and hand over what it has missed.`,
    )
    .action((role: ManagerRole, path: string, flags: ElsewhereFlags) => runManager(role, path, flags, folders));
}

async function runManager(
  role: ManagerRole,
  path: string,
  flags: ElsewhereFlags,
  { distFolder }: Folders,
): Promise<void> {
  const scenario = await loadScenario(path, scenarioOptions(flags));
  const log = createLog(flags.log, "info", "stdout");
  const interrupted = interruption(); // while it starts, too
  const allowsSending = flags.inspectSend === true;
  const starting = startManager({
    ...{ role, scenario, brokerUrl: flags.broker, stateFolder: flags.state, distFolder, allowsSending, log },
  });
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
