/** The rows of a journal: its statements, prepared once, and what goes in and comes out of them as plain data. */
import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { Fact } from "../../market/facts.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import type { HandedOver, JournalEntry, JournalledInput, RetainedChanges, Snapshot } from "./journal.js";
import type { JournalFile } from "./journal-file.js";
import { schemaVersion } from "./migrations.js";
import { rowKeeper } from "./row-keeper.js";
import { addFact, factColumns } from "./stored-fact.js";
import { addInput, type EventRow, eventColumns, eventFrom, inputColumns } from "./stored-input.js";

/** Rows fetched at once, so that no statement stays open while their reader thinks. */
const pageRows = 1000;
/** Rows kept at once. */
const inputsAtOnce = 50;
const factsAtOnce = 10;

export type FactPlace = readonly [input: number, place: number];

/** The tables are there: migrations.ts. */
export function rowsOf(database: JournalFile) {
  const prepared = (sql: string) => database.prepare(sql);
  /** Rows as arrays. */
  const query = (sql: string) => database.prepare(sql).raw();
  const keepInputs = rowKeeper(database, "inputs", inputColumns, inputsAtOnce, addInput);
  const keepFacts = rowKeeper(database, "facts", factColumns, factsAtOnce, addFact);
  const keepHandedOver = prepared("INSERT INTO handed_over VALUES (?, ?, ?, ?)");
  const keepReceiver = prepared("INSERT INTO unacknowledged VALUES (?, ?, ?)");
  const setRetained = prepared(
    "INSERT INTO retained(topic, payload) VALUES (?, ?) ON CONFLICT (topic) DO UPDATE SET payload = excluded.payload",
  );
  const clearRetained = prepared("DELETE FROM retained WHERE topic = ?");
  const setSnapshot = prepared("INSERT OR REPLACE INTO snapshot VALUES (1, ?, ?, ?, ?, ?)");
  const getSnapshot = query("SELECT n, digest, program_version, state, state_hash FROM snapshot");
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
    begin: prepared("BEGIN IMMEDIATE"),
    commit: prepared("COMMIT"),
    rollback: prepared("ROLLBACK"),
    last: query("SELECT coalesce(max(n), 0) FROM inputs"),
    acknowledge: prepared("DELETE FROM unacknowledged WHERE n = ? AND receiver = ?"),
    retained: query("SELECT topic, payload FROM retained ORDER BY place"),
    remember: prepared("INSERT OR IGNORE INTO remembered VALUES (?, ?)"),
    recall: query("SELECT value FROM remembered WHERE name = ?"),
    forget: prepared("DELETE FROM remembered WHERE name = ?"),
    keepEntries(entries: readonly JournalEntry[]): void {
      keepInputs(entries);
      keepFacts(entries.flatMap(({ n, facts: told }) => told.map((fact, place) => ({ n, place, fact }))));
      for (const { n, handedOver } of entries) {
        for (const handed of handedOver) {
          keepHandedOver.run([handed.n, handed.topic, JSON.stringify(handed.message), n]);
          for (const [place, receiver] of handed.receivers.entries()) keepReceiver.run([handed.n, place, receiver]);
        }
      }
    },
    keepRetained(changes: RetainedChanges): void {
      for (const [topic, payload] of changes) {
        if (payload === null) clearRetained.run([topic]);
        else setRetained.run([topic, payload]);
      }
    },
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
    keepSnapshot({ n, digest, programVersion, state }: Snapshot): void {
      const bytes = serialize(state);
      setSnapshot.run([n, digest, programVersion, bytes, hashOf(bytes)]);
    },
    snapshot(): Snapshot | undefined {
      const row = getSnapshot.get() as unknown as [number, string, string, Buffer, string] | undefined;
      if (row === undefined) return undefined;
      const [n, digest, programVersion, bytes, hash] = row;
      if (hashOf(bytes) !== hash) return undefined;
      try {
        return { n, digest, programVersion, state: deserialize(bytes) as unknown };
      } catch {
        return undefined; // only a cache: what another version of Node wrote, or a damaged one, is as good as none
      }
    },
  };
}

/** SHA-256 as lower-case hex. */
function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
