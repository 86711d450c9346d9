/**
 * The books once more, from the facts of settlement alone: every entry has two sides, every bill equals its lines and what was booked, every
 * bill follows the one before it, every period is billed once.
 */
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { Bill, Fact, LedgerEntry } from "../../../market/facts.js";
import { kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import { isoOf } from "./model-door.js";

export interface MoneyAuditor {
  /** @returns what is wrong with it, undefined where nothing is */
  entry(entry: JournalEntry): string | undefined;
  /** What is wrong once nothing more is to come. */
  atEnd(): string | undefined;
  billedPeriods(): number;
}

export interface MoneyRules {
  readonly participants: ReadonlyMap<string, { readonly depositMicro: number }>;
  readonly periods: readonly number[];
  readonly digest: (text: string) => string;
  /** What the operator has paid in for a participant, less what it was paid out. */
  readonly paidMicro: (participant: string) => number;
}

/** Those that have to be at 0 whenever a period is settled. */
const clearing = ["balancing", "pool", "mechanism"];
const known =
  /^(market|dso|tax|mechanism|balancing|pool|bank|rounding|(participant|supplier|levy|funder):[a-z0-9_-]+)$/;

export function createMoneyAuditor({ participants, periods, digest, paidMicro }: MoneyRules): MoneyAuditor {
  const balances = new Map<string, number>();
  const billedMicro = new Map<string, number>();
  const lastHash = new Map<string, string>();
  const billed = new Set<number>();
  const bills = new Set<string>();
  let entries = 0;

  function book({ entry, debit, credit, amountMicro }: LedgerEntry): string | undefined {
    entries += 1;
    if (entry !== entries) return `entry ${entry} follows entry ${entries - 1}`;
    if (!Number.isSafeInteger(amountMicro) || amountMicro <= 0) return `entry ${entry} moves ${amountMicro}`;
    if (!known.test(debit) || !known.test(credit) || debit === credit) {
      return `entry ${entry} is from ${debit} to ${credit}: it has not two sides`;
    }
    balances.set(debit, (balances.get(debit) ?? 0) - amountMicro);
    balances.set(credit, (balances.get(credit) ?? 0) + amountMicro);
    let sum = 0;
    for (const balance of balances.values()) sum += balance;
    return sum === 0 ? undefined : `the ledger sums to ${sum} behind entry ${entry}`;
  }

  function send(bill: Bill): string | undefined {
    const { billId, participant, lines, totalMicro, previous, hash, contractedWh, meteredWh, periodMs } = bill;
    if (bills.has(billId)) return `${billId} is sent twice`;
    bills.add(billId);
    if (!periods.includes(periodMs)) return `${billId} is of no period`;
    const sum = lines.reduce((total, { amountMicro }) => total + amountMicro, 0);
    if (sum !== totalMicro) return `${billId} says ${totalMicro}, its lines sum to ${sum}`;
    if (previous !== (lastHash.get(participant) ?? "")) return `${billId} does not follow ${participant}'s bill before`;
    const text = JSON.stringify({
      ...{ v: 1, billId, period: isoOf(periodMs) },
      ...{ contractedKwh: kwhFromWh(contractedWh), meteredKwh: kwhFromWh(meteredWh), lines: lines.map(lineOf) },
      ...{ total: majorFromMicro(totalMicro), previous },
    });
    if (digest(text) !== hash) return `${billId} has another hash than its text`;
    lastHash.set(participant, hash);
    billedMicro.set(participant, (billedMicro.get(participant) ?? 0) + totalMicro);
    return undefined;
  }

  function checkBilled(periodMs: number): string | undefined {
    if (billed.has(periodMs)) return `${isoOf(periodMs)} is billed twice`;
    billed.add(periodMs);
    return undefined;
  }

  function take(fact: Fact): string | undefined {
    if (fact.type === "entry") return book(fact.entry);
    if (fact.type === "bill") return send(fact.bill);
    return fact.type === "billed" ? checkBilled(fact.periodMs) : undefined;
  }

  return {
    entry({ facts }) {
      for (const fact of facts) {
        const wrong = take(fact);
        if (wrong !== undefined) return wrong;
      }
      for (const account of clearing) {
        const balance = balances.get(account) ?? 0;
        if (balance !== 0) return `the account ${account} is left with ${balance}`;
      }
      return undefined;
    },
    atEnd() {
      for (const [account, balance] of balances) {
        const participant = account.startsWith("participant:") ? account.slice("participant:".length) : undefined;
        if (participant === undefined) continue;
        const { depositMicro = 0 } = participants.get(participant) ?? {};
        const told = (billedMicro.get(participant) ?? 0) + depositMicro + paidMicro(participant);
        if (told !== balance) return `${participant} is billed ${told} with its payments, booked are ${balance}`;
      }
      return undefined;
    },
    billedPeriods: () => billed.size,
  };
}

function lineOf({ kind, energyWh, priceMicroPerKwh, amountMicro, orderId, name }: Bill["lines"][number]) {
  return {
    ...{ kind, energyKwh: kwhFromWh(energyWh), pricePerKwh: majorFromMicro(priceMicroPerKwh) },
    amount: majorFromMicro(amountMicro),
    ...(orderId === undefined ? {} : { orderId }),
    ...(name === undefined ? {} : { name }),
  };
}
