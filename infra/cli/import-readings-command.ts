/** `elecbay import-readings`: a file of meter readings to a running market, in parts, with progress; or what it would change. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Imported, importFile } from "../readings/import-file.js";
import { rowEffects } from "../readings/row-effects.js";
import { InputError } from "../series/input-error.js";
import { stateOption } from "./options.js";
import { periodBar } from "./progress.js";

interface ImportFlags {
  readonly url: string;
  readonly key?: string;
  readonly state: string;
  readonly preview?: boolean;
  readonly json?: boolean;
}

/** Refused rows are told one by one, so many at most. */
const mostTold = 20;

export function addImportReadingsCommand(program: Command): void {
  program
    .command("import-readings")
    .description("Bring a file of meter readings to a running market, as its operator.")
    .argument("<file>", "CSV: participant,period,importKwh,exportKwh[,generationKwh,quality]; - reads standard input")
    .addOption(
      new Option("--url <url>", "where the market's REST API is")
        .env("ELECBAY_URL")
        .default("http://127.0.0.1:5001")
        .argParser(restUrl),
    )
    .addOption(
      new Option("--key <key>", "the operator's key, instead of that in the state folder").env("ELECBAY_OPERATOR_KEY"),
    )
    .addOption(stateOption("the market's state folder, for the operator's key"))
    .option("--preview", "tell what would change, and change nothing")
    .option("--json", "every row as the market tells it, for programs")
    .addHelpText(
      "after",
      `
The operator's readings outrank all others, up to the correction limit. A file of any length is sent in parts; the same
file again changes nothing, so send it again whenever you are not sure. Ends with 1 where a row was refused: the others
are done.

Examples:
  $ elecbay import-readings readings.csv --state market --preview
  $ elecbay import-readings readings.csv --state market
  $ elecbay import-readings readings.csv --url https://market.example:5001 --key "$(cat operator.key)"
  $ zcat january.csv.gz | elecbay import-readings - --json > done.json`,
    )
    .action(runImport);
}

async function runImport(file: string, flags: ImportFlags): Promise<void> {
  const { url, preview = false } = flags;
  const text = textOf(file);
  const key = flags.key ?? keyIn(flags.state);
  const bar = periodBar(process.stderr, preview ? "readings looked at" : "readings brought");
  try {
    const imported = await importFile({ name: file, text, url, key, preview, fetch, onProgress: bar.show });
    bar.done();
    process.stdout.write(flags.json === true ? `${JSON.stringify(imported)}\n` : told(imported));
    if (imported.counts.refused > 0) process.exitCode = 1;
  } finally {
    bar.done();
  }
}

function told({ preview, counts, items }: Imported): string {
  const refused = items.filter(({ effect }) => effect === "refused");
  const lines = refused.slice(0, mostTold).map(({ line, participant, period, reason }) => {
    return `line ${line}, ${participant} ${period}: ${reason ?? "refused"}`;
  });
  if (refused.length > mostTold) lines.push(`and ${refused.length - mostTold} more refused (--json tells all)`);
  const sums = rowEffects.filter((effect) => counts[effect] > 0).map((effect) => `${counts[effect]} ${effect}`);
  const what = sums.length === 0 ? "no rows" : sums.join(", ");
  return `${[...lines, preview ? `would be: ${what}` : what].join("\n")}\n`;
}

function textOf(file: string): string {
  try {
    return readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new InputError({ file }, `cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function keyIn(state: string): string {
  const file = join(state, "operator.key");
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    throw new InputError(
      { file },
      "is not there: name the market's folder with --state, or the operator's key with --key",
    );
  }
}

function restUrl(text: string): string {
  if (!URL.canParse(text) || !["http:", "https:"].includes(new URL(text).protocol))
    throw new InvalidArgumentError("it must be like http://127.0.0.1:5001, or https://market.example:5001.");
  return text;
}
