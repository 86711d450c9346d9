/** The rows of the journal: what keeping commands durable costs beside appending and syncing the same bytes. */
import { measured } from "./cell.js";
import type { Row } from "./plan.js";

export interface JournalPlan {
  /** Entries of one append; the target is about appends of 100. */
  readonly batches: readonly number[];
  readonly turns: number;
}

/** Entries of a turn, at most; appends of one entry wait for the disk each, so there are fewer. */
const entriesPerTurn = 10_000;
const mostAppends = 300;

export async function journalRows({ batches, turns }: JournalPlan, note: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  for (const batch of batches) {
    const appends = Math.min(mostAppends, Math.max(1, Math.floor(entriesPerTurn / batch)));
    const { marketPerSecond, barePerSecond, ratio } = await measured({ kind: "journal", batch, appends, turns });
    note(`journal, ${batch} at once: ${marketPerSecond.toFixed(0)}/s, bare ${barePerSecond.toFixed(0)}/s`);
    const isTarget = batch === 100;
    rows.push({
      what: `journal, ${batch.toLocaleString("en")} commands at once`,
      ...{ unit: "commands/s", market: marketPerSecond, bare: barePerSecond, ratio },
      target: isTarget ? "at least 1/3 of bare" : "",
      met: isTarget ? ratio >= 1 / 3 : null,
    });
  }
  return rows;
}
