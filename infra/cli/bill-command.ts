/** `elecbay bill`: what a participant has to pay for each month, and how it came about. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { statementCsv, statementJson } from "../bills/data-pages.js";
import { htmlPage, indexPage } from "../bills/html-page.js";
import { type MonthStatement, monthStatements, newestStatement } from "../bills/month-statement.js";
import { type OwnBills, readBills } from "../bills/read-bills.js";
import { isStateFolder, openStateFolder, readStateBills } from "../bills/state-bills.js";
import { textPage } from "../bills/text-page.js";
import { makeFolder } from "../make-folder.js";
import type { ResultTerms } from "../results/terms-file.js";
import { InputError } from "../series/input-error.js";
import { hasResults, openResultFolder } from "../verify/result-folder.js";
import { periodBar } from "./progress.js";

const formats = ["text", "json", "csv", "html"] as const;
type Format = (typeof formats)[number];
const suffix = { text: "txt", json: "json", csv: "csv", html: "html" } as const;

interface BillFlags {
  readonly participant?: string;
  readonly month?: string;
  readonly all?: boolean;
  readonly format: Format;
  readonly json?: boolean;
  readonly periods?: boolean;
  readonly out?: string;
}

/** Where bills are read from: a run's results, or the journals of a market, which may be running. */
interface BillSource {
  readonly path: string;
  readonly terms: ResultTerms;
  /** @param wanted a participant; undefined: all */
  read(wanted: string | undefined): ReadonlyMap<string, OwnBills>;
}

export function addBillCommand(program: Command): void {
  program
    .command("bill")
    .description("Tell what a participant of a run pays or receives each month, line by line.")
    .argument("<folder>", "results of elecbay simulate, or a --state folder of elecbay up, also of one that runs")
    .option("--participant <id>", "whose statement")
    .option("--month <month>", "one month, such as 2016-08, by the scenario's timezone; all months without it")
    .option("--all", "the pages of all participants and months, and an index, into a folder (--out)")
    .addOption(
      new Option("--format <format>", "of the statement; html holds one month, the newest if none is named")
        .choices(formats)
        .default("text"),
    )
    .option("--json", "the same as --format json: a statement file that elecbay verify checks against a head")
    .option("--periods", "each period too, from order to total (text and html)")
    .option("--out <path>", "file to write, or with --all the folder; without it the terminal")
    .addHelpText(
      "after",
      `
Energy is positive when fed in, money when received. Totals are rounded to what the currency can pay; the rest is carried on.

Examples:
  $ elecbay bill results/thesis --participant peer3
  $ elecbay bill results/thesis --participant peer3 --month 2016-08 --periods
  $ elecbay bill results/thesis --participant peer3 --format html --out peer3.html
  $ elecbay bill results/thesis --participant peer3 --json --out peer3.json
  $ elecbay bill results/thesis --all --out bills
  $ elecbay bill .elecbay --all --month 2016-08 --out bills`,
    )
    .action((path: string, flags: BillFlags) => runBill(path, flags));
}

function sourceIn(path: string): BillSource {
  if (!hasResults(path) && isStateFolder(path)) {
    const folder = openStateFolder(path);
    return { ...folder, read: (wanted) => readStateBills(folder, wanted) };
  }
  const folder = openResultFolder(path);
  return {
    ...folder,
    read(wanted) {
      const bar = periodBar(process.stderr, "periods read");
      try {
        return readBills(folder, wanted, bar.show);
      } finally {
        bar.done();
      }
    },
  };
}

function runBill(path: string, flags: BillFlags): void {
  const folder = sourceIn(path);
  const { participant, all, out } = flags;
  if (all === true) {
    if (out === undefined)
      throw new InputError({ file: path }, "--all writes many pages; name a folder for them with --out");
    writeAll(folder, out, flags);
    return;
  }
  if (participant === undefined) {
    const problem = `name a participant with --participant, or take --all; there are: ${idsOf(folder.read(undefined))}`;
    throw new InputError({ file: path }, problem);
  }
  const own = folder.read(participant).get(participant);
  if (own === undefined) {
    const problem = `nobody called ${participant} was billed; there are: ${idsOf(folder.read(undefined))}`;
    throw new InputError({ file: path }, problem);
  }
  const page = pageOf(folder, own, wantedMonths(path, monthStatements(own, folder.terms), flags.month), flags);
  if (out === undefined) process.stdout.write(page);
  else writePage(out, page);
}

const idsOf = (bills: ReadonlyMap<string, OwnBills>): string =>
  bills.size === 0 ? "nobody, no period was billed" : [...bills.keys()].join(", ");

function wantedMonths(path: string, statements: readonly MonthStatement[], month: string | undefined) {
  if (month === undefined) return statements;
  const wanted = statements.filter((statement) => statement.month === month);
  if (wanted.length > 0) return wanted;
  const there = statements.map((statement) => statement.month).join(", ");
  throw new InputError({ file: path }, `nothing was billed for ${month}; there are: ${there}`);
}

function pageOf(
  { terms }: BillSource,
  own: OwnBills,
  statements: readonly MonthStatement[],
  { format, json, periods = false }: BillFlags,
): string {
  switch (json === true ? "json" : format) {
    case "json":
      return statementJson(own, statements, terms);
    case "csv":
      return statementCsv(statements);
    case "html":
      return htmlPage(lastOf(statements), periods);
    case "text":
      return statements.map((statement) => textPage(statement, periods)).join("\n");
  }
}

/** A page holds one month: the only one asked for, or the newest that was billed. */
function lastOf(statements: readonly MonthStatement[]): MonthStatement {
  const last = newestStatement(statements);
  if (last === undefined) throw new RangeError("whoever is billed has a month");
  return last;
}

function writeAll(folder: BillSource, out: string, flags: BillFlags): void {
  makeFolder(out);
  const format = flags.json === true ? "json" : flags.format;
  const pageFormat = format === "text" ? "html" : format;
  const entries: { file: string; statement: MonthStatement }[] = [];
  for (const own of folder.read(undefined).values()) {
    for (const statement of monthStatements(own, folder.terms)) {
      if (flags.month !== undefined && statement.month !== flags.month) continue;
      const file = `${own.participant}-${statement.month}.${suffix[pageFormat]}`;
      writePage(join(out, file), pageOf(folder, own, [statement], { ...flags, format: pageFormat }));
      entries.push({ file, statement });
    }
  }
  if (entries.length === 0)
    throw new InputError({ file: folder.path }, `nothing was billed for ${flags.month ?? "any month"}`);
  entries.sort((one, other) => (one.file < other.file ? -1 : 1));
  writePage(join(out, "index.html"), indexPage(folder.terms.scenario, entries));
  process.stdout.write(`${entries.length} statements and index.html in ${out}\n`);
}

function writePage(path: string, page: string): void {
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new InputError(
      { file: path },
      `cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
