/** The rows of a journal: its statements, prepared once, and what goes in and comes out of them as plain data. */
import { createHash } from "node:crypto";
import { deserialize, serialize } from "node:v8";
import type { Fact } from "../../market/facts.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import type { ActorEvent, HandedOver, JournalEntry, JournalledInput, RetainedChanges, Snapshot } from "./journal.js";
import type { JournalFile } from "./journal-file.js";
import { factColumns } from "./stored-fact.js";

/** Rows fetched at once, so that no statement stays open while their reader thinks. */
const pageRows = 1000;

export type FactPlace = readonly [input: number, place: number];

/** The tables are there: migrations.ts. */
export function rowsOf(database: JournalFile) {
  const prepared = (sql: string) => database.prepare(sql);
  /** Rows as arrays. */
  const query = (sql: string) => database.prepare(sql).raw();
  const keepInputs = inputKeeper(prepared);
  const keepFact = prepared("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)");
  const keepHandedOver = prepared("INSERT INTO handed_over VALUES (?, ?, ?, ?)");
  const keepReceiver = prepared("INSERT INTO unacknowledged VALUES (?, ?, ?)");
  const setRetained = prepared(
    "INSERT INTO retained(topic, payload) VALUES (?, ?) ON CONFLICT (topic) DO UPDATE SET payload = excluded.payload",
  );
  const clearRetained = prepared("DELETE FROM retained WHERE topic = ?");
  const setSnapshot = prepared("INSERT OR REPLACE INTO snapshot VALUES (1, ?, ?, ?, ?, ?)");
  const getSnapshot = query("SELECT n, digest, program_version, state, state_hash FROM snapshot");
  const inputs = query(
    `SELECT n, at_ms, event, digest FROM inputs WHERE n > ? AND n <= ? ORDER BY n LIMIT ${pageRows}`,
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
      for (const { n, facts: told, handedOver } of entries) {
        for (const [place, fact] of told.entries()) keepFact.run([n, place, ...factColumns(fact)]);
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
      const page = inputs.all([after, until]) as unknown as [number, number, string | null, string][];
      return page.map(([n, atMs, event, digest]) => ({
        n,
        atMs,
        event: eventFrom(event),
        digest,
      }));
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

/** @throws SyntaxError where it is not what was written. */
export function eventFrom(json: string | null): ActorEvent | null {
  return json === null ? null : (JSON.parse(json) as ActorEvent);
}

/** Inputs go in twenty at a time: each call into SQLite costs more than the row that it brings. */
const inputsAtOnce = 20;

function inputKeeper(prepared: (sql: string) => ReturnType<JournalFile["prepare"]>) {
  const keepOne = prepared("INSERT INTO inputs VALUES (?, ?, ?, ?, ?)");
  const rows = Array.from({ length: inputsAtOnce }, (_, place) => `(?1 + ${place}, ?, ?, ?, ?)`);
  // `?` counts on from the parameter before it: only the first number is given, the others follow.
  const keepMany = prepared(`INSERT INTO inputs VALUES ${rows.join(", ")}`);
  return (entries: readonly JournalEntry[]): void => {
    const many = entries.length - (entries.length % inputsAtOnce);
    let values: unknown[] = [];
    for (const [index, { n, atMs, event, reply, digest }] of entries.entries()) {
      if (values.length === 0) values.push(n);
      values.push(atMs, jsonOrNull(event), jsonOrNull(reply), digest);
      if (index < many && (index + 1) % inputsAtOnce !== 0) continue;
      (index < many ? keepMany : keepOne).run(values);
      values = [];
    }
  };
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** SHA-256 as lower-case hex. */
function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
