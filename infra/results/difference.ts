/** Where the files of a run do not agree: with themselves, with the rules, or with what a neighbour kept. */
import { basename } from "node:path";

export interface DifferencePlace {
  /** Path of the file. */
  readonly file: string;
  /** From 1, the header being line 1; undefined where the file as a whole is meant. */
  readonly line?: number | undefined;
  readonly column?: string | undefined;
}

export interface DifferenceTold {
  readonly expected: string;
  readonly found: string;
  /** A sentence: what follows from it. */
  readonly meaning: string;
}

export class Difference extends Error {
  /** Name of the file, without its folder. */
  readonly file: string;
  readonly line: number | undefined;
  readonly column: string | undefined;
  readonly expected: string;
  readonly found: string;
  readonly meaning: string;

  constructor(place: DifferencePlace, told: DifferenceTold) {
    const file = basename(place.file);
    const line = place.line === undefined ? "" : `, line ${place.line}`;
    const column = place.column === undefined ? "" : `, ${place.column}`;
    super(`${file}${line}${column}: expected ${told.expected}, found ${told.found}; ${told.meaning}`);
    this.name = "Difference";
    this.file = file;
    this.line = place.line;
    this.column = place.column;
    this.expected = told.expected;
    this.found = told.found;
    this.meaning = told.meaning;
  }
}
