/**
 * What an actor has worked and is not durable yet: all that has come meanwhile is written together, and while the disk is busy with
 * one group the next one gathers. Nothing of a group is said before it is durable.
 */
import { textOf } from "../message-text.js";
import type { Worked } from "./actor-run.js";
import type { Output } from "./hosted-actor.js";
import { type ActorJournal, type Input, type JournalEntry, JournalError, UnansweredError } from "./journal.js";
import { saidInOrder } from "./said-in-order.js";

export interface Pending {
  readonly input: Input;
  readonly worked: Worked;
  /** Undefined: it leaves nothing behind, and is not journalled. */
  readonly entry: JournalEntry | undefined;
  readonly onDurable: (() => void) | undefined;
}

export interface GroupCommitOptions {
  readonly journal: ActorJournal;
  readonly release: (output: Output) => void;
  /** A group is on its way to the journal, and everything worked is in it or was before it. */
  readonly onWritten: () => void;
  /** The journal cannot be written: none of these has happened. What was on its way may have, and is not among them where that is not known. */
  readonly onFailed: (lost: readonly Pending[], error: unknown) => void;
}

export interface GroupCommit {
  add(pending: Pending): void;
  /** Begins to write what is there, unless a group is being written: then the rest follows it. */
  commit(): void;
  /** Returns when all that was added is durable and released, or has failed. */
  settle(): void;
  /** What is not durable is lost, and never released. */
  abandon(): void;
}

/** So much may gather while the disk is busy; then the actor waits for it. */
const mostPending = 5000;

/** What a release throws keeps nothing else from being released; then it is thrown by `commit`, `settle` or to the journal that called back. */
export function createGroupCommit({ journal, release, onWritten, onFailed }: GroupCommitOptions): GroupCommit {
  let gathered: Pending[] = [];
  let writing: readonly Pending[] | undefined;
  const durable = saidInOrder(release);
  let depth = 0;

  /** A release may come back here: what could not be released is thrown to who was here first. */
  function outermost(act: () => void): void {
    depth += 1;
    try {
      act();
    } finally {
      depth -= 1;
    }
    const failure = depth === 0 ? durable.takeFailure() : undefined;
    if (failure !== undefined) throw failure.error;
  }

  function finish(group: readonly Pending[]): void {
    for (const { worked, onDurable } of group) durable.add(worked.outputs, onDurable);
    durable.say();
  }

  /** @param refused what has certainly not happened, besides what has gathered */
  function fail(refused: readonly Pending[], error: unknown): void {
    const lost = [...refused, ...gathered];
    abandon();
    onFailed(lost, error);
  }

  function abandon(): void {
    gathered = [];
    writing = undefined;
  }

  function written(group: readonly Pending[], error: unknown): void {
    if (writing !== group) return; // abandoned
    writing = undefined;
    if (error === undefined) {
      finish(group);
      begin();
    } else fail(error instanceof UnansweredError ? [] : group, error);
  }

  function write(group: readonly Pending[], entries: readonly JournalEntry[]): void {
    const done = (error: unknown): void => outermost(() => written(group, error));
    writing = group;
    const retained = retainedChanges(group);
    try {
      if (journal.appendLater === undefined) journal.append(entries, retained);
      else journal.appendLater(entries, retained, done);
    } catch (error) {
      done(error);
      return;
    }
    if (journal.appendLater === undefined) done(undefined);
    onWritten();
  }

  function begin(): void {
    if (writing !== undefined || gathered.length === 0) return;
    const group = gathered;
    gathered = [];
    const entries = group.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
    if (entries.length > 0) write(group, entries);
    else {
      finish(group);
      onWritten();
    }
  }

  /** Each turn of the loop ends a group, or all. */
  function settle(): void {
    durable.sayAll();
    begin();
    while (writing !== undefined) {
      const group = writing;
      try {
        journal.settle?.(); // what has gathered follows within
        if (writing === group) throw new JournalError("the journal does not tell what became of what it was to write");
      } catch (error) {
        if (writing === undefined) break; // it is others' that is not written
        fail([], error); // what was being written may still become durable: nobody is told that it has not happened
      }
    }
    durable.sayAll();
  }

  return {
    add: (pending) => void gathered.push(pending),
    commit: () => outermost(() => (writing !== undefined && gathered.length >= mostPending ? settle() : begin())),
    settle: () => outermost(settle),
    abandon,
  };
}

function retainedChanges(group: readonly Pending[]): Map<string, string | null> {
  const changes = new Map<string, string | null>();
  for (const { worked, entry } of group) {
    if (entry === undefined) continue; // it leaves nothing behind, on the broker neither
    for (const output of worked.outputs) {
      if (output.kind !== "publish" || !output.retain) continue;
      changes.set(output.topic, output.message === null ? null : textOf(output.message));
    }
  }
  return changes;
}
