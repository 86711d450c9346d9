/**
 * The ledger by itself: entries numbered without gaps, and what it does to each account.
 *
 * An entry has its number from the order of booking, the file goes by period. What is booked at once, a settlement or one correction, has
 * numbers in a row. Where a run was stopped, what was settled but not yet billed is not in the files: then numbers may be missing.
 */
import { participantAccount } from "../../market/rules/ledger.js";
import type { CsvRow } from "../results/csv-reader.js";
import { majorText } from "../results/decimal-text.js";
import { Difference } from "../results/difference.js";
import type { Cells } from "../results/row-facts.js";

export interface LedgerCheck {
  /** `follows`: booked at once with the entry before. @throws Difference where its number does not fit. */
  entry(row: CsvRow, cells: Cells, follows: boolean): void;
  /** What a bill says in all. */
  billed(participant: string, totalMicro: number): void;
  paidIn(participant: string, amountMicro: number): void;
  /** A payment of the operator's, to an account or from it. @throws Difference where it is there twice. */
  paid(row: CsvRow, paymentId: string, account: string, amountMicro: number): void;
  /** @throws Difference where accounts or numbers do not add up. */
  end(isComplete: boolean): { readonly accounts: number };
}

export function createLedgerCheck(file: string): LedgerCheck {
  let seen = new Uint8Array(1 << 16);
  let [last, count, largest] = [0, 0, 0];
  const balances = new Map<string, number>();
  const owed = new Map<string, number>();
  const payments = new Set<string>();
  const add = (sums: Map<string, number>, name: string, amountMicro: number): void => {
    sums.set(name, (sums.get(name) ?? 0) + amountMicro);
  };
  const differs = (line: number | undefined, column: string, expected: string, found: string, meaning: string) =>
    new Difference({ file, line, column }, { expected, found, meaning });

  const note = (row: CsvRow, number: number): void => {
    while (number >= seen.length) {
      const larger = new Uint8Array(seen.length * 2);
      larger.set(seen);
      seen = larger;
    }
    if (seen[number] === 1)
      throw differs(row.line, "entry", "a number of its own", String(number), "it is there twice");
    seen[number] = 1;
    largest = Math.max(largest, number);
    count += 1;
  };

  return {
    entry(row, cells, follows) {
      const number = cells.count("entry");
      if (number === 0 || number > 2 ** 28 || (follows && number !== last + 1)) {
        const expected = follows ? String(last + 1) : "a number from 1";
        throw differs(row.line, "entry", expected, String(number), "entries are numbered as they are booked");
      }
      note(row, number);
      last = number;
      const amountMicro = cells.micro("amount");
      if (amountMicro <= 0)
        throw differs(row.line, "amount", "more than 0", majorText(amountMicro), "an entry moves money");
      add(balances, cells.text("debit"), -amountMicro);
      add(balances, cells.text("credit"), amountMicro);
    },
    billed: (participant, totalMicro) => add(owed, participantAccount(participant), totalMicro),
    paidIn: (participant, amountMicro) => add(owed, participantAccount(participant), amountMicro),
    paid(row, paymentId, account, amountMicro) {
      if (payments.has(paymentId))
        throw differs(row.line, "reason", "a payment of its own", paymentId, "a payment is booked once");
      payments.add(paymentId);
      add(owed, account, amountMicro);
    },
    end(isComplete) {
      if (isComplete && largest !== count) {
        const missing = seen.indexOf(0, 1);
        throw differs(
          undefined,
          "entry",
          `the number ${missing}`,
          "no such entry",
          "entries are numbered without gaps",
        );
      }
      for (const account of new Set([...balances.keys(), ...owed.keys()])) {
        if (!account.startsWith(participantAccount(""))) continue;
        const [balance, bills] = [balances.get(account) ?? 0, owed.get(account) ?? 0];
        if (balance === bills) continue;
        const meaning = `the balance of ${account} is not the sum of its bills and what it paid in`;
        throw differs(undefined, "amount", majorText(bills), majorText(balance), meaning);
      }
      const sum = [...balances.values()].reduce((total, balance) => total + balance, 0);
      if (sum !== 0) throw differs(undefined, "amount", "0 over all accounts", majorText(sum), "money is not kept");
      return { accounts: balances.size };
    },
  };
}
