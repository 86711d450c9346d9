/**
 * Names of persons: one table beside the journals, for what a journal is told it keeps for good, and a name must be erasable.
 *
 * `persons.sqlite` in the state folder. What is erased is overwritten on the disk (SQLite's secure_delete); backups made before keep it.
 */
import { join } from "node:path";
import { openFile } from "../journal/journal-file.js";
import { makeFolder } from "../make-folder.js";

export interface Persons {
  keep(id: string, name: string): void;
  nameOf(id: string): string | undefined;
  erase(id: string): void;
  /** Erases the names of those who never came to have an account. */
  keepOnly(isKnown: (id: string) => boolean): void;
  close(): void;
}

/** @throws JournalError where the file cannot be opened. */
export function openPersons(stateFolder: string): Persons {
  makeFolder(stateFolder);
  const database = openFile(join(stateFolder, "persons.sqlite"), "create");
  database.pragma("secure_delete = ON");
  database.exec("CREATE TABLE IF NOT EXISTS persons (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT");
  const keep = database.prepare(
    "INSERT INTO persons VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
  );
  const find = database.prepare("SELECT name FROM persons WHERE id = ?").raw();
  const erase = database.prepare("DELETE FROM persons WHERE id = ?");
  const ids = database.prepare("SELECT id FROM persons").raw();
  return {
    keep: (id, name) => void keep.run([id, name]),
    nameOf: (id) => (find.get([id]) as unknown as [string] | undefined)?.[0],
    erase: (id) => void erase.run([id]),
    keepOnly(isKnown) {
      for (const [id] of ids.all() as [string][]) if (!isKnown(id)) erase.run([id]);
    },
    close: () => void database.close(),
  };
}
