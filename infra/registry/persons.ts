/**
 * Names of persons: one table beside the journals, for what a journal is told it keeps for good, and a name must be erasable.
 *
 * `persons.sqlite` in the state folder. What is erased is overwritten on the disk (SQLite's secure_delete); backups made before keep it.
 */
import { chmodSync, existsSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "../journal/journal-file.js";
import { personsName } from "../journal/journal-folder.js";
import { makeFolder, privateMode } from "../make-folder.js";

export interface Persons {
  keep(id: string, name: string): void;
  nameOf(id: string): string | undefined;
  /** Ids of those whose name holds `text`, in whatever case; sorted. */
  find(text: string): readonly string[];
  erase(id: string): void;
  /** Erases the names of those who never came to have an account. */
  keepOnly(isKnown: (id: string) => boolean): void;
  close(): void;
}

/** @throws JournalError where the file cannot be opened. */
export function openPersons(stateFolder: string): Persons {
  makeFolder(stateFolder, privateMode);
  const database = openFile(join(stateFolder, personsName), "create");
  chmodSync(join(stateFolder, personsName), 0o600);
  database.pragma("secure_delete = ON");
  database.exec("CREATE TABLE IF NOT EXISTS persons (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT");
  const keep = database.prepare(
    "INSERT INTO persons VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
  );
  const find = database.prepare("SELECT name FROM persons WHERE id = ?").raw();
  const search = database.prepare("SELECT id FROM persons WHERE instr(lower(name), lower(?)) > 0 ORDER BY id").raw();
  const erase = database.prepare("DELETE FROM persons WHERE id = ?");
  const ids = database.prepare("SELECT id FROM persons").raw();
  return {
    keep: (id, name) => void keep.run([id, name]),
    nameOf: (id) => (find.get([id]) as unknown as [string] | undefined)?.[0],
    find: (text) => (search.all([text]) as unknown as [string][]).map(([id]) => id),
    erase: (id) => void erase.run([id]),
    keepOnly(isKnown) {
      for (const [id] of ids.all() as [string][]) if (!isKnown(id)) erase.run([id]);
    },
    close: () => void database.close(),
  };
}

/** As it is at one moment, also while a market writes it; nothing where there is none. @returns whether there is one. @throws JournalError */
export function copyPersons(stateFolder: string, into: string): boolean {
  const file = join(stateFolder, personsName);
  if (!existsSync(file)) return false;
  const database = openFile(file, "read");
  try {
    database.prepare("VACUUM INTO ?").run([join(into, personsName)]);
  } finally {
    database.close();
  }
  chmodSync(join(into, personsName), 0o600);
  return true;
}
