/**
 * An actor's snapshot in its journal's tables. It may be many MB: what is written while others wait for the journal comes in parts, each
 * soon done, and counts from the moment on when the last one is there; until then the one before it stays.
 */
import { JournalError, type Snapshot } from "./journal.js";
import type { JournalFile } from "./journal-file.js";

/** What a snapshot is of, and the SHA-256 of its state written down. */
export interface SnapshotHead extends Omit<Snapshot, "state"> {
  readonly hash: string;
}

/** With the state written down. */
export interface WrittenSnapshot extends SnapshotHead {
  readonly bytes: Uint8Array;
}

export interface SnapshotWriter {
  /** All at once. Of an entry that is not there, none is kept. @throws JournalError */
  keep(snapshot: WrittenSnapshot): void;
  /** @param place 0 begins a new one @throws JournalError, also where this writer did not begin it */
  keepPart(place: number, bytes: Uint8Array): void;
  /** The parts kept since place 0 are all. Of an entry that is not there, none is kept. @throws JournalError */
  keepParts(head: SnapshotHead): void;
}

/** @param write in one transaction */
export function snapshotWriterOn(
  database: JournalFile,
  file: string,
  write: (work: () => void) => void,
  lastNumber: () => number,
): SnapshotWriter {
  const [set, addPart, clear] = [
    "INSERT OR REPLACE INTO snapshot(one, n, digest, program_version, state, state_hash, parts) VALUES (1, ?, ?, ?, ?, ?, ?)",
    "INSERT INTO snapshot_parts(parts, place, bytes) VALUES (?, ?, ?)",
    // Also those of a process that died before its last part.
    "DELETE FROM snapshot_parts WHERE parts NOT IN (SELECT parts FROM snapshot WHERE parts IS NOT NULL)",
  ].map((sql) => database.prepare(sql));
  const newest = database.prepare("SELECT coalesce(max(parts), 0) FROM snapshot_parts").raw();
  let parts: number | undefined;

  function keepHead(head: SnapshotHead, bytes: Uint8Array, of: number | null): void {
    const { n, digest, programVersion, hash } = head;
    if (n <= lastNumber()) set?.run([n, digest, programVersion, Buffer.from(bytes), hash, of]);
    clear?.run();
  }

  return {
    keep: (snapshot) => write(() => keepHead(snapshot, snapshot.bytes, null)),
    keepPart(place, bytes) {
      write(() => {
        if (place === 0) {
          clear?.run();
          parts = (newest.get() as unknown as [number])[0] + 1;
        }
        addPart?.run([begun(), place, Buffer.from(bytes)]);
      });
    },
    keepParts(head) {
      write(() => keepHead(head, new Uint8Array(), begun()));
      parts = undefined;
    },
  };

  function begun(): number {
    if (parts === undefined) throw new JournalError(`${file}: a snapshot was to go on that this writer did not begin`);
    return parts;
  }
}

/** @param version of the tables: before 3 no snapshot had parts */
export function snapshotReaderOn(database: JournalFile, version: number): () => WrittenSnapshot | undefined {
  const hasParts = version >= 3;
  const head = database
    .prepare(`SELECT n, digest, program_version, state, state_hash, ${hasParts ? "parts" : "NULL"} FROM snapshot`)
    .raw();
  const parts = hasParts
    ? database.prepare("SELECT bytes FROM snapshot_parts WHERE parts = ? ORDER BY place").raw()
    : undefined;
  return () => {
    const row = head.get() as unknown as [number, string, string, Buffer, string, number | null] | undefined;
    if (row === undefined) return undefined;
    const [n, digest, programVersion, whole, hash, of] = row;
    const inParts = of === null ? [] : ((parts?.all([of]) ?? []) as unknown as [Buffer][]);
    const bytes = of === null ? whole : Buffer.concat(inParts.map(([part]) => part));
    return { n, digest, programVersion, hash, bytes };
  };
}
