import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../../market/facts.js";
import {
  assertBalanced,
  balanceOf,
  createLedger,
  moneySum,
  type Posted,
  post,
  tellEntries,
  transfer,
} from "../../../market/rules/ledger.js";
import { micro } from "../../../shared/units.js";

const entry = (debit: string, credit: string, amount: number) => ({
  ...{ debit, credit, amountMicro: micro(amount), reason: "trade" },
});

const told = (posted: Posted): LedgerEntry[] => {
  const entries: LedgerEntry[] = [];
  tellEntries(posted, (one) => entries.push(one));
  return entries;
};

describe("the ledger", () => {
  it("numbers entries from 1 without gaps, from period to period", () => {
    const ledger = createLedger();
    const first = post(ledger, 1000, [entry("a", "b", 5), entry("b", "c", 2)]);
    const second = post(ledger, 2000, [entry("c", "a", 1)]);
    expect([...told(first), ...told(second)].map((posted) => [posted.entry, posted.periodMs])).toEqual([
      [1, 1000],
      [2, 1000],
      [3, 2000],
    ]);
  });

  it("credits one account what it debits from the other", () => {
    const ledger = createLedger();
    post(ledger, 0, [entry("a", "b", 5), entry("b", "c", 2)]);
    expect(["a", "b", "c", "d"].map((account) => balanceOf(ledger, account))).toEqual([-5, 3, 2, 0]);
    expect(moneySum(ledger)).toBe(0);
  });

  it("refuses a batch with an amount that is not positive, or within one account, and posts none of it", () => {
    const ledger = createLedger();
    expect(() => post(ledger, 0, [entry("a", "b", 5), entry("a", "b", 0)])).toThrow("positive amount");
    expect(() => post(ledger, 0, [entry("a", "b", 5), entry("b", "b", 1)])).toThrow("two accounts");
    expect(ledger).toEqual(createLedger());
  });

  it("finds money out of nothing, and balancing left open", () => {
    const ledger = createLedger();
    ledger.balances.set("a", { micro: micro(7) });
    expect(() => assertBalanced(ledger)).toThrow("got 7");
    const open = createLedger();
    post(open, 0, [entry("a", "balancing", 4)]);
    expect(() => assertBalanced(open)).toThrow("balancing must end each period at 0, got 4");
  });
});

describe("a transfer", () => {
  it("of a negative amount swaps the accounts, of nothing makes no entry", () => {
    expect(transfer("a", "b", -3, "trade")).toEqual(entry("b", "a", 3));
    expect(transfer("a", "b", 0, "trade")).toBeUndefined();
    expect(transfer("a", "a", 3, "trade")).toBeUndefined();
  });
});
