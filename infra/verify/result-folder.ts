/** A folder of results: what of it is read whole. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ResultTerms, termsFromText } from "../results/terms-file.js";
import { InputError } from "../series/input-error.js";

export interface ResultFolder {
  readonly path: string;
  readonly terms: ResultTerms;
}

const hint = "name a folder that elecbay simulate wrote with --out";

/** Whether it is a folder of results at all. */
export function hasResults(path: string): boolean {
  return existsSync(join(path, "terms.json"));
}

/** @throws InputError where it is no folder of results, or of a version of the program that wrote no terms.json. */
export function openResultFolder(path: string): ResultFolder {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new InputError({ file: path }, `there is no such folder; ${hint}`);
  if (!found.isDirectory()) throw new InputError({ file: path }, `is no folder; ${hint}`);
  const file = join(path, "terms.json");
  if (!existsSync(file)) throw new InputError({ file: path }, `holds no terms.json; ${hint}`);
  try {
    return { path, terms: termsFromText(readFileSync(file, "utf8")) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InputError({ file }, `cannot be understood: ${problem}`);
  }
}
