/**
 * The journal of one actor of the market: what came to it, in the order in which it was worked, and what came of that.
 *
 * An actor's state is a function of its inputs and of the market time of each: fed again, they make the same state, facts and replies.
 * So the inputs are the truth; facts, replies and hand-overs stand beside them for readers and as proof, retained messages and
 * snapshots are caches. One writer per journal. Times in UTC milliseconds of market time.
 */
import type { Fact } from "../../market/facts.js";
import type { ProcessRole } from "../../shared/participant-id.js";

/** An event as an actor hears it: plain data. */
export interface ActorEvent {
  readonly type: string;
}

export interface Input {
  /** When it was worked: the alarms that were due until then have rung before it. */
  readonly atMs: number;
  /** Null: only time went on. */
  readonly event: ActorEvent | null;
}

/** What one actor hands to others: numbered by its sender from 1 without gaps, sent again until all receivers have acknowledged it. */
export interface HandedOver {
  readonly n: number;
  readonly topic: string;
  /** The message as it goes out, `n` and `ts` included. */
  readonly message: object;
  readonly receivers: readonly ProcessRole[];
}

/** One input and what came of it. */
export interface JournalEntry extends Input {
  /** From 1 without gaps. */
  readonly n: number;
  /** The market's reply, where the input is a command. */
  readonly reply: object | null;
  readonly facts: readonly Fact[];
  readonly handedOver: readonly HandedOver[];
  /** Hash of the one before and of what was decided here (decision-text.ts): the same for ever, whoever replays it. */
  readonly digest: string;
}

export interface JournalledInput extends Input {
  readonly n: number;
  readonly digest: string;
}

/** An entry as it stands in the journal: of a hand-over, what was said and to which topic. */
export interface RecordedEntry extends Omit<JournalEntry, "handedOver"> {
  readonly handedOver: readonly RecordedHandover[];
}

export type RecordedHandover = Omit<HandedOver, "receivers">;

/** State of an actor after input `n`: a cache, of use only to the program build that made it. */
export interface Snapshot {
  readonly n: number;
  readonly digest: string;
  readonly programVersion: string;
  /** Structured data: maps, sets, arrays, plain objects, numbers and texts. */
  readonly state: unknown;
}

/** Retained messages changed since the last append: null where a topic was cleared. */
export type RetainedChanges = ReadonlyMap<string, string | null>;

export interface ActorJournal {
  /**
   * Durable when it returns: all of it or, where it throws, nothing.
   * @throws JournalError saying which file, what is wrong and what to do: disk full, file not writable, or damaged.
   */
  append(entries: readonly JournalEntry[], retained: RetainedChanges): void;
  /**
   * Like `append`, but it returns at once where the journal is written elsewhere, and `done` is called when all of it is durable or, with
   * what went wrong, nothing, or with an UnansweredError one of the two; in the order of the calls, later or within `settle`. Not there:
   * only `append` is.
   */
  appendLater?(entries: readonly JournalEntry[], retained: RetainedChanges, done: (error: unknown) => void): void;
  /** Waits until all that was given to `appendLater` is done. @throws JournalError where that does not end */
  settle?(): void;
  /** Writes some kB and takes them away again. @throws JournalError, as `append` does, where that cannot be: so would an append. */
  assertWritable(): void;
  /** Number of the last entry, 0 where there is none. */
  lastNumber(): number;
  /** Inputs after number `after`, in order. */
  inputs(after: number): Iterable<JournalledInput>;
  /** Whole entries after number `after`, in order, up to the last that stands there when it is called: also while a market writes it. */
  recorded(after: number): Iterable<RecordedEntry>;
  /** What was handed over as number `n`; undefined where nothing was yet. */
  handedOver(n: number): RecordedHandover | undefined;
  /** Number of the last hand-over, 0 where there is none. */
  lastHandedOver(): number;
  /** Facts as they were recorded, in order; `until`: of inputs up to this number. */
  facts(until?: number): Iterable<Fact>;
  /** Hand-overs that somebody has not acknowledged yet, with those who have not, in order. */
  outstanding(): readonly HandedOver[];
  /** Notes an acknowledgement. May be lost in a crash: then the hand-over is only sent once more. */
  acknowledged(n: number, receiver: ProcessRole): void;
  /** Retained messages as they now are: what the broker should hold. */
  retained(): ReadonlyMap<string, string>;
  /** The newest one; undefined where there is none, or it is damaged: only a cache. */
  snapshot(): Snapshot | undefined;
  /**
   * Takes the place of the one before.
   * @param failed told where it is written later, and could not be
   */
  keepSnapshot(snapshot: Snapshot, failed?: (error: unknown) => void): void;
  /** What the journal was begun with (terms, seed, program version): kept as JSON under a name, never changed once set. */
  remember(name: string, value: unknown): void;
  recall(name: string): unknown;
  close(): void;
}

/** A journal that cannot be read or written: the message says which file, what is wrong, and what to do. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

/** Whether it was written nobody knows: the journal tells, to who reads it again once `assertWritable` has passed. */
export class UnansweredError extends JournalError {}
