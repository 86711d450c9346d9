/** `elecbay clear`: one book of orders under one mechanism or all of them, side by side. */
import { writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { SupplierTariffs } from "../../market/rules/clearing-figures.js";
import { type Mechanism, mechanismNames } from "../../market/rules/mechanisms/mechanism.js";
import { onGrid } from "../../shared/decimal.js";
import { microPerKwh, wh } from "../../shared/units.js";
import { type ClearedBook, clearBook, termsFor } from "../mechanisms/clear-book.js";
import { loadMechanism } from "../mechanisms/load-mechanism.js";
import { meritOrderSvg } from "../results/merit-order-svg.js";
import { readBook } from "../series/book-file.js";
import { numberFromText } from "../series/number-text.js";
import { clearedJson, clearTable, tradesTable } from "./clear-table.js";

interface ClearFlags {
  readonly mechanism: readonly string[];
  readonly retail?: number;
  readonly export?: number;
  readonly k: number;
  readonly tie: "pro-rata" | "time";
  readonly minEnergy: number;
  readonly json?: boolean;
  readonly trades?: boolean;
  readonly plot?: string;
}

/** Orders up to which the linear program of `optimal` takes seconds. */
const mostForAll = 20_000;

const defaultNames: readonly string[] = ["all"];

export function addClearCommand(program: Command): void {
  const command = program
    .command("clear")
    .description("Clear one book of orders under one mechanism, several or all, and compare what they make of it.")
    .argument("<book>", "CSV file with the columns side,id,arrival,energyKwh,pricePerKwh and optional participant")
    .addOption(
      new Option("--mechanism <name>", `one or more of ${mechanismNames.join(", ")}, a file such as ./mine.ts, or all`)
        .default(defaultNames, "all")
        .argParser(namesIn),
    )
    .addOption(new Option("--retail <price>", "the supplier's price per kWh; pools need it").argParser(priceIn))
    .addOption(new Option("--export <price>", "what the supplier pays per kWh; pools need it").argParser(priceIn))
    .addOption(
      new Option("--k <share>", "where in the interval of clearing prices the price lies, 0 to 1")
        .default(0.5)
        .argParser(shareIn),
    )
    .addOption(
      new Option("--tie <rule>", "who trades among equals at the margin")
        .choices(["pro-rata", "time"])
        .default("pro-rata"),
    )
    .addOption(
      new Option("--min-energy <kWh>", "least energy of a part in the mechanism listing")
        .default(1, "0.001")
        .argParser(energyIn),
    )
    .option("--json", "the figures as JSON")
    .option("--trades", "list the trades too")
    .option("--plot <file>", "draw the merit order with the clearing points, as SVG")
    .addHelpText(
      "after",
      `
Prices are per kWh, money in the currency of the book. Columns of the book that have other names are ignored.

Examples:
  $ elecbay clear book.csv
  $ elecbay clear book.csv --mechanism uniform --k 0 --trades
  $ elecbay clear book.csv --mechanism all --retail 0.1457 --export 0.0503 --json
  $ elecbay clear book.csv --mechanism pay-as-bid,vcg --plot book.svg
  $ elecbay clear book.csv --mechanism ./mine.ts`,
    );
  command.action((path: string, flags: ClearFlags) => runClear(path, flags, command));
}

async function runClear(path: string, flags: ClearFlags, command: Command): Promise<void> {
  const tariffs = tariffsOf(flags, command);
  const { orders, ignored } = readBook(path);
  const notes = ignored.length === 0 ? [] : [`ignored columns: ${ignored.join(", ")}`];
  const terms = termsFor(orders, { k: flags.k, tie: flags.tie, minEnergyWh: wh(flags.minEnergy) });
  const cleared: ClearedBook[] = [];
  const pools: string[] = [];
  for (const name of wanted(flags.mechanism, orders.length, notes)) {
    const mechanism = await loadMechanism(name, process.cwd());
    if (mechanism.kind === "pool" && tariffs === undefined) pools.push(name);
    else cleared.push(clearOne(mechanism, () => clearBook(mechanism, orders, terms, tariffs)));
  }
  if (pools.length > 0) {
    const problem = `${pools.join(", ")}: a pool needs the tariffs; give --retail and --export`;
    if (cleared.length === 0) command.error(`error: ${problem}`);
    notes.push(`left out ${problem}`);
  }
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  if (flags.plot !== undefined) writePicture(flags.plot, meritOrderSvg(orders, cleared));
  process.stdout.write(`${textOf(cleared, flags)}\n`);
}

/** The names asked for; `all` is ours in their order, but the one that would keep everybody waiting, and then the others given. */
function wanted(given: readonly string[], orders: number, notes: string[]): readonly string[] {
  if (!given.includes("all")) return given;
  const names = [...mechanismNames, ...given.filter((name) => !isOurs(name))];
  if (orders <= mostForAll || given.includes("optimal")) return names;
  notes.push(`left out optimal: the linear program of ${orders} orders takes minutes; ask for it with all,optimal`);
  return names.filter((name) => name !== "optimal");
}

function writePicture(path: string, picture: string): void {
  try {
    writeFileSync(path, picture);
  } catch (error) {
    throw new Error(`the picture cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What a mechanism throws says which it was. */
function clearOne(mechanism: Mechanism, clear: () => ClearedBook): ClearedBook {
  try {
    return clear();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(problem.includes(mechanism.name) ? problem : `${mechanism.name}: ${problem}`);
  }
}

function textOf(cleared: readonly ClearedBook[], flags: ClearFlags): string {
  if (flags.json === true) {
    return JSON.stringify(
      cleared.map((each) => clearedJson(each, flags.trades === true)),
      undefined,
      2,
    );
  }
  const lists = flags.trades === true ? cleared.map(tradesTable) : [];
  return [clearTable(cleared), ...lists].join("\n\n");
}

function tariffsOf({ retail, export: exportPrice }: ClearFlags, command: Command): SupplierTariffs | undefined {
  if (retail === undefined && exportPrice === undefined) return undefined;
  if (retail === undefined || exportPrice === undefined) {
    return command.error(`error: give --retail and --export both, or neither`);
  }
  if (exportPrice > retail) return command.error("error: --export must not be above --retail");
  return { retailMicroPerKwh: microPerKwh(retail), exportMicroPerKwh: microPerKwh(exportPrice) };
}

const isOurs = (name: string): boolean => name === "all" || mechanismNames.some((ours) => ours === name);

/** `--mechanism a,b --mechanism c`, each once. */
function namesIn(text: string, before: readonly string[]): readonly string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new InvalidArgumentError("it must name a mechanism.");
  // The default is replaced by the first name given.
  const given = before === defaultNames ? [] : before;
  return [...new Set([...given, ...names])];
}

function priceIn(text: string): number {
  const price = onGrid(numberFromText(text) ?? Number.NaN, 6);
  if (price === undefined)
    throw new InvalidArgumentError("it must be a price such as 0.1457, with at most 6 decimals.");
  return price;
}

function energyIn(text: string): number {
  const energy = onGrid(numberFromText(text) ?? Number.NaN, 3);
  if (energy === undefined || energy <= 0) {
    throw new InvalidArgumentError("it must be an energy above 0 such as 0.5, with at most 3 decimals.");
  }
  return energy;
}

function shareIn(text: string): number {
  const share = numberFromText(text) ?? Number.NaN;
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError("it must be a number from 0 to 1.");
  return share;
}
