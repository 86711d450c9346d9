/** What readers see of a journal with any SQLite program: the views, and the queries that the documentation shows. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type HostedRole, hostedRoles } from "../../../infra/journal/hosted-actor.js";
import type { JournalEntry } from "../../../infra/journal/journal.js";
import { openFile } from "../../../infra/journal/journal-file.js";
import { journalViews } from "../../../infra/journal/journal-views.js";
import { openJournal } from "../../../infra/journal/sqlite-journal.js";
import type { Fact } from "../../../market/facts.js";
import { commandEntry } from "./command-entries.js";
import { journalFolder, removeFolders } from "./journal-entries.js";

afterAll(removeFolders);

const periodMs = Date.UTC(2016, 7, 1, 10, 30);
const none = new Map<string, string>();

/** A journal of one command with these facts, and what a reader finds in it while it is still written. */
function queried(role: HostedRole, facts: readonly object[], sql: string, more: Partial<JournalEntry> = {}): unknown[] {
  const file = join(journalFolder(), `${role}.sqlite`);
  const journal = openJournal(file, { role, programVersion: "1", durability: "normal" });
  journal.append([{ ...commandEntry(1, '{"requestId":"r1"}'), facts: facts as readonly Fact[], ...more }], none);
  const reader = openFile(file, "read");
  try {
    return reader.prepare(sql).all() as unknown[];
  } finally {
    reader.close();
    journal.close();
  }
}

