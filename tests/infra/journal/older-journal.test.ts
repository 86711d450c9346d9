/** Journals of older schemas: read as they are, brought up to date where a market goes on with them, and the same either way. */
import { join } from "node:path";
import Database from "libsql";
import { afterAll, describe, expect, it } from "vitest";
import { restoreBackup } from "../../../infra/backup/restore-backup.js";
import { journalFile } from "../../../infra/journal/journal-folder.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import { archiveOf } from "../../replay/recording.js";
import { commandEntry } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

afterAll(removeFolders);

const options = { role: "bidding", programVersion: "1.2.3", durability: "normal" } as const;

/** The bidding journal of a recording that was made under schema 1. */
function oldJournal(): string {
  const state = join(journalFolder(), "state");
  restoreBackup(archiveOf("auction-0.1.0"), state);
  return journalFile(state, "bidding");
}

function versionOf(file: string): unknown {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare("PRAGMA user_version").raw().get();
  } finally {
    database.close();
  }
}

function entriesIn(file: string, readonly: boolean) {
  const journal = openJournal(file, { ...options, readonly });
  try {
    return { inputs: [...journal.inputs(0)], recorded: [...journal.recorded(0)] };
  } finally {
    journal.close();
  }
}

describe("a journal whose commands are wrapped into JSON", () => {
  it("reads the same before and after it is brought up to date, and is only brought up to date to be written", () => {
    const file = oldJournal();
    expect(versionOf(file)).toEqual([1]);
    const before = entriesIn(file, true);
    expect(before.inputs.some(({ event }) => event?.type === "COMMAND")).toBe(true);
    expect(versionOf(file)).toEqual([1]);
    expect(entriesIn(file, false)).toEqual(before);
    expect(versionOf(file)).toEqual([3]);
    expect(entriesIn(file, true)).toEqual(before);
  });

  it("goes on with commands as columns, and shows all of them in one view", () => {
    const file = oldJournal();
    const journal = openJournal(file, options);
    const next = commandEntry(journal.lastNumber() + 1);
    journal.append([next], new Map());
    expect([...journal.inputs(next.n - 1)].map(({ event }) => event)).toEqual([next.event]);
    const commands = [...journal.inputs(0)].filter(({ event }) => event?.type === "COMMAND");
    journal.close();
    const database = new Database(file, { readonly: true });
    const shown = database.prepare("SELECT n, participant, topic, payload FROM commands ORDER BY n").raw().all();
    const wrapped = database.prepare("SELECT count(*) FROM inputs WHERE payload IS NULL AND event LIKE '%COMMAND%'");
    expect(wrapped.raw().get()).toEqual([commands.length - 1]);
    database.close();
    expect(shown).toEqual(
      commands.map(({ n, event }) => {
        const { packet } = event as unknown as { packet: { sender: string; topic: string; payload: string } };
        return [n, packet.sender, packet.topic, packet.payload];
      }),
    );
  });
});
