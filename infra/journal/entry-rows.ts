/** Whole entries of a journal, put together from its tables: for who replays and checks it, not for a restart, which needs inputs alone. */
import type { Fact } from "../../market/facts.js";
import type { RecordedEntry, RecordedHandover } from "./journal.js";
import type { JournalFile } from "./journal-file.js";
import { schemaVersion } from "./migrations.js";
import { type EventRow, eventColumns, eventFrom } from "./stored-input.js";

/** Entries read at once, so that no statement stays open while their reader thinks. */
const pageEntries = 500;

type InputRow = [n: number, atMs: number, digest: string, reply: string | null, ...event: EventRow];
type HandedRow = [n: number, topic: string, message: string, input: number];

/** The tables are there: migrations.ts. */
export function entryRowsOf(database: JournalFile) {
  const query = (sql: string) => database.prepare(sql).raw();
  const inputs = query(
    `SELECT n, at_ms, digest, reply, ${eventColumns(schemaVersion(database))} FROM inputs WHERE n > ? AND n <= ? ORDER BY n LIMIT ${pageEntries}`,
  );
  const facts = query("SELECT input, body FROM facts WHERE input > ? AND input <= ? ORDER BY input, place");
  const lastHandedUntil = query("SELECT coalesce(max(n), 0) FROM handed_over WHERE input <= ?");
  // Numbers rise with inputs, so that a page ends where the next input's begin.
  const handedAfter = query(
    `SELECT n, topic, message, input FROM handed_over WHERE n > ? ORDER BY n LIMIT ${pageEntries}`,
  );
  const handed = query("SELECT n, topic, message FROM handed_over WHERE n = ?");
  const last = query("SELECT coalesce(max(n), 0) FROM handed_over");

  /** Those of inputs up to `until`, of hand-overs after number `after`. */
  function handedUntil(after: number, until: number): HandedRow[] {
    const found: HandedRow[] = [];
    for (let from = after; ; ) {
      const page = handedAfter.all([from]) as unknown as HandedRow[];
      const within = page.filter(([, , , input]) => input <= until);
      found.push(...within);
      if (within.length < pageEntries) return found;
      from = within.at(-1)?.[0] ?? from;
    }
  }

  return {
    /** Page by page; each from the last on. */
    *pages(after: number, end: number): Generator<RecordedEntry[]> {
      let [handedBefore] = lastHandedUntil.get([after]) as unknown as [number];
      for (let from = after; from < end; ) {
        const page = inputs.all([from, end]) as unknown as InputRow[];
        const until = page.at(-1)?.[0] ?? end;
        const told = byInput(facts.all([from, until]) as unknown as [number, string][], ([of]) => of);
        const handedOver = handedUntil(handedBefore, until);
        handedBefore = handedOver.at(-1)?.[0] ?? handedBefore;
        const said = byInput(handedOver, ([, , , of]) => of);
        yield page.map(([n, atMs, digest, reply, ...event]) => ({
          ...{ n, atMs, digest, event: eventFrom(event) },
          reply: reply === null ? null : (JSON.parse(reply) as object),
          facts: (told.get(n) ?? []).map(([, body]) => JSON.parse(body) as Fact),
          handedOver: (said.get(n) ?? []).map(handoverFrom),
        }));
        if (page.length === 0) return;
        from = until;
      }
    },
    handedOver(n: number): RecordedHandover | undefined {
      const row = handed.get([n]) as unknown as HandedRow | undefined;
      return row === undefined ? undefined : handoverFrom(row);
    },
    lastHandedOver: (): number => (last.get() as unknown as [number])[0],
  };
}

function handoverFrom([n, topic, message]: HandedRow): RecordedHandover {
  return { n, topic, message: JSON.parse(message) as object };
}

function byInput<Row>(rows: readonly Row[], inputOf: (row: Row) => number): Map<number, Row[]> {
  const found = new Map<number, Row[]>();
  for (const row of rows) {
    const known = found.get(inputOf(row));
    if (known === undefined) found.set(inputOf(row), [row]);
    else known.push(row);
  }
  return found;
}
