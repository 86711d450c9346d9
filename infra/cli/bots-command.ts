/** `elecbay bots`: only the bots of a scenario, for a market that runs elsewhere. */
import { join } from "node:path";
import type { Command } from "commander";
import { openInspectionSide, tellUnreachable } from "../main/inspection-side.js";
import { loadSecrets } from "../main/secrets.js";
import { realWorld } from "../main/world.js";
import { createLog } from "../observe/logger.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { startSwarm } from "../threads/swarm.js";
import { interruption } from "./interrupt.js";
import {
  addElsewhereOptions,
  botsPerThreadOption,
  type ElsewhereFlags,
  type Folders,
  logOption,
  scenarioOptions,
} from "./options.js";

interface BotsFlags extends ElsewhereFlags {
  readonly botsPerThread: number;
}

export function addBotsCommand(program: Command, folders: Folders): void {
  const command = program
    .command("bots")
    .description("Run only the bots of a scenario, for a market that runs elsewhere. Ctrl-C ends them.")
    .argument("[scenario]", "scenario file", join(folders.scenariosFolder, "swarm.yaml"));
  addElsewhereOptions(command, "the bots' passwords come from it")
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
  const secrets = loadSecrets(flags.state);
  const { passwordOf } = secrets;
  const interrupted = interruption(); // while they start, too
  const inspecting = await openInspectionSide({
    ...{ terms: scenario.terms, url: flags.broker, program: "bots", isHost: false, secrets, distFolder, log },
    // Bots live by the clock that they hear: their messages have its time.
    ...{ marketNow: () => scenario.terms.calendar.startMs, world: realWorld, actors: undefined },
    allowsSending: flags.inspectSend === true,
  });
  const swarm = await startSwarm({
    ...{ url: flags.broker, bots: scenario.bots, passwordOf, botsPerThread: flags.botsPerThread, distFolder, log },
    ...{ tellsState: true, inspection: inspecting.inspection },
  });
  tellUnreachable(inspecting, log);
  log.info(`${scenario.bots.length} bots of ${scenario.name} are connected to ${flags.broker}`);
  await interrupted;
  await swarm.stop();
  await inspecting.stop();
  log.info("stopped");
}
