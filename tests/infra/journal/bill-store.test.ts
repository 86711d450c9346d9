import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openBillStore } from "../../../infra/journal/bill-store.js";
import { openFile } from "../../../infra/journal/journal-file.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import type { Fact } from "../../../market/facts.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { commandEntry } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

afterAll(removeFolders);

const firstMs = Date.UTC(2016, 7, 1);
const halfHourMs = 1_800_000;
const none = new Map<string, string>();

function billOf(participant: string, period: number, billId: string): Fact {
  const line = {
    kind: "supply",
    energyWh: wh(-150),
    priceMicroPerKwh: microPerKwh(145_700),
    amountMicro: micro(-21_855),
  };
  return {
    type: "bill",
    bill: {
      ...{ billId, periodMs: firstMs + period * halfHourMs, participant, contractedWh: wh(0), meteredWh: wh(-150) },
      ...{ lines: [line] as never, totalMicro: micro(-21_855), previous: "", hash: `hash of ${billId}` },
    },
  };
}

const other: Fact = { type: "billed", periodMs: firstMs };

/** Bills of ann and bob, told by three inputs; the last corrects ann's first. */
function journalOfBills() {
  const file = join(journalFolder(), "settlement.sqlite");
  const journal = openJournal(file, { role: "settlement", programVersion: "1", durability: "normal" });
  const facts: Fact[][] = [
    [billOf("ann", 0, "b1"), billOf("bob", 0, "b2"), other],
    [billOf("ann", 1, "b3"), billOf("ann", 2, "b4")],
    [billOf("ann", 0, "b5")],
  ];
  facts.forEach((told, index) => {
    journal.append([{ ...commandEntry(index + 1, "{}"), facts: told }], none);
  });
  return { file, journal };
}

describe("the bills of a participant", () => {
  it("come in the order in which they went out, page by page, while the journal is written", () => {
    const { file, journal } = journalOfBills();
    const store = openBillStore(file);
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = store.page("ann", { limit: 2, after });
      ids.push(...(page?.bills ?? []).map(({ billId }) => billId));
      after = page?.next;
    } while (after !== undefined);
    expect(ids).toEqual(["b1", "b3", "b4", "b5"]);
    journal.append([{ ...commandEntry(4, "{}"), facts: [billOf("ann", 3, "b6")] }], none);
    expect(store.page("ann", { limit: 9 })?.bills.at(-1)?.billId).toBe("b6");
    store.close();
    journal.close();
  });

  it("are as they were sent, with the time at which they went out", () => {
    const { file, journal } = journalOfBills();
    const store = openBillStore(file);
    expect(store.page("bob", { limit: 9 })?.bills).toEqual([
      {
        ...{ v: 1, ts: "2016-08-01T10:00:00Z", billId: "b2", period: "2016-08-01T00:00:00Z" },
        ...{ contractedKwh: 0, meteredKwh: -0.15, total: -0.021855, previous: "", hash: "hash of b2" },
        lines: [{ kind: "supply", energyKwh: -0.15, pricePerKwh: 0.1457, amount: -0.021855 }],
      },
    ]);
    store.close();
    journal.close();
  });

  it("are those of the periods asked for", () => {
    const { file, journal } = journalOfBills();
    const store = openBillStore(file);
    const page = store.page("ann", { limit: 9, fromMs: firstMs + halfHourMs, toMs: firstMs + halfHourMs });
    expect(page?.bills.map(({ billId }) => billId)).toEqual(["b3"]);
    store.close();
    journal.close();
  });

  it("are none for a stranger, or before settlement has a journal; a mark of no page is told", () => {
    const { file, journal } = journalOfBills();
    const store = openBillStore(file);
    expect(store.page("nobody", { limit: 9 })).toEqual({ bills: [], next: undefined });
    expect(store.page("ann", { limit: 9, after: "1; DROP TABLE facts" })).toBeUndefined();
    store.close();
    journal.close();
    const missing = openBillStore(join(journalFolder(), "settlement.sqlite"));
    expect(missing.page("ann", { limit: 9 })).toEqual({ bills: [], next: undefined });
  });

  it("are found by their index, however many others there are", () => {
    const { file, journal } = journalOfBills();
    journal.close();
    const database = openFile(file, "read");
    const plan = database
      .prepare(
        "EXPLAIN QUERY PLAN SELECT body FROM facts WHERE type = 'bill' AND participant = 'ann' ORDER BY input, place",
      )
      .all() as unknown as { detail: string }[];
    database.close();
    expect(plan.map(({ detail }) => detail).join()).toContain("bills_of_participant");
  });
});
