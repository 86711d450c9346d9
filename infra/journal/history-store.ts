/**
 * What the flat public topics and the results told, period by period, for charts: written by the REST side as it hears them, into a file of
 * its own beside the journals (`journal/history.sqlite`), so that it is there after a restart. A projection: nothing is decided by it, a
 * new market begins without, and a file that is lost costs the charts their past alone.
 */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { openFile } from "./journal-file.js";
import { journalsFolder } from "./journal-folder.js";

export const flatSeries = ["price", "energy", "network", "kpi"] as const;
export type FlatSeries = (typeof flatSeries)[number];
type Series = FlatSeries | "results";

/** One delivery period: of each series its last message, as it was published. */
export interface HistoryRow {
  readonly periodMs: number;
  readonly messages: Partial<Record<FlatSeries, string>>;
}

export interface HistoryQuery {
  readonly series: readonly FlatSeries[];
  /** First and last period, by their starts in UTC milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
  /** At most so many periods: the newest of them, or the oldest. */
  readonly limit: number;
  readonly newest: boolean;
}

export interface HistoryStore {
  /** In the place of what was kept of this period and series. */
  keep(periodMs: number, series: Series, payload: string): void;
  /** Oldest first. */
  rows(query: HistoryQuery): readonly HistoryRow[];
  /** What `public/results/<p>` held last. */
  results(periodMs: number): string | undefined;
  close(): void;
}

export interface HistoryOptions {
  /** Of a market; undefined: in memory, for a run. */
  readonly stateFolder: string | undefined;
  /** Periods kept, the newest. */
  readonly mostPeriods: number;
  readonly periodMs: number;
}

/** @throws JournalError where the file cannot be opened */
export function openHistoryStore({ stateFolder, mostPeriods, periodMs: lengthMs }: HistoryOptions): HistoryStore {
  const database = stateFolder === undefined ? new Database(":memory:") : openOrBegin(stateFolder);
  // A power cut may cost the last periods of a chart, not the file.
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = NORMAL");
  database.exec(
    "CREATE TABLE IF NOT EXISTS history (period_ms INTEGER, series TEXT, payload TEXT NOT NULL, PRIMARY KEY (period_ms, series)) STRICT, WITHOUT ROWID",
  );
  const put = database.prepare(
    "INSERT INTO history VALUES (?, ?, ?) ON CONFLICT (period_ms, series) DO UPDATE SET payload = excluded.payload",
  );
  const forget = database.prepare("DELETE FROM history WHERE period_ms <= ?");
  const one = database.prepare("SELECT payload FROM history WHERE period_ms = ? AND series = 'results'").raw();
  const within = (order: "ASC" | "DESC") =>
    database
      .prepare(
        `SELECT period_ms, series, payload FROM history WHERE period_ms BETWEEN ?1 AND ?2 AND series IN (SELECT value FROM json_each(?3))
         AND period_ms IN (SELECT DISTINCT period_ms FROM history WHERE period_ms BETWEEN ?1 AND ?2
           AND series IN (SELECT value FROM json_each(?3)) ORDER BY period_ms ${order} LIMIT ?4)
       ORDER BY period_ms`,
      )
      .raw();
  const [oldestOf, newestOf] = [within("ASC"), within("DESC")];
  const latest = database.prepare("SELECT coalesce(max(period_ms), 0) FROM history").raw();
  let newestMs = (latest.get() as unknown as [number])[0];
  return {
    keep(periodMs, series, payload) {
      put.run([periodMs, series, payload]);
      if (periodMs <= newestMs) return;
      newestMs = periodMs;
      forget.run([newestMs - mostPeriods * lengthMs]);
    },
    rows({ series, fromMs, toMs, limit, newest }) {
      const statement = newest ? newestOf : oldestOf;
      const found = statement.all([fromMs, toMs, JSON.stringify(series), limit]) as unknown as [
        number,
        FlatSeries,
        string,
      ][];
      const rows: { periodMs: number; messages: Partial<Record<FlatSeries, string>> }[] = [];
      for (const [periodMs, name, payload] of found) {
        if (rows.at(-1)?.periodMs !== periodMs) rows.push({ periodMs, messages: {} });
        const last = rows.at(-1);
        if (last !== undefined) last.messages[name] = payload;
      }
      return rows;
    },
    results: (periodMs) => (one.get([periodMs]) as unknown as [string] | undefined)?.[0],
    close: () => void database.close(),
  };
}

/** A damaged file is begun anew. */
function openOrBegin(stateFolder: string) {
  const file = join(journalsFolder(stateFolder), "history.sqlite");
  try {
    return openFile(file, "create");
  } catch (error) {
    if (!existsSync(file)) throw error;
    for (const end of ["", "-wal", "-shm"]) rmSync(`${file}${end}`, { force: true });
    return openFile(file, "create");
  }
}
