/**
 * A run checked from its journals alone, also while its market runs: every decision is made again, hand-overs agree, the ledger sums to 0;
 * then the results that follow from the journals are checked as any others are (verify-results.ts).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fact } from "../../market/facts.js";
import { secretsIn } from "../main/secrets.js";
import { compareWithResults, firstOtherLine } from "../replay/compare-results.js";
import { openRecordedRun } from "../replay/recorded-run.js";
import { type Replay, replay } from "../replay/replay.js";
import { Difference } from "../results/difference.js";
import { createHandoverCheck } from "./handover-check.js";
import { openResultFolder } from "./result-folder.js";
import { type Finding, verifyResults } from "./verify-results.js";

export type JournalProgress = (inputs: number, of: number) => void;

/** @throws JournalError or Difference at the first thing that is not as it should be. */
export async function verifyJournals(folder: string, onProgress: JournalProgress): Promise<readonly Finding[]> {
  return onRebuilt(folder, onProgress, ({ findings }, rebuilt) => [
    ...findings,
    ...verifyResults(openResultFolder(rebuilt), () => {}, secretsIn(folder)?.statementSecret),
  ]);
}

/** Results against the journals beside them: every file must follow from those. */
export async function verifyAgainstJournals(folder: string, onProgress: JournalProgress): Promise<readonly Finding[]> {
  return onRebuilt(folder, onProgress, ({ findings, replayed }, rebuilt) => {
    const compared = compareWithResults(folder, rebuilt, replayed.summary);
    if (compared.outcome === "other periods") {
      const told = {
        expected: String(replayed.summary.billedPeriods),
        found: String(compared.billedPeriods),
        meaning: "the journals have billed another number of periods",
      };
      throw new Difference({ file: "summary.json", column: "billedPeriods" }, told);
    }
    const file = compared.outcome === "same" ? compared.otherFiles[0] : undefined;
    if (compared.outcome === "differs" || file !== undefined) {
      const where = compared.outcome === "differs" ? compared.where : firstOtherLine(folder, rebuilt, file ?? "");
      const told = { expected: "what follows from the journals", found: where, meaning: "the files were changed" };
      throw new Difference({ file: where.split(",")[0] ?? "" }, told);
    }
    return findings;
  });
}

interface Checked {
  readonly findings: readonly Finding[];
  readonly replayed: Replay;
}

async function onRebuilt(
  folder: string,
  onProgress: JournalProgress,
  check: (checked: Checked, rebuilt: string) => readonly Finding[],
): Promise<readonly Finding[]> {
  const rebuilt = mkdtempSync(join(tmpdir(), "elecbay-verify-"));
  const run = await openRecordedRun(folder);
  try {
    const handovers = createHandoverCheck(run.record.terms.market, run.roles, run.journalOf);
    const ledger = createLedgerSum();
    const onEntry = (
      role: Parameters<typeof handovers.entry>[0],
      { entry }: { entry: Parameters<typeof handovers.entry>[1] },
    ) => handovers.entry(role, entry);
    const replayed = await replay({ run, outFolder: rebuilt, onProgress, onEntry, onFact: ledger.fact });
    const sum = (of: "inputs" | "commands" | "facts"): number =>
      replayed.journals.reduce((total, journal) => total + journal[of], 0);
    const findings = [
      { what: "journalled inputs worked again, none missing", count: sum("inputs") },
      { what: "commands with exactly one reply", count: sum("commands") },
      { what: "recorded facts that come out again", count: sum("facts") },
      { what: "hand-overs taken as they were handed over, once", count: handovers.end() },
      { what: "ledger entries in the journal, without gap, that sum to 0", count: ledger.end() },
    ];
    return check({ findings, replayed }, rebuilt);
  } finally {
    run.close();
    rmSync(rebuilt, { recursive: true });
  }
}

/** Also of periods that are not billed yet. */
function createLedgerSum() {
  let entries = 0;
  const balances = new Map<string, number>();
  const move = (account: string, micro: number): void =>
    void balances.set(account, (balances.get(account) ?? 0) + micro);
  return {
    fact(fact: Fact): void {
      if (fact.type !== "entry") return;
      const { entry, debit, credit, amountMicro } = fact.entry;
      entries += 1;
      const isWhole = Number.isSafeInteger(amountMicro) && amountMicro >= 0;
      if (entry !== entries || !isWhole || debit === credit) {
        const told = {
          expected: `entry ${entries} of a whole amount`,
          found: JSON.stringify(fact.entry),
          meaning: "the ledger has a gap or moves nothing",
        };
        throw new Difference({ file: "settlement.sqlite", column: `entry ${entry}` }, told);
      }
      move(debit, -amountMicro);
      move(credit, amountMicro);
    },
    end(): number {
      const sum = [...balances.values()].reduce((total, micro) => total + micro, 0);
      if (sum !== 0) {
        const told = { expected: "0", found: String(sum), meaning: "the accounts do not sum to 0" };
        throw new Difference({ file: "settlement.sqlite", column: "ledger" }, told);
      }
      return entries;
    },
  };
}
