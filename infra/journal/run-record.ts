/** What a market was begun with: stands in every journal of it, so that each can be folded by itself, and a changed market is noticed. */
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import type { MarketTerms } from "../../market/terms.js";
import { type ActorJournal, JournalError } from "./journal.js";

export interface RunRecord {
  readonly scenario: string;
  readonly mode: "lockstep" | "scaled" | "real";
  readonly runId: string;
  /** Market time over wall time. */
  readonly rate: number;
  /** As they were at the start; the calendar's `startMs` is the market's for good. */
  readonly terms: MarketTerms;
  /** Market time in which a participant's commands are counted. */
  readonly rateWindowMs: number;
  /** Least market time between two publications of a list or of a state. */
  readonly leastListIntervalMs: number;
  /** Undefined where an earlier program began it. */
  readonly about?: RunAbout;
}

/** What a replay needs beside the terms, or tells. */
export interface RunAbout {
  readonly description: string;
  readonly trueStepMinutes: number;
  readonly foresight: boolean;
  /** What of the input is made up rather than measured, by name. */
  readonly simulated: readonly string[];
  /** The public key that the signatures of statement heads verify with, as PEM. */
  readonly statementKey: string;
  /** The JavaScript of a mechanism of one's own, with all that it imports; absent: a mechanism of ours. */
  readonly mechanismCode?: string;
}

const name = "run";
const supplierName = "supplier";

/** How to get past it where a market cannot go on. */
export const beginElsewhere =
  "name another --state folder, or begin anew with --fresh, which keeps the old journals aside";

/**
 * Terms as a journal gives them back: a field that is undefined is missing there. Live actors are made of the same, for what they hold is
 * compared when their journal is replayed.
 */
export function asRecorded<T>(terms: T): T {
  return JSON.parse(JSON.stringify(terms)) as T;
}

/** Writes it down where nothing is written yet. */
export function rememberRun(journal: ActorJournal, record: RunRecord): void {
  journal.remember(name, record);
}

/** @returns what the journal was begun with; undefined where it is new. */
export function recallRun(journal: ActorJournal): RunRecord | undefined {
  return journal.recall(name) as RunRecord | undefined;
}

/** What the supplier charges: stands in its own journal alone, for it may be long. */
export function rememberSupplier(journal: ActorJournal, supplier: SupplierSpecification): void {
  journal.remember(supplierName, supplier);
}

/** @returns undefined where an earlier program began it. */
export function recallSupplier(journal: ActorJournal): SupplierSpecification | undefined {
  return journal.recall(supplierName) as SupplierSpecification | undefined;
}

/**
 * A market goes on only under the terms it was begun with: its journal would not replay under others.
 * @throws JournalError naming what differs, and what to do.
 */
export function assertSameTerms(begun: RunRecord, terms: MarketTerms, where: string): void {
  assertSame(begun.terms, terms, begun, `${where} holds a market of other terms`);
}

/**
 * Its prices were handed to the managers at the start, and are what a replay works with.
 * @throws JournalError naming what differs.
 */
export function assertSameSupplier(
  before: SupplierSpecification | undefined,
  supplier: SupplierSpecification,
  begun: RunRecord,
  where: string,
): void {
  if (before !== undefined)
    assertSame(before, supplier, begun, `${where} holds a market whose supplier has other prices`);
}

function assertSame(before: unknown, now: unknown, { scenario }: RunRecord, complaint: string): void {
  const differing = differences(asRecorded(before), asRecorded(now), "");
  if (differing.length === 0) return;
  const some = differing.slice(0, 5).join("; ");
  throw new JournalError(
    `${complaint}: ${some}. Go on with the scenario it was begun with (${scenario}), ${beginElsewhere}`,
  );
}

/**
 * A mechanism of one's own is part of the terms: what it is made of must not change under a market.
 * @throws JournalError where it has changed.
 */
export function assertSameMechanism(begun: RunRecord, about: RunAbout, where: string): void {
  const { about: before, terms } = begun;
  if (before === undefined || before.mechanismCode === about.mechanismCode) return;
  throw new JournalError(
    `${where} holds a market whose mechanism ${terms.bidding.mechanism} has changed since: put it back as it was, ${beginElsewhere}`,
  );
}

/**
 * Statements, their heads and pseudonyms hang on the secret of the state folder.
 * @throws JournalError where it is another one than the market was begun with.
 */
export function assertSameKey(begun: RunRecord, about: RunAbout, where: string): void {
  if (begun.about === undefined || begun.about.statementKey === about.statementKey) return;
  throw new JournalError(
    `${where} holds a market that was begun with another \`secret\`: put that file back (it is in every backup), ${beginElsewhere}`,
  );
}

/** Each as `path: before -> now`. */
function differences(before: unknown, now: unknown, path: string): string[] {
  if (isObject(before) && isObject(now)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
    return names.flatMap((key) => differences(before[key], now[key], path === "" ? key : `${path}.${key}`));
  }
  return before === now ? [] : [`${path}: ${shown(before)} -> ${shown(now)}`];
}

function shown(value: unknown): string {
  const text = value === undefined ? "not set" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
