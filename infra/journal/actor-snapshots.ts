/**
 * Writes an actor's state down, so that its next restart is short.
 *
 * Only a cache: without a snapshot of this very build all inputs of the journal are worked again.
 */
import type { ActorRun, RunState } from "./actor-run.js";
import type { FoldedTo } from "./fold.js";
import type { ActorJournal, Snapshot } from "./journal.js";
import type { TakenNumbers } from "./taken-numbers.js";

export interface SnapshotPolicy {
  /** While the market runs, which waits meanwhile. */
  readonly everyInputs: number;
  /** At a restart that had to work so many inputs again: nobody waits for it then. */
  readonly afterRestartOf: number;
}

/** What a snapshot holds of an actor and its host. */
export interface SavedHost {
  readonly run: RunState;
  readonly taken: TakenNumbers;
}

export interface ActorSnapshotsOptions {
  /** Undefined: never. */
  readonly policy: SnapshotPolicy | undefined;
  readonly journal: ActorJournal;
  readonly programVersion: string;
  /** It could not be written: the next restart takes longer. */
  readonly onFailure: (error: unknown) => void;
}

export interface ActorSnapshots {
  /** @returns undefined where none is kept of this very build */
  latest(): Snapshot | undefined;
  /** Writes the state down where it is time for that, and the actor takes snapshots. */
  keep(moment: keyof SnapshotPolicy, actor: ActorRun, last: FoldedTo, taken: TakenNumbers): void;
}

export function createActorSnapshots(options: ActorSnapshotsOptions): ActorSnapshots {
  const { policy, journal, programVersion, onFailure } = options;
  let keptAt = 0;
  return {
    latest() {
      const kept = policy === undefined ? undefined : journal.snapshot();
      const usable = kept?.programVersion === programVersion ? kept : undefined;
      keptAt = usable?.n ?? 0;
      return usable;
    },
    keep(moment, actor, last, taken) {
      if (policy === undefined || last.n - keptAt < policy[moment]) return;
      const run = actor.save();
      if (run === undefined) return;
      keptAt = last.n;
      const state: SavedHost = { run, taken };
      try {
        journal.keepSnapshot({ ...last, programVersion, state });
      } catch (error) {
        onFailure(error);
      }
    },
  };
}
