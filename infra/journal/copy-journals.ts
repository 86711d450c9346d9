/**
 * Copies all journals of a folder as they are at one moment, while the market writes them.
 *
 * They must fit together: a receiver that knows a hand-over its sender's copy does not have would take the next one of that number
 * for known, and a sender whom its copy tells of an acknowledgement does not send again what the receiver's copy lacks. Each journal
 * copied at a moment of its own (VACUUM INTO, one after the other) allows both, in whatever order, for hand-overs go in circles.
 * So all writers are held first: a write transaction on each journal, for the few milliseconds in which a read transaction is begun
 * on each. What an actor acknowledges or sends is in its journal before: held all at once, nothing is known before it was said.
 * Then the writers go on, and the copies are filled from the read transactions. Until the last is done SQLite's logs grow.
 */
import { closeSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { JournalledRole } from "./hosted-actor.js";
import { JournalError } from "./journal.js";
import { type JournalFile, journalError, openFile } from "./journal-file.js";
import { journalFile, journalsIn } from "./journal-folder.js";

/** Copies the journals of `folder` to `<into>/<role>.sqlite`; `into` is there and empty. @returns whose they are. @throws JournalError */
export function copyJournals(folder: string, into: string): JournalledRole[] {
  const roles = journalsIn(folder);
  if (roles.length === 0) throw new JournalError(`${folder} holds no journals: name the state folder of a market`);
  const copies = roles.map((role) => ({ from: journalFile(folder, role), to: join(into, `${role}.sqlite`) }));
  const open: JournalFile[] = [];
  try {
    const filled = atOneMoment(copies, open);
    for (const [index, { from, to }] of copies.entries()) {
      fill(filled[index] as JournalFile, from, to);
      syncFile(to);
    }
  } finally {
    for (const database of open) database.close();
  }
  return roles;
}

interface Copy {
  readonly from: string;
  readonly to: string;
}

/** Copies that read what was there while all writers stood still. @param open what has to be closed in the end */
function atOneMoment(copies: readonly Copy[], open: JournalFile[]): JournalFile[] {
  const targets = copies.map(({ from, to }) => {
    const target = openFile(to, "create");
    open.push(target);
    target.pragma("synchronous = OFF"); // synced as a whole in the end
    reading(from, () => target.prepare("ATTACH ? AS live").run([`${pathToFileURL(from).href}?mode=ro`]));
    return target;
  });
  const writers: JournalFile[] = [];
  try {
    for (const { from } of copies) {
      const writer = openFile(from, "write");
      writers.push(writer);
      reading(from, () => writer.exec("BEGIN IMMEDIATE"));
    }
    for (const [index, target] of targets.entries()) {
      reading((copies[index] as Copy).from, () => {
        target.exec("BEGIN");
        target.prepare("SELECT count(*) FROM live.sqlite_schema").raw().get();
      });
    }
  } finally {
    for (const writer of writers) {
      if (writer.inTransaction) writer.exec("ROLLBACK");
      writer.close();
    }
  }
  return targets;
}

/** Copies tables, views and numbers of the schema, whatever program version made them. */
function fill(target: JournalFile, from: string, to: string): void {
  reading(from, () => {
    const parts = target
      .prepare("SELECT type, name, sql FROM live.sqlite_schema WHERE sql IS NOT NULL ORDER BY type = 'view', rowid")
      .raw()
      .all() as [string, string, string][];
    for (const [type, name, sql] of parts) {
      target.exec(sql);
      if (type === "table") target.exec(`INSERT INTO main."${name}" SELECT * FROM live."${name}"`);
    }
    for (const pragma of ["application_id", "user_version"]) {
      const [value] = target.prepare(`PRAGMA live.${pragma}`).raw().get() as unknown as [number];
      target.exec(`PRAGMA main.${pragma} = ${value}`);
    }
    target.exec("COMMIT");
    target.exec("DETACH live");
  });
  assertSound(target, to);
}

/** @throws JournalError where SQLite finds a fault in it. Reads all of it. */
export function assertSound(database: JournalFile, file: string): void {
  const [answer] = database.prepare("PRAGMA integrity_check(1)").raw().get() as unknown as [string];
  if (answer !== "ok") throw new JournalError(`${file} is damaged: ${answer}`);
}

function reading(file: string, read: () => unknown): void {
  try {
    read();
  } catch (error) {
    throw journalError(file, "read", error);
  }
}

function syncFile(file: string): void {
  const handle = openSync(file, "r+");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
