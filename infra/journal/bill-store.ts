/**
 * The bills of one participant, for good: read from the settlement manager's journal while it is written.
 *
 * In the order in which they went out, which is the order of their chain: a later correction comes at the end. The journal may be that of a
 * settlement manager which runs as a process of its own, and need not be there yet.
 */
import { existsSync } from "node:fs";
import type { Fact } from "../../market/facts.js";
import { billMessage } from "../../market/rules/bill.js";
import type { Bill } from "../../shared/messages/private.js";
import { type JournalFile, journalError } from "./journal-file.js";
import { openToRead } from "./migrations.js";

export interface BillQuery {
  /** First and last delivery period, by their starts in UTC milliseconds; undefined: no bound. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Where the page before ended. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface BillPage {
  readonly bills: readonly Bill[];
  /** To be asked for as `after` next; undefined at the end. */
  readonly next: string | undefined;
}

export interface BillStore {
  /** Undefined: `after` is nothing that a page ended with. @throws JournalError */
  page(participant: string, query: BillQuery): BillPage | undefined;
  /** One bill of a participant; undefined: it has none of this id. @throws JournalError */
  find(participant: string, billId: string): Bill | undefined;
  close(): void;
}

/** @param file the journal of settlement */
export function openBillStore(file: string): BillStore {
  let open: ReturnType<typeof billsIn> | undefined;
  return {
    page(participant, query) {
      const after = placeFrom(query.after ?? "0-0");
      if (after === undefined) return undefined;
      if (open === undefined && !existsSync(file)) return { bills: [], next: undefined };
      open ??= billsIn(file);
      return open.page(participant, after, query);
    },
    find(participant, billId) {
      if (open === undefined && !existsSync(file)) return undefined;
      open ??= billsIn(file);
      return open.find(participant, billId);
    },
    close() {
      open?.close();
      open = undefined;
    },
  };
}

type Place = readonly [input: number, place: number];

function placeFrom(text: string): Place | undefined {
  const found = /^(\d{1,15})-(\d{1,9})$/.exec(text);
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

function billsIn(file: string) {
  const database = openToRead(file, "settlement");
  const bills = billsQuery(database);
  const one = database
    .prepare(
      `SELECT inputs.at_ms, facts.body FROM facts JOIN inputs ON inputs.n = facts.input
       WHERE facts.type = 'bill' AND facts.participant = ? AND json_extract(facts.body, '$.bill.billId') = ?`,
    )
    .raw();
  return {
    page(participant: string, [input, place]: Place, { fromMs, toMs, limit }: BillQuery): BillPage {
      const bounds = [fromMs ?? Number.MIN_SAFE_INTEGER, toMs ?? Number.MAX_SAFE_INTEGER];
      try {
        const rows = bills.all([participant, input, place, ...bounds, limit + 1]) as unknown as BillRow[];
        const last = rows.length > limit ? rows[limit - 1] : undefined;
        return {
          bills: rows.slice(0, limit).map(([, , atMs, body]) => billFrom(body, atMs)),
          next: last === undefined ? undefined : `${last[0]}-${last[1]}`,
        };
      } catch (error) {
        throw journalError(file, "read", error);
      }
    },
    find(participant: string, billId: string): Bill | undefined {
      try {
        const row = one.get([participant, billId]) as unknown as [number, string] | undefined;
        return row === undefined ? undefined : billFrom(row[1], row[0]);
      } catch (error) {
        throw journalError(file, "read", error);
      }
    },
    close: () => database.close(),
  };
}

type BillRow = [input: number, place: number, atMs: number, body: string];

/** By the index `bills_of_participant`, where the writer has made it. */
function billsQuery(database: JournalFile) {
  return database
    .prepare(
      `SELECT facts.input, facts.place, inputs.at_ms, facts.body FROM facts JOIN inputs ON inputs.n = facts.input
       WHERE facts.type = 'bill' AND facts.participant = ?1 AND (facts.input, facts.place) > (?2, ?3)
         AND facts.period_ms BETWEEN ?4 AND ?5
       ORDER BY facts.input, facts.place LIMIT ?6`,
    )
    .raw();
}

/** As it went out: `ts` is the time of the input that it came of. */
function billFrom(body: string, atMs: number): Bill {
  const fact = JSON.parse(body) as Extract<Fact, { type: "bill" }>;
  return billMessage(fact.bill, atMs);
}
