/**
 * One CSV file, written as its rows come: header first, fields quoted where they must be, lines end with a line feed.
 *
 * Rows are collected and handed to the disk in chunks. `record`ing is synchronous and the disk may be slower: whoever
 * writes much awaits `drain` now and then, which keeps what waits in memory to about a chunk.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { stringify } from "csv-stringify/sync";

const rowsPerChunk = 500;

export type Row = readonly string[];

/** @throws Error from `drain` and `close` when the disk refuses. */
export class CsvFile {
  private readonly stream: WriteStream;
  private readonly digest = createHash("sha256");
  private rows: Row[] = [];
  private failure: Error | undefined;
  /** Rows written, the header left out. */
  rowCount = 0;

  constructor(path: string, header: Row) {
    this.stream = createWriteStream(path);
    this.stream.on("error", (error) => {
      this.failure = error;
    });
    this.rows.push(header);
  }

  write(row: Row): void {
    this.rows.push(row);
    this.rowCount += 1;
    if (this.rows.length >= rowsPerChunk) this.flush();
  }

  /** Resolves when the disk has taken nearly all. */
  async drain(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    // `once` rejects when the stream fails while it waits.
    if (this.stream.writableNeedDrain) await once(this.stream, "drain");
  }

  /** Writes what is left and closes. @returns SHA-256 of the whole file, lower-case hex */
  async close(): Promise<string> {
    this.flush();
    if (this.failure !== undefined) throw this.failure;
    this.stream.end();
    await finished(this.stream);
    return this.digest.digest("hex");
  }

  private flush(): void {
    if (this.rows.length === 0) return;
    const text = stringify(this.rows as string[][], { record_delimiter: "unix" });
    this.rows = [];
    this.digest.update(text);
    if (this.failure === undefined) this.stream.write(text);
  }
}
