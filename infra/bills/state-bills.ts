/** Bills and payments of a market's state folder, also of one that runs, each bill with what led to it: for `elecbay bill`. */
import type { CutOrder, OrderFate, Trade } from "../../market/facts.js";
import { billEntries } from "../journal/bill-entries.js";
import type { ActorJournal } from "../journal/journal.js";
import { journalFile, journalsIn, openJournals } from "../journal/journal-folder.js";
import { recallRun } from "../journal/run-record.js";
import { secretsIn } from "../main/secrets.js";
import { cutAgain } from "../results/after-cuts.js";
import type { ResultTerms } from "../results/terms-file.js";
import { InputError } from "../series/input-error.js";
import { programVersion } from "../version.js";
import { createJournalBills } from "./journal-bills.js";
import type { OwnBill, OwnBills } from "./read-bills.js";

export interface StateFolder {
  readonly path: string;
  readonly terms: ResultTerms;
}

/** Whether a settlement manager's journal lies there. */
export function isStateFolder(path: string): boolean {
  return journalsIn(path).includes("settlement");
}

/** @throws JournalError where it cannot be read, InputError where it is of a market that was never begun. */
export function openStateFolder(path: string): StateFolder {
  const journals = openJournals(path, {
    ...{ roles: ["settlement"], readonly: true, programVersion, durability: "normal" },
  });
  try {
    const record = recallRun(journals.journalOf("settlement"));
    if (record === undefined) throw new InputError({ file: path }, "holds a market that was never begun");
    const statementKey = record.about?.statementKey ?? "";
    return { path, terms: { scenario: record.scenario, market: record.terms, statementKey, mode: record.mode } };
  } finally {
    journals.close();
  }
}

/** As read-bills.ts finds them in results, and payments, also of who was never billed. @param wanted a participant; undefined: all @throws JournalError */
export function readStateBills(
  { path, terms }: StateFolder,
  wanted: string | undefined,
): ReadonlyMap<string, OwnBills> {
  const statementSecret = terms.mode === "lockstep" ? String(terms.market.seed) : secretsIn(path)?.statementSecret;
  const reader = createJournalBills({ terms: terms.market, wanted, statementSecret });
  const led = ledTo(path, wanted);
  const found = new Map<string, OwnBills>();
  for (const page of billEntries(journalFile(path, "settlement"))) {
    for (const { sentAtMs: _sent, ...own } of page.flatMap((entry) => reader.take(entry))) {
      const { participant } = own.bill;
      const known = found.get(participant) ?? { participant, bills: [], proofs: [], payments: [] };
      known.bills.push(own.isLate ? own : { ...own, ...led(own) });
      found.set(participant, known);
    }
  }
  for (const [participant, payments] of reader.payments()) {
    const known = found.get(participant) ?? { participant, bills: [], proofs: [] };
    found.set(participant, { ...known, payments });
  }
  for (const own of found.values()) own.proofs.push(...reader.proofsOf(own.participant));
  return found;
}

/** Orders and trades of who is wanted, from the bidding manager's journal where it is there. */
function ledTo(path: string, wanted: string | undefined): (own: OwnBill) => Pick<OwnBill, "orders" | "trades"> {
  const periods = new Map<number, { fates: OrderFate[]; trades: Trade[]; cuts: readonly CutOrder[] }>();
  if (journalsIn(path).includes("bidding")) {
    const journals = openJournals(path, { roles: ["bidding"], readonly: true, programVersion, durability: "normal" });
    try {
      gather(journals.journalOf("bidding"), periods);
    } finally {
      journals.close();
    }
  }
  const standing = new Map<number, ReturnType<typeof byParticipant>>();
  return ({ bill: { participant, periodMs } }) => {
    const period = periods.get(periodMs);
    if (period === undefined || (wanted !== undefined && participant !== wanted)) return { orders: [], trades: [] };
    const { fates, trades, cuts } = period;
    const of =
      standing.get(periodMs) ?? byParticipant(fates, cuts.length === 0 ? trades : cutAgain(fates, trades, cuts).trades);
    standing.set(periodMs, of);
    return of(participant);
  };
}

function gather(
  journal: ActorJournal,
  periods: Map<number, { fates: OrderFate[]; trades: Trade[]; cuts: readonly CutOrder[] }>,
): void {
  for (const fact of journal.facts()) {
    if (fact.type !== "fate" && fact.type !== "trade" && fact.type !== "cut") continue;
    const period = periods.get(fact.periodMs) ?? { fates: [], trades: [], cuts: [] };
    periods.set(fact.periodMs, period);
    if (fact.type === "fate") period.fates.push(fact.fate);
    else if (fact.type === "trade") period.trades.push(fact.trade);
    else period.cuts = fact.orders;
  }
}

function byParticipant(fates: readonly OrderFate[], trades: readonly Trade[]) {
  return (id: string): Pick<OwnBill, "orders" | "trades"> => ({
    orders: fates.filter(({ participant }) => participant === id),
    trades: trades.filter(({ buyer, seller }) => buyer === id || seller === id),
  });
}
