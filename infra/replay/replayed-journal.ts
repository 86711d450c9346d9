/**
 * One journal folded by itself, entry by entry, and compared with what it holds: digests by the fold, facts and hand-overs here.
 *
 * Each command has exactly one reply. Facts come out with what was rejected, which a journal keeps as the reply alone.
 */
import type { Fact } from "../../market/facts.js";
import type { MarketTerms } from "../../market/terms.js";
import { isoUtc } from "../../shared/time.js";
import { type Topics, topicsOf } from "../../shared/topics.js";
import type { ActorRun, Worked } from "../journal/actor-run.js";
import type { SavedHost } from "../journal/actor-snapshots.js";
import { firstDigest } from "../journal/decision-text.js";
import { foldSteps } from "../journal/fold.js";
import type { JournalledRole } from "../journal/hosted-actor.js";
import type { ActorJournal, RecordedEntry } from "../journal/journal.js";
import { stateHash } from "../journal/state-text.js";
import { sha256 } from "../main/secrets.js";
import { Difference } from "../results/difference.js";
import { programBuild } from "../version.js";
import { compareRecorded } from "./first-difference.js";

export interface ReplayedEntry {
  readonly entry: RecordedEntry;
  /** What came of it, in order. */
  readonly facts: readonly Fact[];
}

/** What was folded of one journal, counted as it goes. */
export interface JournalTally {
  readonly role: JournalledRole;
  inputs: number;
  commands: number;
  facts: number;
  handovers: number;
  /** Of the last input. */
  digest: string;
  /** Facts whose explaining words are others today. */
  wordedOtherwise: number;
  /** Number of the input whose snapshot was compared with the state made anew; undefined: none of this build. */
  snapshotAt: number | undefined;
}

export function createTally(role: JournalledRole): JournalTally {
  return {
    ...{ role, inputs: 0, commands: 0, facts: 0, handovers: 0, digest: firstDigest },
    ...{ wordedOtherwise: 0, snapshotAt: undefined },
  };
}

export interface ReplayedJournalOptions {
  readonly terms: MarketTerms;
  readonly journal: ActorJournal;
  /** At its very beginning. */
  readonly run: ActorRun;
  readonly tally: JournalTally;
}

/** @throws JournalError where a decision comes out differently, Difference where what it holds beside its inputs does. */
export function* replayedJournal({ terms, journal, run, tally }: ReplayedJournalOptions): Generator<ReplayedEntry> {
  const { role } = tally;
  const topics = topicsOf(terms.market);
  const snapshot = journal.snapshot();
  const from = { n: 0, digest: firstDigest };
  for (const { input: entry, worked } of foldSteps({ role, run, from, inputs: journal.recorded(0) })) {
    compareEntry(entry, worked, topics, tally);
    tally.inputs += 1;
    tally.facts += entry.facts.length;
    tally.handovers += entry.handedOver.length;
    tally.digest = entry.digest;
    if (snapshot?.n === entry.n && snapshot.programVersion === programBuild) {
      const found = stateHash(run.save(), sha256);
      const kept = stateHash((snapshot.state as SavedHost).run, sha256);
      if (found !== kept) throw parted(role, entry, "state", kept, found);
      tally.snapshotAt = entry.n;
    }
    yield {
      entry,
      facts: worked.outputs.flatMap((output) => (output.kind === "fact" ? [withSignature(output.fact, entry)] : [])),
    };
  }
}

function compareEntry(entry: RecordedEntry, worked: Worked, topics: Topics, tally: JournalTally): void {
  const { role } = tally;
  const { reply, facts, handedOver } = worked.decided;
  if (entry.event?.type === "COMMAND") {
    tally.commands += 1;
    assertOneReply(role, entry, worked, topics);
    const { parted: at } = compareRecorded(withoutReason(entry.reply), withoutReason(reply));
    if (at !== undefined) throw parted(role, entry, `reply.${at.path}`, at.recorded, at.replayed);
  }
  const sides = [
    ["facts", entry.facts, facts],
    ["handed over", entry.handedOver, handedOver],
  ] as const;
  for (const [what, recorded, replayed] of sides) {
    if (recorded.length !== replayed.length) {
      throw parted(role, entry, `number of ${what}`, recorded.length, replayed.length);
    }
    for (const [place, one] of recorded.entries()) {
      const { parted: at, isWordedOtherwise } = compareRecorded(one, replayed[place]);
      if (isWordedOtherwise) tally.wordedOtherwise += 1;
      if (at !== undefined) throw parted(role, entry, `${what} ${place + 1}: ${at.path}`, at.recorded, at.replayed);
    }
  }
}

function assertOneReply(role: JournalledRole, entry: RecordedEntry, { outputs }: Worked, topics: Topics): void {
  const { packet } = entry.event as unknown as { packet: { sender: string } };
  const topic = topics.private(packet.sender, "replies");
  const replies = outputs.filter((output) => output.kind === "publish" && output.topic === topic).length;
  if (replies === 1 && entry.reply !== null) return;
  throw parted(role, entry, "replies", entry.reply === null ? 0 : 1, replies);
}

/** Why something is refused is told in words. */
function withoutReason(reply: object | null): object | null {
  if (reply === null) return null;
  const { reason: _reason, ...rest } = reply as { reason?: string };
  return rest;
}

/** Only the market's own key can sign a head: the recorded signature stands, and is verified with the results. */
function withSignature(fact: Fact, { facts }: RecordedEntry): Fact {
  if (fact.type !== "head") return fact;
  const recorded = facts.find((one) => one.type === "head" && one.head.day === fact.head.day);
  return recorded ?? fact;
}

function parted(
  role: JournalledRole,
  entry: RecordedEntry,
  what: string,
  recorded: unknown,
  replayed: unknown,
): Difference {
  const place = `input ${entry.n} (${entry.event?.type ?? "an alarm"} at ${isoUtc(entry.atMs)}), ${what}`;
  return new Difference(
    { file: `${role}.sqlite`, column: place },
    {
      expected: JSON.stringify(replayed) ?? "nothing",
      found: JSON.stringify(recorded) ?? "nothing",
      meaning: "the journal holds something else than what comes of its inputs",
    },
  );
}
