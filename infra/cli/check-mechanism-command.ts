/** `elecbay check-mechanism`: the table of properties for one mechanism, ours or one's own, with the smallest book that breaks each. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { makeFolder } from "../make-folder.js";
import { loadMechanism } from "../mechanisms/load-mechanism.js";
import { checkProperty, type PropertyResult, properties } from "../mechanisms/properties/check-properties.js";
import { type Property, type PropertyName, propertyNames } from "../mechanisms/properties/property.js";
import { bookText } from "../series/book-file.js";
import { wholeNumber } from "./options.js";

interface CheckFlags {
  readonly runs: number;
  readonly seed: number;
  readonly save?: string;
  readonly require?: readonly PropertyName[];
}

export function addCheckMechanismCommand(program: Command): void {
  program
    .command("check-mechanism")
    .description(
      "Try a mechanism on many small books and say which properties it has, with a counterexample where not.",
    )
    .argument("<mechanism>", "name of a mechanism, or a file of your own such as ./mine.ts")
    .addOption(new Option("--runs <number>", "books to try per property").default(1000).argParser(wholeNumber(1, 1e6)))
    .addOption(
      new Option("--seed <number>", "the same seed tries the same books")
        .default(1)
        .argParser(wholeNumber(0, 2 ** 31 - 1)),
    )
    .option("--save <folder>", "write each counterexample as a book, <property>.csv")
    .addOption(
      new Option("--require <properties>", `exit with 1 unless it has these: ${propertyNames.join(",")}`).argParser(
        required,
      ),
    )
    .addHelpText(
      "after",
      `
A counterexample is the smallest book found: "no" is certain, "yes" says that no book of so many broke it.
A pool is tried with retail 0.1457 and export 0.0503 per kWh.

Examples:
  $ elecbay check-mechanism uniform
  $ elecbay check-mechanism ./mine.ts --runs 5000 --save counterexamples
  $ elecbay check-mechanism ./mine.ts --require energy,balanced,limits`,
    )
    .action(runCheck);
}

async function runCheck(name: string, flags: CheckFlags): Promise<void> {
  // A mechanism of one's own may break the limits here, so that the table can say so.
  const mechanism = await loadMechanism(name, process.cwd(), { limits: false });
  const fastCheck = await import("fast-check");
  if (flags.save !== undefined) makeFolder(flags.save);
  process.stdout.write(`${mechanism.name}, ${flags.runs} books per property, seed ${flags.seed}\n\n`);
  const missing: PropertyName[] = [];
  for (const property of propertyNames.map((each) => properties[each])) {
    const result = checkProperty(fastCheck, property, mechanism, flags);
    if (result.result !== "yes") missing.push(property.name);
    process.stdout.write(`${resultText(property, result)}\n`);
    if (result.result === "no" && flags.save !== undefined) {
      writeFileSync(join(flags.save, `${property.name}.csv`), bookText(result.sample.orders));
    }
  }
  const lacking = (flags.require ?? []).filter((each) => missing.includes(each));
  if (lacking.length === 0) return;
  process.stderr.write(`${mechanism.name} lacks what is required: ${lacking.join(", ")}\n`);
  process.exitCode = 1;
}

/** One property in a line; below a "no" the book, indented so that it can be copied. */
function resultText(property: Property, result: PropertyResult): string {
  const answer = result.result === "does not apply" ? "-" : result.result;
  const head = `${answer.padEnd(4)} ${property.name.padEnd(11)} ${property.title}`;
  if (result.result === "yes") return head;
  if (result.result === "does not apply") return `${head}: ${result.why}`;
  const { k, tie } = result.sample.terms;
  const book = bookText(result.sample.orders).trimEnd().split("\n");
  return [head, `       ${result.why} (k ${k}, tie ${tie}) in the book`, ...book.map((row) => `         ${row}`)].join(
    "\n",
  );
}

function required(text: string): PropertyName[] {
  return text.split(",").map((part) => {
    const found = propertyNames.find((name) => name === part.trim());
    if (found === undefined) throw new InvalidArgumentError(`it must be some of ${propertyNames.join(",")}.`);
    return found;
  });
}
