/** Input that a user must mend: a scenario or a data file. Its message says where, what is wrong and what to do. */
export interface InputPlace {
  readonly file: string;
  /** Line of the file, from 1; undefined where the file as a whole is meant. */
  readonly line?: number | undefined;
  /** Column of a table, or key of a scenario. */
  readonly column?: string | undefined;
}

export class InputError extends Error {
  readonly file: string;
  readonly line: number | undefined;
  readonly column: string | undefined;

  /** @param problem a sentence on what is wrong and what to do, without the place */
  constructor(place: InputPlace, problem: string) {
    const line = place.line === undefined ? "" : `:${place.line}`;
    const column = place.column === undefined ? "" : ` ${place.column}:`;
    super(`${place.file}${line}:${column} ${problem}`);
    this.name = "InputError";
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}
