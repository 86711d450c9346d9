/**
 * Who bears what trades with two prices leave over or lack: truthful auctions, elecbay.md 0, rule 7.
 *
 * The account `mechanism` has it after the trades: positive = more was paid than received. A named funder gets or pays all of it at the
 * end of the period. `shared`: everyone who traded gets or pays its part of it, in proportion to all energy it bought and sold, by
 * largest remainder, ties to the earlier id: a line `levy` named `mechanism`. Without a funder it stays where it is.
 */
import { microPerKwh } from "../../shared/units.js";
import { addCharge, type BillSheet, type Charge } from "./bill-sheet.js";
import { type EntryBook, enter, otherTally } from "./entry-book.js";
import { share } from "./largest-remainder.js";
import { accounts, funderAccount } from "./ledger.js";
import type { Party } from "./settlement-party.js";

/** One that no levy of the terms may have. */
export const mechanismLevyName = "mechanism";
const mechanismLevy: Charge = {
  ...{ kind: "levy", account: accounts.mechanism, priceMicroPerKwh: microPerKwh(0), name: mechanismLevyName },
};

/** What the account has of the entries so far. */
export function mechanismSurplus(book: EntryBook): number {
  return otherTally(book, accounts.mechanism).netMicro;
}

/** What each party gets of it (negative: pays), in their order. */
export function sharesOf(surplusMicro: number, parties: readonly Party[]): number[] {
  const shares = share(
    Math.abs(surplusMicro),
    parties.map(({ tradedWh }) => tradedWh),
  );
  return surplusMicro < 0 ? shares.map((amountMicro) => -amountMicro) : shares;
}

export function addShare(sheet: BillSheet, gotMicro: number): void {
  addCharge(sheet, mechanismLevy, gotMicro);
}

/** Moves the surplus to the funder, or takes the lack from it. */
export function enterFunder(book: EntryBook, funder: string, surplusMicro: number): void {
  const [mechanism, other] = [otherTally(book, accounts.mechanism), otherTally(book, funderAccount(funder))];
  enter(book, mechanism, other, surplusMicro, "funder");
}
