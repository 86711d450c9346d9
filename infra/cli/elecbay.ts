#!/usr/bin/env node
/** The command line: `elecbay up`, `elecbay simulate`, `elecbay clear`, and what containers need. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { InputError } from "../series/input-error.js";
import { programVersion } from "../version.js";
import { addBackupCommand, addRestoreCommand } from "./backup-command.js";
import { addBillCommand } from "./bill-command.js";
import { addBotsCommand } from "./bots-command.js";
import { addBrokerFilesCommand } from "./broker-files-command.js";
import { addCheckMechanismCommand } from "./check-mechanism-command.js";
import { addClearCommand } from "./clear-command.js";
import { addImportReadingsCommand } from "./import-readings-command.js";
import { addInspectCommand } from "./inspect-command.js";
import { addManagerCommand } from "./manager-command.js";
import { addReplayCommand } from "./replay-command.js";
import { addSimulateCommand } from "./simulate-command.js";
import { addUpCommand } from "./up-command.js";
import { addVerifyCommand } from "./verify-command.js";
import { addWatchCommand } from "./watch-command.js";

/** Where the build put this file and the threads that it starts. */
const distFolder = dirname(fileURLToPath(import.meta.url));
const folders = { distFolder, scenariosFolder: join(distFolder, "..", "scenarios") };

const program = new Command("elecbay")
  .description("A local energy market: neighbours trade electricity for half-hour periods, over MQTT.")
  .version(programVersion)
  .showHelpAfterError("(--help shows the options)")
  .exitOverride()
  .addHelpText(
    "after",
    `
Examples:
  $ elecbay up                                          the thesis microgrid, a half hour in 6 seconds
  $ elecbay simulate scenarios/thesis-microgrid.yaml --out results/thesis
  $ elecbay verify results/thesis                       everything recomputed from the files
  $ elecbay bill results/thesis --participant peer3     a statement that can be checked
  $ elecbay clear book.csv --retail 0.1457 --export 0.0503
  $ elecbay help simulate                               the options of a command`,
  );
addUpCommand(program, folders);
addWatchCommand(program);
addSimulateCommand(program, folders);
addClearCommand(program);
addCheckMechanismCommand(program);
addVerifyCommand(program);
addReplayCommand(program);
addBillCommand(program);
addImportReadingsCommand(program);
addBackupCommand(program);
addRestoreCommand(program);
addBotsCommand(program, folders);
addManagerCommand(program, folders);
addInspectCommand(program, folders);
addBrokerFilesCommand(program, folders);

// Whoever reads only the beginning, as `elecbay clear book.csv | head` does, wants no more of it: ended without a word, as by SIGPIPE.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(141);
});

try {
  await program.parseAsync();
} catch (error) {
  // Not left to the event loop: a start that failed half-way may have threads that would keep the program alive.
  process.exit(exitCodeOf(error));
}

/** 0 after help, 2 for input that has to be put right, 1 for all else. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InputError) {
    process.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}
