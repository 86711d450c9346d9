/** What statements come of, in the order in which the settlement manager worked it: readings, prices, bills, heads and what the bank's account moved, read from its journal while it is written. */
import type { Fact, Reading } from "../../market/facts.js";
import { accounts } from "../../market/rules/ledger.js";
import { whFromKwh } from "../../shared/decimal.js";
import type { ManageMetered } from "../../shared/messages/manage.js";
import { instantFromIso } from "../../shared/time.js";
import { journalError } from "./journal-file.js";
import { openToRead } from "./migrations.js";

export type BillFact = Extract<Fact, { readonly type: "settled" | "bill" | "billed" | "head" | "entry" }>;

/** Of one input. */
export interface BillEntry {
  /** Of the input. */
  readonly n: number;
  readonly atMs: number;
  /** What it brought of readings; undefined: nothing. */
  readonly metered: { readonly periodMs: number; readonly readings: readonly Reading[] } | undefined;
  /** Of ledger entries those that may be payments: between the bank and somebody. */
  readonly facts: readonly BillFact[];
}

/** Inputs read at once: so many take a few milliseconds, for whoever must not keep others waiting. */
const pageInputs = 50;

/**
 * Page by page, up to the last that stands there when it is called.
 * @param file the journal of settlement
 * @param after begins behind this input
 * @param wanted a participant of whom alone bills and readings are given, and no heads; undefined: all
 * @throws JournalError
 */
export function* billEntries(file: string, after = 0, wanted?: string): Generator<readonly BillEntry[]> {
  const database = openToRead(file, "settlement");
  try {
    const query = (sql: string) => database.prepare(sql).raw();
    const inputs = query(
      `SELECT n, at_ms, CASE WHEN json_extract(event, '$.type') = 'METERED' THEN event END FROM inputs
       WHERE n > ? AND n <= ? ORDER BY n`,
    );
    const facts = query(
      `SELECT input, body FROM facts WHERE input > ?1 AND input <= ?2
       AND (type IN ('settled', 'billed') OR (type = 'bill' AND (?3 IS NULL OR participant = ?3)) OR (type = 'head' AND ?3 IS NULL)
         OR (type = 'entry' AND instr(body, '"${accounts.bank}"') > 0))
       ORDER BY input, place`,
    );
    const [end] = query("SELECT coalesce(max(n), 0) FROM inputs").get() as unknown as [number];
    for (let from = after; from < end; from += pageInputs) {
      const until = Math.min(end, from + pageInputs);
      const told = new Map<number, BillFact[]>();
      for (const [input, body] of facts.all([from, until, wanted ?? null]) as unknown as [number, string][]) {
        const known = told.get(input);
        const fact = JSON.parse(body) as BillFact;
        if (known === undefined) told.set(input, [fact]);
        else known.push(fact);
      }
      const rows = inputs.all([from, until]) as unknown as [number, number, string | null][];
      yield rows.flatMap(([n, atMs, event]): BillEntry[] => {
        const metered = event === null ? undefined : meteredFrom(event, wanted);
        const known = told.get(n) ?? [];
        return metered === undefined && known.length === 0 ? [] : [{ n, atMs, metered, facts: known }];
      });
    }
  } catch (error) {
    throw journalError(file, "read", error);
  } finally {
    database.close();
  }
}

function meteredFrom(event: string, wanted: string | undefined): BillEntry["metered"] {
  const { message } = JSON.parse(event) as { readonly message: ManageMetered };
  const periodMs = instantFromIso(message.period);
  if (periodMs === undefined) return undefined;
  const own = wanted === undefined ? message.readings : message.readings.filter((one) => one.participant === wanted);
  const readings = own.map(({ participant, importKwh, exportKwh, generationKwh, quality }) => {
    const [importWh, exportWh, generationWh] = [whFromKwh(importKwh), whFromKwh(exportKwh), whFromKwh(generationKwh)];
    return { participant, importWh, exportWh, generationWh, quality };
  });
  return { periodMs, readings };
}
