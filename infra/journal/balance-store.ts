/**
 * What every account holds, added up from the settlement manager's journal while it is written: each entry is read once.
 *
 * The journal may be that of a settlement manager which runs as a process of its own, and need not be there yet.
 */
import { existsSync } from "node:fs";
import type { Fact } from "../../market/facts.js";
import { type Micro, micro } from "../../shared/units.js";
import { journalError } from "./journal-file.js";
import { openToRead } from "./migrations.js";

export interface BalanceStore {
  /** What was credited to each account less what was debited, as far as it is durable. @throws JournalError */
  balances(): Promise<ReadonlyMap<string, Micro>>;
  close(): void;
}

/** So many are read at a time: others are served in between. */
const entriesAtOnce = 5000;

/** @param file the journal of settlement */
export function openBalanceStore(file: string): BalanceStore {
  let entries: ReturnType<typeof entriesIn> | undefined;
  let isClosed = false;
  let last: Place = [0, 0];
  let reading: Promise<ReadonlyMap<string, Micro>> | undefined;
  const balances = new Map<string, Micro>();
  const move = (account: string, amountMicro: number): void =>
    void balances.set(account, micro((balances.get(account) ?? 0) + amountMicro));

  function readSome(): boolean {
    if (isClosed || (entries === undefined && !existsSync(file))) return false;
    entries ??= entriesIn(file);
    try {
      const rows = entries.after(last);
      for (const [input, place, body] of rows) {
        const { entry } = JSON.parse(body) as Extract<Fact, { type: "entry" }>;
        move(entry.debit, -entry.amountMicro);
        move(entry.credit, entry.amountMicro);
        last = [input, place];
      }
      return rows.length === entriesAtOnce;
    } catch (error) {
      throw journalError(file, "read", error);
    }
  }

  async function readAll(): Promise<ReadonlyMap<string, Micro>> {
    while (readSome()) await new Promise((resolve) => void setImmediate(resolve));
    return balances;
  }

  return {
    balances() {
      reading ??= readAll().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    close() {
      isClosed = true;
      entries?.close();
    },
  };
}

type Place = readonly [input: number, place: number];

function entriesIn(file: string) {
  const database = openToRead(file, "settlement");
  const query = database
    .prepare(
      `SELECT input, place, body FROM facts WHERE type = 'entry' AND (input, place) > (?1, ?2)
       ORDER BY input, place LIMIT ${entriesAtOnce}`,
    )
    .raw();
  return {
    after: ([input, place]: Place) => query.all([input, place]) as unknown as [...Place, string][],
    close: () => database.close(),
  };
}
