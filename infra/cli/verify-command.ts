/** `elecbay verify`: a folder of results recomputed from its files; a statement file against a head that was kept. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { journalsIn } from "../journal/journal-folder.js";
import { Difference } from "../results/difference.js";
import { openResultFolder } from "../verify/result-folder.js";
import { verifyAgainstJournals, verifyJournals } from "../verify/verify-journals.js";
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
      "Recompute a run from its files and journals: settlement, ledger, energy, bills, statement heads, key figures.",
    )
    .argument(
      "<path>",
      "folder that elecbay simulate wrote, a --state folder of elecbay up, or a statement file that elecbay bill --json wrote",
    )
    .option("--json", "the findings as JSON")
    .addOption(new Option("--head <hash>", "of a statement file: the day's head that you kept"))
    .addOption(new Option("--key <file>", "of a statement file: the market's public key (PEM) that you kept"))
    .addHelpText(
      "after",
      `
Results that have their journals beside them must follow from those. A state folder is checked from its journals alone, also after a
crash and while its market runs. Exits 0 where everything agrees, 1 at the first difference, 2 where the path is neither.

Examples:
  $ elecbay verify results/thesis
  $ elecbay verify results/thesis --json
  $ elecbay verify state
  $ elecbay bill results/thesis --participant h3 --format json --out h3.json
  $ elecbay verify h3.json --head 758de23dacaecaea735ee64d08473d107693774af73cd5be7ff9c4ff9698b56d`,
    )
    .action((path: string, flags: VerifyFlags) => runVerification(path, flags));
}

async function runVerification(path: string, flags: VerifyFlags): Promise<void> {
  try {
    tell(path, flags, await findingsOf(path, flags));
  } catch (error) {
    if (!(error instanceof Difference)) throw error;
    const { file, line, column, expected, found, meaning } = error;
    if (flags.json) print({ ok: false, path, difference: { file, line, column, expected, found, meaning } });
    else process.stdout.write(`${differenceText(error)}\n`);
    process.exitCode = 1;
  }
}

async function findingsOf(path: string, { head, key }: VerifyFlags): Promise<readonly Finding[]> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return verifyStatementFile(path, { head, keyFile: key });
  const hasJournals = journalsIn(path).length > 0;
  if (hasJournals && !existsSync(join(path, "terms.json")))
    return watched("inputs", (show) => verifyJournals(path, show));
  const folder = openResultFolder(path);
  const findings = await watched("periods", (show) => verifyResults(folder, show));
  if (!hasJournals) return findings;
  return [...findings, ...(await watched("inputs", (show) => verifyAgainstJournals(path, show)))];
}

async function watched<T>(parts: string, work: (show: (done: number, of: number) => void) => T): Promise<Awaited<T>> {
  const bar = periodBar(process.stderr, parts);
  try {
    return await work(bar.show);
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
