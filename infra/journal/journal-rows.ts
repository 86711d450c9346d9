/** The rows of a journal as plain data: its statements, prepared once. What is appended: row-writer.ts. */
import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { Fact } from "../../market/facts.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import type { HandedOver, JournalledInput, Snapshot } from "./journal.js";
import type { JournalFile } from "./journal-file.js";
import { schemaVersion } from "./migrations.js";
import { snapshotReaderOn, type WrittenSnapshot } from "./snapshot-rows.js";
import { type EventRow, eventColumns, eventFrom } from "./stored-input.js";

/** Rows fetched at once, so that no statement stays open while their reader thinks. */
const pageRows = 1000;
export type FactPlace = readonly [input: number, place: number];

/** The tables are there: migrations.ts. */
export function rowsOf(database: JournalFile) {
  const prepared = (sql: string) => database.prepare(sql);
  /** Rows as arrays. */
  const query = (sql: string) => database.prepare(sql).raw();
  const getSnapshot = snapshotReaderOn(database, schemaVersion(database));
  const inputs = query(
    `SELECT n, at_ms, digest, ${eventColumns(schemaVersion(database))} FROM inputs WHERE n > ? AND n <= ? ORDER BY n LIMIT ${pageRows}`,
  );
  const facts = query(
    `SELECT input, place, body FROM facts WHERE (input, place) > (?, ?) AND input <= ? ORDER BY input, place LIMIT ${pageRows}`,
  );
  const waiting = query(
    `SELECT handed_over.n, topic, message, receiver FROM unacknowledged JOIN handed_over USING (n) ORDER BY n, place`,
  );
  return {
    last: query("SELECT coalesce(max(n), 0) FROM inputs"),
    retained: query("SELECT topic, payload FROM retained ORDER BY place"),
    remember: prepared("INSERT OR IGNORE INTO remembered VALUES (?, ?)"),
    recall: query("SELECT value FROM remembered WHERE name = ?"),
    inputsAfter(after: number, until: number): JournalledInput[] {
      const page = inputs.all([after, until]) as unknown as [number, number, string, ...EventRow][];
      return page.map(([n, atMs, digest, ...event]) => ({ n, atMs, digest, event: eventFrom(event) }));
    },
    factsAfter([input, place]: FactPlace, until: number): { readonly place: FactPlace; readonly fact: Fact }[] {
      const page = facts.all([input, place, until]) as unknown as [number, number, string][];
      return page.map(([of, at, body]) => ({ place: [of, at], fact: JSON.parse(body) as Fact }));
    },
    outstanding(): HandedOver[] {
      const found = new Map<number, HandedOver & { receivers: ProcessRole[] }>();
      for (const [n, topic, message, receiver] of waiting.all() as unknown as [number, string, string, ProcessRole][]) {
        const known = found.get(n);
        if (known === undefined) found.set(n, { n, topic, message: JSON.parse(message), receivers: [receiver] });
        else known.receivers.push(receiver);
      }
      return [...found.values()];
    },
    snapshot(): Snapshot | undefined {
      const written = getSnapshot();
      if (written === undefined) return undefined;
      const { bytes, hash, ...about } = written;
      if (hashOf(bytes) !== hash) return undefined;
      try {
        return { ...about, state: deserialize(bytes) as unknown };
      } catch {
        return undefined; // only a cache: what another version of Node wrote, or a damaged one, is as good as none
      }
    },
  };
}

/** A state written down. */
export function writtenSnapshot({ state, ...about }: Snapshot): WrittenSnapshot {
  const bytes = serialize(state);
  return { ...about, bytes, hash: hashOf(bytes) };
}

/** SHA-256 as lower-case hex. */
function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
