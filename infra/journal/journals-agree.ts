/** Whether the journals of one market fit together: nobody took what was never handed over. For copies and restored ones. */
import { join } from "node:path";
import { assertSound } from "./copy-journals.js";
import type { JournalledRole } from "./hosted-actor.js";
import { JournalError } from "./journal.js";
import { type JournalFile, journalError, openFile } from "./journal-file.js";

export interface JournalSize {
  readonly role: JournalledRole;
  readonly inputs: number;
  readonly facts: number;
  /** Of the last input; empty where there is none. */
  readonly digest: string;
}

/** Reads the journals `<folder>/<role>.sqlite` through. @throws JournalError where one is damaged, or they do not fit together. */
export function checkedJournals(folder: string, roles: readonly JournalledRole[]): JournalSize[] {
  const handedOver = new Map<string, number>();
  const taken: { readonly by: JournalledRole; readonly from: string; readonly n: number }[] = [];
  const sizes = roles.map((role): JournalSize => {
    const file = join(folder, `${role}.sqlite`);
    const database = openFile(file, "read");
    try {
      assertSound(database, file);
      handedOver.set(role, Number(rowOf(database, "SELECT coalesce(max(n), 0) FROM handed_over")[0]));
      for (const [from, n] of takenIn(database)) taken.push({ by: role, from, n });
      const [inputs, digest] = rowOf(
        database,
        "SELECT count(*), coalesce((SELECT digest FROM inputs ORDER BY n DESC LIMIT 1), '') FROM inputs",
      );
      const [facts] = rowOf(database, "SELECT count(*) FROM facts");
      return { role, inputs: Number(inputs), facts: Number(facts), digest: String(digest) };
    } catch (error) {
      throw journalError(file, "read", error);
    } finally {
      database.close();
    }
  });
  for (const { by, from, n } of taken) {
    const last = handedOver.get(from);
    if (last !== undefined && n > last) {
      throw new JournalError(
        `the journals in ${folder} are not of one moment: ${by} took hand-over ${n} of ${from}, which knows of ${last}`,
      );
    }
  }
  return sizes;
}

/** The last number taken of each sender. */
function takenIn(database: JournalFile): [string, number][] {
  return database
    .prepare(
      `SELECT json_extract(event, '$.sender'), max(json_extract(event, '$.message.n')) FROM inputs
       WHERE json_type(event, '$.sender') = 'text' GROUP BY 1`,
    )
    .raw()
    .all() as [string, number][];
}

function rowOf(database: JournalFile, sql: string): readonly (string | number)[] {
  return database.prepare(sql).raw().get() as unknown as (string | number)[];
}
