/**
 * The tables of a journal, and how those of an older program become today's: numbered steps, each taken once and never changed
 * after a release, all of them in one transaction. SQLite's `user_version` holds the number of the last one taken.
 */
import type { ProcessRole } from "../../shared/participant-id.js";
import { JournalError } from "./journal.js";
import { type JournalFile, openFile } from "./journal-file.js";
import { journalViews } from "./journal-views.js";

/** Marks the file as a journal of an energy market: "elbm". */
const applicationId = 0x656c_626d;

/** The step at place k leads from version k to version k + 1. */
const steps: readonly string[] = [
  `CREATE TABLE journal(one INTEGER PRIMARY KEY CHECK (one = 1), role TEXT NOT NULL, begun_by TEXT NOT NULL) STRICT;
   CREATE TABLE inputs(
     n INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, event TEXT, reply TEXT, digest TEXT NOT NULL
   ) STRICT;
   CREATE TABLE facts(
     input INTEGER NOT NULL, place INTEGER NOT NULL, type TEXT NOT NULL, period_ms INTEGER, participant TEXT, body TEXT NOT NULL,
     PRIMARY KEY (input, place)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE handed_over(n INTEGER PRIMARY KEY, topic TEXT NOT NULL, message TEXT NOT NULL, input INTEGER NOT NULL) STRICT;
   CREATE TABLE unacknowledged(
     n INTEGER NOT NULL, place INTEGER NOT NULL, receiver TEXT NOT NULL, PRIMARY KEY (n, receiver)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE retained(place INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE, payload TEXT NOT NULL) STRICT;
   CREATE TABLE snapshot(
     one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL, digest TEXT NOT NULL, program_version TEXT NOT NULL,
     state BLOB NOT NULL, state_hash TEXT NOT NULL
   ) STRICT;
   CREATE TABLE remembered(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE inputs ADD COLUMN sender TEXT; ALTER TABLE inputs ADD COLUMN topic TEXT; ALTER TABLE inputs ADD COLUMN payload TEXT;
   ALTER TABLE inputs ADD COLUMN bytes INTEGER; ALTER TABLE inputs ADD COLUMN stamped_at_ms INTEGER;`,
  `CREATE TABLE snapshot_parts(parts INTEGER NOT NULL, place INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
   ALTER TABLE snapshot ADD COLUMN parts INTEGER;`,
];

const newestVersion = steps.length;
/** Of what is only read: it cannot be brought up to date. */
const oldestReadable = 1;

/** @throws JournalError where it is another program's file, another role's journal, or a newer program's. */
export function checkJournal(database: JournalFile, file: string, role: ProcessRole): void {
  const version = numberOf(database, "user_version");
  if (numberOf(database, "application_id") !== applicationId) {
    throw new JournalError(`${file} is no journal of an energy market: another program made it`);
  }
  if (version > newestVersion) {
    throw new JournalError(
      `${file} was written by a newer elecbay (schema ${version}, this one knows ${newestVersion}): use that one, or a newer one still`,
    );
  }
  if (version < oldestReadable) throw new JournalError(`${file} is no journal yet: it has no tables`);
  const [owner] = database.prepare("SELECT role FROM journal").raw().get() as unknown as [string];
  if (owner !== role) throw new JournalError(`${file} is the journal of ${owner}, not of ${role}`);
}

/** Makes the tables of a new file, brings those of an older program up to date, and leaves the rest as it is. */
export function migrate(database: JournalFile, role: ProcessRole, programVersion: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = numberOf(database, "user_version");
    const isNew = version === 0 && isEmpty(database);
    const isOurs = isNew || numberOf(database, "application_id") === applicationId;
    if (isOurs && version < newestVersion) {
      for (const step of steps.slice(version)) database.exec(step);
      if (isNew) {
        database.exec(`PRAGMA application_id = ${applicationId}`);
        database.prepare("INSERT INTO journal VALUES (1, ?, ?)").run([role, programVersion]);
      }
      renewViews(database, role);
      database.exec(`PRAGMA user_version = ${newestVersion}`);
    }
    // Likewise indexes: a file without them is read more slowly.
    if (isOurs) for (const index of indexesOf(role)) database.exec(index);
    // A file that may only be read would not be noticed before the first append.
    if (isOurs) database.exec("UPDATE journal SET role = role");
    database.exec("COMMIT");
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** Views hold nothing: they are made anew with each change of the tables. */
function renewViews(database: JournalFile, role: ProcessRole): void {
  const old = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'view'").raw().all() as [string][];
  for (const [name] of old) database.exec(`DROP VIEW "${name}"`);
  for (const [name, select] of journalViews(role)) database.exec(`CREATE VIEW ${name} AS ${select}`);
}

function indexesOf(role: ProcessRole): readonly string[] {
  if (role === "exchange")
    return ["CREATE INDEX IF NOT EXISTS readings_of_period ON facts(period_ms) WHERE type = 'metered'"];
  if (role !== "settlement") return [];
  return ["CREATE INDEX IF NOT EXISTS bills_of_participant ON facts(participant) WHERE type = 'bill'"];
}

function isEmpty(database: JournalFile): boolean {
  return numberFrom(database, "SELECT count(*) FROM sqlite_schema") === 0;
}

/** A journal to read, also while its market writes it. @throws JournalError as `openFile` and `checkJournal` do */
export function openToRead(file: string, role: ProcessRole): JournalFile {
  const database = openFile(file, "read");
  try {
    checkJournal(database, file, role);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** 1 or more where `checkJournal` finds nothing to complain of. */
export function schemaVersion(database: JournalFile): number {
  return numberOf(database, "user_version");
}

function numberOf(database: JournalFile, pragma: string): number {
  return numberFrom(database, `PRAGMA ${pragma}`);
}

function numberFrom(database: JournalFile, sql: string): number {
  return (database.prepare(sql).raw().get() as unknown as [number])[0];
}
