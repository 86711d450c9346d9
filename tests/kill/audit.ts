/**
 * What the journals of a market say, beside what its participants were told: nothing lost, nothing done twice.
 *
 * Read with SQLite from the views that docs/journal.md gives to any reader, when the market has ended.
 */
import { join } from "node:path";
import Database from "libsql";
import type { SentCommand, Trader } from "./trader.js";

export interface Audit {
  readonly commands: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Commands that were sent more than once. */
  readonly repeated: number;
  /** No reply to this day, an accepted one that no journal has, or an order without a fate. */
  readonly lost: number;
  /** Two outcomes of one command, an order or reading that nobody sent, a fate, settlement or bill told twice. */
  readonly doubled: number;
  readonly ledgerSumMicro: number;
  readonly ledgerEntries: number;
  readonly billedPeriods: number;
  /** The first few of what is lost or doubled, and anything else that does not add up. */
  readonly complaints: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

export function auditMarket(stateFolder: string, traders: readonly Trader[]): Audit {
  const tables = openTables(stateFolder);
  const lost: string[] = [];
  const doubled: string[] = [];
  const others: string[] = [];
  const all = traders.flatMap(({ id, commands }) => [...commands.values()].map((command) => ({ id, command })));
  const journalled = groupBy(
    [...tables.bidding("SELECT * FROM commands"), ...tables.exchange("SELECT * FROM commands")],
    (row) => `${row.participant}/${row.request_id}`,
  );
  for (const { id, command } of all) auditCommand(id, command, journalled.get(`${id}/${command.requestId}`) ?? []);

  function auditCommand(id: string, { requestId, reply, otherReplies }: SentCommand, rows: readonly Row[]): void {
    const accepted = new Set(rows.filter(({ status }) => status === "accepted").map((row) => row.id ?? "a reading"));
    const told = reply?.fields.status;
    if (reply === undefined) lost.push(`${id}/${requestId} has no reply`);
    if (told === "accepted" && accepted.size === 0) lost.push(`${id}/${requestId} was accepted and is in no journal`);
    if (told === "rejected" && accepted.size > 0) doubled.push(`${id}/${requestId} was rejected, and accepted too`);
    if (accepted.size > 1) doubled.push(`${id}/${requestId} was accepted as ${[...accepted].join(" and ")}`);
    if (otherReplies > 0) doubled.push(`${id}/${requestId} was answered in two ways`);
  }

  auditFates();
  auditReadings();
  auditMoney();

  /** Each order and item that was taken has one fate, and no other has any. */
  function auditFates(): void {
    const placed = new Set(
      all.flatMap(({ command: { fields, reply } }) => {
        const isNew = fields.action === "place" || fields.action === "list";
        return isNew && reply?.fields.status === "accepted"
          ? [String(reply.fields.orderId ?? reply.fields.itemId)]
          : [];
      }),
    );
    const fates = groupBy(tables.bidding("SELECT order_id FROM orders"), (row) => String(row.order_id));
    for (const id of placed) if (!fates.has(id)) lost.push(`${id} was accepted and has no fate`);
    for (const [id, rows] of fates) {
      if (!placed.has(id)) doubled.push(`${id} has a fate and no trader knows of it`);
      if (rows.length > 1) doubled.push(`${id} has ${rows.length} fates`);
    }
  }

  function auditReadings(): void {
    const sent = new Map<string, number>(
      all
        .filter(({ command }) => command.topic === "meter" && command.reply?.fields.status === "accepted")
        .map(({ id, command: { fields } }) => [`${id}/${fields.period}`, Number(fields.importKwh)] as const),
    );
    const actual = tables.exchange("SELECT * FROM readings WHERE quality = 'actual'");
    const byPeriod = groupBy(actual, (row) => `${row.participant}/${row.period}`);
    for (const [key, importKwh] of sent) {
      if (!byPeriod.get(key)?.some((row) => row.import_kwh === importKwh))
        lost.push(`the reading ${key} was accepted and is not metered`);
    }
    for (const [key, rows] of byPeriod) {
      if (rows.length > 1) doubled.push(`the reading ${key} was metered ${rows.length} times`);
      if (!sent.has(key)) doubled.push(`the reading ${key} was metered and nobody sent it`);
    }
  }

  function auditMoney(): void {
    const twice = (what: string, rows: readonly Row[], name: (row: Row) => string): void => {
      for (const [key, same] of groupBy(rows, name))
        if (same.length > 1) doubled.push(`${what} ${key} came ${same.length} times`);
    };
    twice("the settlement of", tables.settlement("SELECT period FROM settled_prices"), (row) => String(row.period));
    twice("the bill", tables.settlement("SELECT bill_id FROM bills"), (row) => String(row.bill_id));
    twice("the gate of", tables.bidding("SELECT period FROM prices"), (row) => String(row.period));
    twice(
      "the contract",
      tables.bidding("SELECT period, participant FROM contracts"),
      (row) => `${row.participant}/${row.period}`,
    );
    const entries = tables.settlement("SELECT entry FROM ledger ORDER BY entry");
    entries.forEach(({ entry }, at) => {
      if (Number(entry) !== at + 1) others.push(`ledger entry ${at + 1} is numbered ${entry}`);
    });
    for (const { period, sum } of tables.bidding(
      "SELECT period, round(sum(energy_kwh) * 1000) AS sum FROM contracts GROUP BY period",
    )) {
      if (Number(sum) !== 0) others.push(`sold and bought differ by ${sum} Wh in ${period}`);
    }
  }

  const ledgerSumMicro = Number(
    tables.settlement("SELECT coalesce(sum(balance_micro), 0) AS sum FROM balances")[0]?.sum,
  );
  const outcome = {
    commands: all.length,
    accepted: all.filter(({ command }) => command.reply?.fields.status === "accepted").length,
    rejected: all.filter(({ command }) => command.reply?.fields.status === "rejected").length,
    repeated: all.filter(({ command }) => command.sent > 1).length,
    ...{ lost: lost.length, doubled: doubled.length, ledgerSumMicro },
    ledgerEntries: tables.settlement("SELECT entry FROM ledger").length,
    billedPeriods: tables.settlement("SELECT DISTINCT period FROM bills").length,
    complaints: [lost, doubled, others].flatMap((list) => list.slice(0, 10)),
  };
  tables.close();
  return outcome;
}

function openTables(stateFolder: string) {
  const open = (role: string) => new Database(join(stateFolder, "journal", `${role}.sqlite`), { readonly: true });
  const [bidding, exchange, settlement] = [open("bidding"), open("exchange"), open("settlement")];
  const asking = (database: ReturnType<typeof open>) => (sql: string) => database.prepare(sql).all([]) as Row[];
  return {
    ...{ bidding: asking(bidding), exchange: asking(exchange), settlement: asking(settlement) },
    close() {
      for (const database of [bidding, exchange, settlement]) database.close();
    },
  };
}

function groupBy(rows: readonly Row[], name: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = name(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
