/**
 * A CSV file read back row by row, as csv-file.ts wrote it, in little memory however long it is.
 *
 * Reading is synchronous: several files are read side by side, each as far as the same delivery period.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { Difference } from "./difference.js";

const chunkBytes = 1 << 18;

export interface CsvRow {
  /** Of the file, from 1: where the row begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvReader {
  /** The rows below the header. To be run through once. @throws Difference where the header or a row is not as it should be. */
  rows(): Generator<CsvRow, void>;
  /** SHA-256 of the whole file, lower-case hex, once all rows are read. */
  digest(): string;
}

/** @throws Difference where the file cannot be opened. */
export function csvReader(path: string, header: string): CsvReader {
  const descriptor = open(path);
  const hash = createHash("sha256");
  let digest = "";
  function* rows(): Generator<CsvRow, void> {
    const columns = header.split(",").length;
    let isFirst = true;
    for (const record of records(descriptor, (bytes) => hash.update(bytes))) {
      if (isFirst) checkHeader(path, header, record.text);
      else yield { line: record.line, cells: cellsOf(path, record, columns) };
      isFirst = false;
    }
    if (isFirst) checkHeader(path, header, "");
    closeSync(descriptor);
    digest = hash.digest("hex");
  }
  return { rows, digest: () => digest };
}

function open(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new Difference({ file: path }, { expected: "a file", found, meaning: "a file of the results is missing" });
  }
}

interface TextRecord {
  readonly line: number;
  readonly text: string;
}

/** The file's lines; a line break within quotes does not end one. */
function* records(descriptor: number, onBytes: (bytes: Buffer) => void): Generator<TextRecord, void> {
  const buffer = Buffer.alloc(chunkBytes);
  const decoder = new StringDecoder("utf8");
  let [rest, line] = ["", 1];
  for (;;) {
    const length = readSync(descriptor, buffer, 0, chunkBytes, null);
    const bytes = buffer.subarray(0, length);
    onBytes(bytes);
    rest += length === 0 ? decoder.end() : decoder.write(bytes);
    let from = 0;
    // Looked for once, not in every line: most files have none.
    let quote = rest.indexOf('"');
    for (;;) {
      if (quote !== -1 && quote < from) quote = rest.indexOf('"', from);
      const end = endOfRecord(rest, from, quote);
      if (end === -1) break;
      const text = rest.slice(from, end);
      yield { line, text };
      line += text.includes("\n") ? text.split("\n").length : 1;
      from = end + 1;
    }
    rest = rest.slice(from);
    if (length > 0) continue;
    if (rest !== "") yield { line, text: rest };
    return;
  }
}

/** @param firstQuote the first one at or after `from`, -1 where there is none */
function endOfRecord(text: string, from: number, firstQuote: number): number {
  let end = text.indexOf("\n", from);
  let quote = firstQuote;
  while (end !== -1 && quote !== -1 && quote < end) {
    const closing = text.indexOf('"', quote + 1);
    if (closing === -1) return -1;
    if (closing > end) end = text.indexOf("\n", closing);
    quote = text.indexOf('"', closing + 1);
  }
  return end;
}

function cellsOf(path: string, { line, text }: TextRecord, columns: number): readonly string[] {
  const cells = text.includes('"') ? quotedCells(text) : text.split(",");
  if (cells.length === columns) return cells;
  const found = `${cells.length} cells`;
  throw new Difference(
    { file: path, line },
    { expected: `${columns} cells`, found, meaning: "a row must have one cell for each column" },
  );
}

const cellPattern = /("(?:[^"]|"")*"|[^,"]*)(,|$)/gy;

function quotedCells(text: string): string[] {
  const cells: string[] = [];
  for (const [, cell = "", comma] of text.matchAll(cellPattern)) {
    cells.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (comma === "") break;
  }
  return cells;
}

function checkHeader(path: string, expected: string, found: string): void {
  if (expected === found) return;
  const meaning = "this is no such file of results, or of another version of the program";
  throw new Difference({ file: path, line: 1 }, { expected, found: found === "" ? "an empty file" : found, meaning });
}