describe("the views of a journal", () => {
  it("show commands with their replies, to the millisecond", () => {
    expect(
      queried("bidding", [], "SELECT n, at, participant, topic, request_id, status, code, id, payload FROM commands"),
    ).toEqual([
      {
        ...{ n: 1, at: "2016-08-01T10:00:00.001Z", participant: "h1", topic: "orders", request_id: "r1" },
        ...{ status: "accepted", code: null, id: "o-1", payload: '{"requestId":"r1"}' },
      },
    ]);
  });

  it("show orders, trades, prices, cuts and contracts in kWh and major units", () => {
    const fate = {
      ...{
        orderId: "o-1",
        participant: "h1",
        side: "buy",
        energyWh: 500,
        limitPriceMicroPerKwh: 131_250,
        acceptedAtMs: periodMs - 1,
      },
      ...{ biddingCycle: 1, outcome: "partly", tradedWh: 400, tradedPriceMicroPerKwh: null, why: "it traded", rank: 2 },
    };
    const trade = {
      buyer: "h1",
      seller: "h2",
      energyWh: 400,
      priceMicroPerKwh: 120_000,
      mechanism: "uniform",
      buyOrder: "o-1",
      sellOrder: "o-2",
    };
    const facts = [
      { type: "fate", periodMs, fate },
      { type: "trade", periodMs, trade },
      { type: "trade", periodMs, trade: { ...trade, sellerPriceMicroPerKwh: 110_000 } },
      { type: "cleared", price: { periodMs, priceMicroPerKwh: 120_000, volumeWh: 400 } },
      { type: "contract", periodMs, participant: "h1", energyWh: -400, valueMicro: -48_000 },
    ];
    const period = "2016-08-01T10:30:00Z";
    expect(
      queried(
        "bidding",
        facts,
        "SELECT period, participant, energy_kwh, limit_price, accepted_at, traded_price, rank FROM orders",
      ),
    ).toEqual([
      {
        period,
        participant: "h1",
        energy_kwh: 0.5,
        limit_price: 0.13125,
        accepted_at: "2016-08-01T10:29:59.999Z",
        traded_price: null,
        rank: 2,
      },
    ]);
    expect(queried("bidding", facts, "SELECT period, energy_kwh, price, seller_price FROM trades")).toEqual([
      { period, energy_kwh: 0.4, price: 0.12, seller_price: 0.12 },
      { period, energy_kwh: 0.4, price: 0.12, seller_price: 0.11 },
    ]);
    expect(queried("bidding", facts, "SELECT * FROM prices")).toEqual([
      { period, price: 0.12, volume_kwh: 0.4, input: 1 },
    ]);
    const cause = { element: "line 1", limit: "10 kW", value: "11 kW" };
    const cut = { orderId: "o-1", participant: "h1", side: "buy", cutWh: 100, askedWh: 60, cause };
    const cuts = queried("bidding", [{ type: "cut", periodMs, orders: [cut] }], "SELECT * FROM cuts");
    expect(cuts).toEqual([
      { period, participant: "h1", order_id: "o-1", cut_kwh: 0.1, asked_kwh: 0.06, element: "line 1", input: 1 },
    ]);
    expect(queried("bidding", facts, "SELECT * FROM contracts")).toEqual([
      { period, participant: "h1", energy_kwh: -0.4, value: -0.048, input: 1 },
    ]);
  });

  it("show a contract as it was told last", () => {
    const file = join(journalFolder(), "bidding.sqlite");
    const journal = openJournal(file, { role: "bidding", programVersion: "1", durability: "normal" });
    const told = (n: number, energyWh: number): JournalEntry => ({
      ...commandEntry(n),
      facts: [{ type: "contract", periodMs, participant: "h1", energyWh, valueMicro: 1 } as Fact],
    });
    journal.append([told(1, 500), told(2, 300)], none);
    journal.close();
    const reader = openFile(file, "read");
    expect(reader.prepare("SELECT energy_kwh, input FROM contracts").raw().all()).toEqual([[0.3, 2]]);
    reader.close();
  });

  it("show readings, the ledger with its balances, bills and their lines", () => {
    const reading = { participant: "h1", importWh: 512, exportWh: 0, generationWh: 3, quality: "actual" };
    expect(
      queried(
        "exchange",
        [{ type: "metered", periodMs, reading, correction: true }],
        "SELECT participant, import_kwh, quality, correction FROM readings",
      ),
    ).toEqual([{ participant: "h1", import_kwh: 0.512, quality: "actual", correction: 1 }]);
    const entry = (number: number, debit: string, credit: string, amountMicro: number) => ({
      type: "entry",
      entry: { entry: number, periodMs, debit, credit, amountMicro, reason: "trade" },
    });
    const entries = [entry(1, "participant:h1", "market", 1_500_000), entry(2, "market", "participant:h2", 500_000)];
    expect(
      queried("settlement", entries, "SELECT account, balance, balance_micro FROM balances ORDER BY account"),
    ).toEqual([
      { account: "market", balance: 1, balance_micro: 1_000_000 },
      { account: "participant:h1", balance: -1.5, balance_micro: -1_500_000 },
      { account: "participant:h2", balance: 0.5, balance_micro: 500_000 },
    ]);
    const lines = [
      { kind: "trade", energyWh: -400, priceMicroPerKwh: 120_000, amountMicro: -48_000, orderId: "o-1" },
      { kind: "levy", energyWh: 0, priceMicroPerKwh: 0, amountMicro: -2000, name: "wind" },
    ];
    const bill = {
      billId: "b-1",
      periodMs,
      participant: "h1",
      contractedWh: -400,
      meteredWh: -400,
      lines,
      totalMicro: -50_000,
      previous: "",
      hash: "ab",
    };
    const facts = [{ type: "bill", bill }];
    expect(queried("settlement", facts, "SELECT participant, bill_id, total, total_micro FROM bills")).toEqual([
      { participant: "h1", bill_id: "b-1", total: -0.05, total_micro: -50_000 },
    ]);
    expect(
      queried("settlement", facts, "SELECT line, kind, name, energy_kwh, price, amount, order_id FROM bill_lines"),
    ).toEqual([
      { line: 1, kind: "trade", name: null, energy_kwh: -0.4, price: 0.12, amount: -0.048, order_id: "o-1" },
      { line: 2, kind: "levy", name: "wind", energy_kwh: 0, price: 0, amount: -0.002, order_id: null },
    ]);
  });

  it("show what waits for whom", () => {
    const handedOver = [
      {
        n: 1,
        topic: "manage/grants",
        message: { ts: "2016-08-01T10:00:00Z" },
        receivers: ["bidding", "exchange"] as const,
      },
    ];
    expect(queried("settlement", [], "SELECT n, at, waiting_for FROM handovers", { handedOver })).toEqual([
      { n: 1, at: "2016-08-01T10:00:00Z", waiting_for: "bidding exchange" },
    ]);
  });
});

describe("docs/journal.md", () => {
  const page = readFileSync("docs/journal.md", "utf8");

  it("shows queries that work on the journal that it names", () => {
    const shown = [...page.matchAll(/^(\w+): [^\n]+\n\n```sql\n(.+?)\n```/gms)];
    expect(shown.length).toBeGreaterThan(4);
    for (const [, role, queries = ""] of shown) {
      for (const sql of queries.split(/;\n?/).filter((text) => text.trim() !== "")) {
        expect(() => queried(role as HostedRole, [], sql), sql).not.toThrow();
      }
    }
  });

  it("names every view", () => {
    const views = new Set(hostedRoles.flatMap((role) => journalViews(role).map(([name]) => name)));
    expect([...views].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
