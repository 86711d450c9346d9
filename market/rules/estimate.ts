/**
 * A reading that did not come is estimated; when it comes after all, the difference is booked and nothing is edited
 * (elecbay.md 0, rule 8).
 *
 * The estimate says that everyone did exactly what it had contracted, or notified where imbalance is `full`: a seller exported
 * what it sold, a buyer imported what it bought. It counts what was sold as generated, for nothing better is known.
 * A correction settles the period again and books, for each participant, the difference: not only for the one whose
 * reading came, for its deviation was netted with others'. One line of kind `correction`: its energy is the change of
 * metered energy, its price 0, for several prices meet in it, its amount the change of the total: charges and taxes are in it.
 * In a pool the prices that were told stand: what that leaves on its account, or lacks, is moved to `rounding`.
 */
import { micro, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BillLine, Reading } from "../facts.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";

import { type EntryDraft, netFor, netOf, participantAccount, transfer } from "./ledger.js";
import { poolLeft, poolRemainder } from "./pool-settlement.js";

import { type ParticipantSettlement, type PeriodSettlement, type SettlementInput, settlePeriod } from "./settlement.js";

/** The reading of who did exactly what it was held to: its net contract, or its notified position (positive = sold). */
export function estimatedReading(participant: string, heldToWh: Wh): Reading {
  const soldWh = wh(Math.max(0, heldToWh));
  const boughtWh = wh(Math.max(0, -heldToWh));
  return { participant, importWh: boughtWh, exportWh: soldWh, generationWh: soldWh, quality: "estimated" };
}

export interface Correction {
  readonly periodMs: number;
  /** One line for each participant whose energy or money changes, sorted by id. */
  readonly lines: ReadonlyMap<string, BillLine>;
  readonly entries: readonly EntryDraft[];
}

export interface CorrectedPeriod {
  /** With the new reading: what a further correction starts from. */
  readonly input: SettlementInput;
  readonly before: PeriodSettlement;
  readonly after: PeriodSettlement;
  readonly correction: Correction;
}

/**
 * Settles a period again with the reading that came late.
 * @param input what the period was settled with, earlier corrections included
 * @param before its settlement, where it is at hand
 * @throws Error when the period has no reading of this participant.
 */
export function correctPeriod(
  input: SettlementInput,
  reading: Reading,
  before: PeriodSettlement = settlePeriod(input),
): CorrectedPeriod {
  const readings = input.readings.map((old) => (old.participant === reading.participant ? reading : old));
  assertInvariant(readings.includes(reading), `a correction replaces a reading, ${reading.participant} has none`);
  const corrected = { ...input, readings };
  const after = settlePeriod(corrected);
  return { input: corrected, before, after, correction: correctionOf(before, after) };
}

/** What has to be booked so that `before` becomes `after`. Both have the same period and participants. */
export function correctionOf(before: PeriodSettlement, after: PeriodSettlement): Correction {
  assertInvariant(before.periodMs === after.periodMs, "a correction stays within its period");
  const old = new Map(before.participants.map((settled) => [settled.participant, settled]));
  assertInvariant(old.size === after.participants.length, "a correction keeps the period's participants");
  const lines = new Map<string, BillLine>();
  const difference = differenceOf(before.entries, after.entries);
  const entries = [...difference, ...poolRemainder(poolLeft(difference), "correction")];
  const net = netOf(entries);
  for (const settled of after.participants) {
    const line = correctionLine(old.get(settled.participant), settled);
    const booked = netFor(net, participantAccount(settled.participant));
    if (booked !== line.amountMicro) {
      brokenInvariant(`${settled.participant}: ${line.amountMicro} billed, ${booked} booked`);
    }
    if (line.energyWh !== 0 || line.amountMicro !== 0) lines.set(settled.participant, line);
  }
  return { periodMs: after.periodMs, lines, entries };
}

function correctionLine(before: ParticipantSettlement | undefined, after: ParticipantSettlement): BillLine {
  if (before === undefined) brokenInvariant(`${after.participant} was not settled before`);
  return {
    kind: "correction",
    energyWh: wh(after.meteredWh - before.meteredWh),
    priceMicroPerKwh: microPerKwh(0),
    amountMicro: micro(after.totalMicro - before.totalMicro),
  };
}

/** One entry for each pair of accounts between which another amount should have moved, sorted by their names. */
function differenceOf(before: readonly EntryDraft[], after: readonly EntryDraft[]): EntryDraft[] {
  const pairs = new Map<string, { from: string; to: string; amountMicro: number }>();
  const add = ({ debit, credit, amountMicro }: EntryDraft, sign: number): void => {
    const [from, to, flow] = debit < credit ? [debit, credit, amountMicro] : [credit, debit, -amountMicro];
    const pair = pairs.get(`${from} ${to}`) ?? { from, to, amountMicro: 0 };
    pair.amountMicro += sign * flow;
    pairs.set(`${from} ${to}`, pair);
  };
  for (const entry of before) add(entry, -1);
  for (const entry of after) add(entry, 1);
  return [...pairs.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, { from, to, amountMicro }]) => transfer(from, to, amountMicro, "correction") ?? []);
}
