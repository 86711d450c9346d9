/**
 * Writes an actor's state down, so that its next restart is short.
 *
 * Only a cache: without a snapshot of this very build all inputs of the journal are worked again.
 */
import type { ActorRun, RunState } from "./actor-run.js";
import type { FoldedTo } from "./fold.js";
import type { ReportOutput } from "./hosted-actor.js";
import type { ActorJournal, Snapshot } from "./journal.js";
import type { TakenNumbers } from "./taken-numbers.js";

export interface SnapshotPolicy {
  /** While the market runs, which waits meanwhile. */
  readonly everyInputs: number;
  /** At a restart that had to work so many inputs again: nobody waits for it then. */
  readonly afterRestartOf: number;
  /**
   * Also where the inputs since the last one took the actor so many milliseconds, which a restart would take again, and writing down is worth it.
   * Undefined: only inputs count, so that a run goes the same way again.
   */
  readonly everyWorkMs?: number;
}

/** Writing a state down takes at most one part in so many of the time of an actor. */
const worthTimes = 20;

/** What a snapshot holds of an actor and its host. */
export interface SavedHost {
  readonly run: RunState;
  readonly taken: TakenNumbers;
  /** What it told of its periods last. */
  readonly report?: ReportOutput;
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
  /** Works something, and counts the time that it takes. */
  timed<T>(work: () => T): T;
  /** @returns undefined where none is kept of this very build */
  latest(): Snapshot | undefined;
  /** Writes the state down where it is time for that, and the actor takes snapshots. */
  keep(
    moment: keyof Pick<SnapshotPolicy, "everyInputs" | "afterRestartOf">,
    actor: ActorRun,
    last: FoldedTo,
    host: Omit<SavedHost, "run">,
  ): void;
}

export function createActorSnapshots(options: ActorSnapshotsOptions): ActorSnapshots {
  const { policy, journal, programVersion, onFailure } = options;
  let keptAt = 0;
  let workedMs = 0;
  let keepingMs = 0;

  function isDue(moment: keyof Pick<SnapshotPolicy, "everyInputs" | "afterRestartOf">, n: number): boolean {
    if (policy === undefined) return false;
    const { everyWorkMs = Number.POSITIVE_INFINITY } = policy;
    return n - keptAt >= policy[moment] || workedMs >= Math.max(everyWorkMs, worthTimes * keepingMs);
  }

  return {
    timed(work) {
      const before = performance.now();
      try {
        return work();
      } finally {
        workedMs += performance.now() - before;
      }
    },
    latest() {
      const kept = policy === undefined ? undefined : journal.snapshot();
      const usable = kept?.programVersion === programVersion ? kept : undefined;
      keptAt = usable?.n ?? 0;
      workedMs = 0;
      return usable;
    },
    keep(moment, actor, last, host) {
      if (!isDue(moment, last.n)) return;
      const before = performance.now();
      const run = actor.save();
      if (run === undefined) return;
      keptAt = last.n;
      workedMs = 0;
      const state: SavedHost = { ...host, run };
      try {
        journal.keepSnapshot({ ...last, programVersion, state }, onFailure);
      } catch (error) {
        onFailure(error);
      }
      keepingMs = performance.now() - before;
    },
  };
}
