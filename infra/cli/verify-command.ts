/** `elecbay verify`: a folder of results recomputed from its files; a statement file against a head that was kept. */
import { statSync } from "node:fs";
import { type Command, Option } from "commander";
import { Difference } from "../results/difference.js";
import { openResultFolder } from "../verify/result-folder.js";
import { type Finding, verifyResults } from "../verify/verify-results.js";
import { verifyStatementFile } from "../verify/verify-statement-file.js";
import { periodBar } from "./progress.js";
import { table } from "./table.js";

interface VerifyFlags {
  readonly json?: boolean;
  readonly head?: string;
  readonly key?: string;
}

export function addVerifyCommand(program: Command): void {
  program
    .command("verify")
    .description(
      "Recompute a run's results from its files: settlement, ledger, energy, bills, statement heads, key figures.",
    )
    .argument("<path>", "folder that elecbay simulate wrote, or a statement file that elecbay bill --json wrote")
    .option("--json", "the findings as JSON")
    .addOption(new Option("--head <hash>", "of a statement file: the day's head that you kept"))
    .addOption(new Option("--key <file>", "of a statement file: the market's public key (PEM) that you kept"))
    .addHelpText(
      "after",
      `
Exits 0 where everything agrees, 1 at the first difference, 2 where the path is no results.

Examples:
  $ elecbay verify results/thesis
  $ elecbay verify results/thesis --json
  $ elecbay bill results/thesis --participant h3 --format json --out h3.json
  $ elecbay verify h3.json --head 758de23dacaecaea735ee64d08473d107693774af73cd5be7ff9c4ff9698b56d`,
    )
    .action((path: string, flags: VerifyFlags) => runVerification(path, flags));
}

function runVerification(path: string, flags: VerifyFlags): void {
  try {
    tell(path, flags, findingsOf(path, flags));
  } catch (error) {
    if (!(error instanceof Difference)) throw error;
    const { file, line, column, expected, found, meaning } = error;
    if (flags.json) print({ ok: false, path, difference: { file, line, column, expected, found, meaning } });
    else process.stdout.write(`${differenceText(error)}\n`);
    process.exitCode = 1;
  }
}

function findingsOf(path: string, { head, key }: VerifyFlags): readonly Finding[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return verifyStatementFile(path, { head, keyFile: key });
  const folder = openResultFolder(path);
  const bar = periodBar(process.stderr, "periods");
  try {
    return verifyResults(folder, bar.show);
  } finally {
    bar.done();
  }
}

function tell(path: string, { json }: VerifyFlags, findings: readonly Finding[]): void {
  if (json) {
    print({ ok: true, path, checks: findings });
    return;
  }
  const rows = findings.map(({ what, count }) => [String(count), what]);
  process.stdout.write(`${table(rows, [0])}\nOK\n`);
}

function differenceText({ file, line, column, expected, found, meaning }: Difference): string {
  const place = [file, line === undefined ? "" : `line ${line}`, column ?? ""].filter((part) => part !== "").join(", ");
  return `DIFFERENCE in ${place}\n${table([
    ["expected", expected],
    ["found", found],
    ["meaning", meaning],
  ])}`;
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
