/**
 * The day's head over all statements: signed, published, and proved to each participant.
 *
 * It goes out with the first tick of the next market day (UTC) and states every bill sent until then; a run that ends
 * states its last bills at once, as of the day it ends in. Without any bill there is nothing to state.
 */
import type { Statement } from "../../../shared/messages/private.js";
import { dayMs, isoUtc } from "../../../shared/time.js";
import { type StatementLeaf, signedText, statementSalt, statementTree } from "../../rules/statement-tree.js";
import type { SettlementDesk } from "./desk.js";

/** States the days that are over. */
export function publishHead(desk: SettlementDesk): void {
  const day = dayAt(desk.ports.clock.now() - dayMs);
  if (day <= desk.headDay) return;
  const isFirst = desk.headDay === "";
  // Of a run that begins within a day nothing can be told of the day before.
  if (isFirst) desk.headDay = day;
  else stateDay(desk, day);
}

/** States the day in which the run's last bill went out, before it is over. */
export function publishLastHead(desk: SettlementDesk): void {
  const nowMs = desk.ports.clock.now();
  const day = dayAt(nowMs - 1); // sent at midnight, the last bills are the ended day's, unless that is stated already
  stateDay(desk, day > desk.headDay ? day : dayAt(nowMs));
}

function stateDay(desk: SettlementDesk, day: string): void {
  desk.headDay = day;
  const { clock, digest, outbox, statementSecret, sign, journal } = desk.ports;
  const leaves: StatementLeaf[] = [];
  for (const [participant, hash] of desk.lastBillHash) {
    leaves.push({ participant, hash, salt: statementSalt(statementSecret, day, participant, digest) });
  }
  if (leaves.length === 0) return;
  const tree = statementTree(leaves, digest);
  const head = tree.root;
  const signature = sign(signedText(desk.terms.market, day, head));
  const ts = isoUtc(clock.now());
  journal.record({ type: "head", head: { day, head, signature } });
  outbox.publish(desk.topics.public("statement-head"), { v: 1, ts, day, head, signature }, true);
  for (const { participant, hash, salt } of leaves) {
    const statement: Statement = { v: 1, ts, day, hash, salt, proof: tree.proofOf(participant), head };
    outbox.publish(desk.topics.private(participant, "statement"), statement, true);
  }
}

function dayAt(instantMs: number): string {
  return isoUtc(Math.floor(instantMs / dayMs) * dayMs).slice(0, 10);
}
