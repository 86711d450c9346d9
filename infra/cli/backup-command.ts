/** `elecbay backup` and `elecbay restore`: a market's state folder in one file, and back. */
import type { Command } from "commander";
import { makeBackup } from "../backup/make-backup.js";
import type { Manifest } from "../backup/manifest.js";
import { restoreBackup } from "../backup/restore-backup.js";
import { table } from "./table.js";

export function addBackupCommand(program: Command): void {
  program
    .command("backup")
    .description("Write a market's journals and keys into one archive, also while it runs.")
    .argument("<folder>", "state folder of the market (elecbay up --state)")
    .argument("<file>", "archive to write, such as market.tar.gz")
    .option("--force", "take the place of a file that is there")
    .addHelpText(
      "after",
      `
All journals are copied as they are at one moment. The archive holds the market's secret: only its owner may read it.

Examples:
  $ elecbay backup .elecbay market.tar.gz
  $ elecbay backup /var/lib/elecbay /backups/market-$(date +%F).tar.gz --force`,
    )
    .action((stateFolder: string, file: string, { force }: { readonly force?: boolean }) => {
      const held = makeBackup({ stateFolder, file, force: force === true, nowMs: Date.now() });
      process.stdout.write(`${contents(held)}\nwrote ${file}\n`);
    });
}

export function addRestoreCommand(program: Command): void {
  program
    .command("restore")
    .description("Make a state folder from an archive of elecbay backup.")
    .argument("<file>", "archive that elecbay backup wrote")
    .argument("<folder>", "state folder to make: empty, or not there yet")
    .addHelpText(
      "after",
      `
The archive is checked first: its files, their hashes, each journal, and that the journals fit together.
What happened after the backup is not in it. Never run the restored market beside the one that it was taken from.

Examples:
  $ elecbay restore market.tar.gz .elecbay
  $ elecbay restore market.tar.gz restored && elecbay up --state restored`,
    )
    .action((file: string, folder: string) => {
      const held = restoreBackup(file, folder);
      process.stdout.write(
        `${contents(held)}\nrestored to ${folder} as it was at ${held.madeAt}; go on with: elecbay up SCENARIO --state ${folder}\n`,
      );
    });
}

function contents({ journals, files }: Manifest): string {
  const rows = journals.map(({ role, inputs, facts }) => [role, String(inputs), String(facts)]);
  const keys = files.map(({ name }) => name).filter((name) => !name.includes("/"));
  const also = keys.length === 0 ? "no keys" : keys.join(", ");
  return `${table([["journal", "inputs", "facts"], ...rows], [1, 2])}\nand ${also}`;
}
