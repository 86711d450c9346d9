/**
 * Deposits and grants (elecbay.md 0, rule 5): what participants have paid in, and how much bidding may hold of each.
 *
 * A grant is the balance of the participant's account, deposit included; it may be negative. Those with a limit are granted anew after
 * each settled period, together with its name, so that bidding drops what it held for it in the same moment; and after corrections.
 * With nobody under a limit nothing is sent.
 */
import { majorFromMicro, microFromMajor } from "../../../shared/decimal.js";
import { isoUtc } from "../../../shared/time.js";
import { accounts, balanceOf, participantAccount, transfer } from "../../rules/ledger.js";
import { firstPeriod } from "../calendar.js";
import type { SettlementDesk } from "./desk.js";
import { book } from "./settle.js";

/** Books what members have paid in, each once, as of the run's first period. */
export function bookDeposits(desk: SettlementDesk): void {
  const entries = [];
  for (const { id, deposit } of desk.members) {
    if (deposit === undefined || desk.depositsBooked.has(id)) continue;
    desk.depositsBooked.add(id);
    const entry = transfer(accounts.bank, participantAccount(id), microFromMajor(deposit), "deposit");
    if (entry !== undefined) entries.push(entry);
  }
  if (entries.length > 0) book(desk, firstPeriod(desk.terms.calendar), entries);
}

/** Tells bidding everyone's funds. `settled`, `payouts`: periods and payments that these contain and earlier ones did not. */
export function handGrants(desk: SettlementDesk, settled: readonly number[], payouts: readonly string[] = []): void {
  desk.grantsChanged = false;
  const grants = [];
  for (const { id, creditLimit } of desk.members) {
    if (creditLimit === undefined) continue;
    grants.push({ participant: id, funds: majorFromMicro(balanceOf(desk.ledger, participantAccount(id))) });
  }
  if (grants.length === 0 && payouts.length === 0) return;
  const periods = settled.map((periodMs) => isoUtc(periodMs));
  desk.ports.link.hand({
    kind: "grants",
    body: {
      ...(periods.length === 0 ? {} : { settled: periods }),
      ...(payouts.length === 0 ? {} : { payouts: [...payouts] }),
      grants,
    },
  });
}
