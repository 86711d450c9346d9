/**
 * Runs one actor of the market so that nothing it decides is lost: journal before reply.
 *
 *   down ── restart: folded from its journal ──► up ── the actor throws, or the journal cannot be written ──► down
 *
 * Up, what comes is worked at once and what comes of it waits; at the end of the turn all of it is appended to the journal in one
 * transaction (group-commit.ts) and only then replied, published, handed over and acknowledged. What could not be appended has not
 * happened: its commands are refused and the actor is made anew from the journal. Down, commands are refused with `market-closed` and
 * hand-overs are left for later: their senders send them again.
 * Source: contract.md, "Rules for every message" and "Between the market's own processes"; docs/journal.md.
 */
import type { Packet } from "../../market/door/packet.js";
import type { Digest } from "../../market/ports.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { type ActorRun, createActorRun, type Worked } from "./actor-run.js";
import { createActorSnapshots, type SavedHost, type SnapshotPolicy } from "./actor-snapshots.js";
import { firstDigest } from "./decision-text.js";
import { foldJournal } from "./fold.js";
import { createGroupCommit } from "./group-commit.js";
import {
  type HostedRole,
  type JournalledRole,
  journalledRoles,
  type MakeActor,
  type Output,
  type ReportOutput,
  type SeenActor,
} from "./hosted-actor.js";
import type { ActorEvent, ActorJournal, Input, JournalEntry } from "./journal.js";
import { createRefusedHandovers } from "./refused-handovers.js";
import { createTakenNumbers, isOther, isTaken, newestTaken, noteTaken, type TakenNumbers } from "./taken-numbers.js";

/** Why an actor is down: it threw, or its journal could not be written. */
export type DownCause = "actor" | "journal";

export interface ManagerHostOptions<Role extends JournalledRole = HostedRole> {
  readonly role: Role;
  readonly market: string;
  /** Market time at which the actor's clock begins, the same at every restart. */
  readonly startMs: number;
  readonly programVersion: string;
  readonly journal: ActorJournal;
  readonly make: MakeActor;
  readonly digest: Digest;
  /** Market time now. */
  readonly now: () => number;
  /** Calls back once, at the end of the turn: then what has come is made durable. Undefined: `commit` is called from outside. */
  readonly atEndOfTurn?: (commit: () => void) => void;
  /** Calls back at a market time, in the place of what was asked before; undefined: nothing to wait for. */
  readonly wakeAt?: (atMs: number | undefined, wake: () => void) => void;
  /** What was said and is durable. */
  readonly release: (output: Output) => void;
  /** What was said, before it is durable: hand-overs in memory. */
  readonly onSaid?: (output: Output) => void;
  /** A hand-over is taken, durably. */
  readonly acknowledge: (sender: ProcessRole, n: number) => void;
  readonly refuse: (packet: Packet, reason: string) => void;
  readonly onDown: (cause: DownCause, error: unknown) => void;
  /** False: an event that left nothing behind; it is worked, but not journalled. All last by default. */
  readonly isLasting?: (event: ActorEvent | null, said: readonly Output[]) => boolean;
  /** Told what was taken when the journal is folded; what it throws keeps the actor down. */
  readonly onFolded?: (taken: TakenNumbers) => void;
  /** Shows an actor that has come to life to whoever looks on. @returns called when that life is over */
  readonly onLife?: (seen: SeenActor) => () => void;
  /** When the state is written down, so that the next restart is short. Undefined: never. */
  readonly snapshots?: SnapshotPolicy;
}

export interface ManagerHost<Role extends JournalledRole = HostedRole> {
  readonly role: Role;
  isUp(): boolean;
  /** Makes the actor from its journal, or begins both. @throws JournalError, and stays down. */
  restart(): void;
  take(event: ActorEvent): void;
  /** A numbered hand-over: taken once, in the order of its kind, acknowledged when durable. */
  takeHandover(sender: ProcessRole, event: ActorEvent & { readonly message: HandoverNumbers }): void;
  /** Works the alarms that are due. */
  advance(): void;
  /** Makes durable and releases what has been worked. */
  commit(): void;
  /** Somebody has taken what this actor handed over. */
  acknowledged(n: number, receiver: ProcessRole): void;
  /** Stops the actor; what was worked is durable first. */
  stop(): void;
  /** Stops as a crash would: what is not durable is lost. */
  kill(): void;
}

interface HandoverNumbers {
  readonly v?: unknown;
  readonly ts?: unknown;
  readonly n: number;
  readonly previous?: number | undefined;
}

export function createManagerHost<Role extends JournalledRole>(options: ManagerHostOptions<Role>): ManagerHost<Role> {
  const { role, market, journal, make, digest, now, release, refuse } = options;
  let run: ActorRun | undefined;
  let taken = createTakenNumbers();
  let last = { n: 0, digest: firstDigest };
  let isCommitAsked = false;
  /** Its actor has thrown: its state is of no use any more. */
  let isFailing = false;
  let lastReport: ReportOutput | undefined;
  let leave = (): void => {};
  const warn = (message: string, values: Record<string, unknown>): void =>
    release({ kind: "log", level: "warn", message, values });
  const refused = createRefusedHandovers(role, warn);
  const snapshots = createActorSnapshots({
    ...{ policy: options.snapshots, journal, programVersion: options.programVersion },
    onFailure: (error) => warn(`no snapshot of ${role} was kept`, { error: String(error) }),
  });

  const group = createGroupCommit({
    ...{ journal, release },
    onWritten: () => {
      if (run !== undefined && !isFailing) snapshots.keep("everyInputs", run, last, hostState());
    },
    onFailed(lost, error) {
      for (const { input } of lost) refuseAgain(input, "the market cannot write its journal: send again later");
      goDown("journal", error);
    },
  });

  /** What is not durable is lost. */
  function endLife(): void {
    leave();
    leave = () => {};
    run?.stop();
    run = undefined;
    group.abandon();
    options.wakeAt?.(undefined, () => {});
  }

  function goDown(cause: DownCause, error: unknown): void {
    endLife();
    options.onDown(cause, error);
  }

  /** @returns false where the actor failed on it. */
  function work(input: Input, onDurable?: () => void): boolean {
    if (run === undefined) return false;
    const actor = run;
    const worked = snapshots.timed(() => actor.work(input));
    if (worked.failure !== undefined) {
      isFailing = true;
      group.settle(); // what came before was worked well
      for (const output of worked.outputs) if (output.kind === "log") release(output);
      refuseAgain(input, "it could not be worked; the market's operator has been told");
      goDown("actor", worked.failure.error);
      return false;
    }
    const entry = isLasting(input, worked) ? entryOf(run, input, worked) : undefined;
    group.add({ input, worked, entry, onDurable });
    noteReport(worked);
    for (const output of worked.outputs) options.onSaid?.(output);
    if (!isCommitAsked && options.atEndOfTurn !== undefined) {
      isCommitAsked = true;
      options.atEndOfTurn(commit);
    }
    options.wakeAt?.(run.nextDueMs(), host.advance);
    return true;
  }

  function noteReport({ outputs }: Worked): void {
    for (const output of outputs) if (output.kind === "report") lastReport = output;
  }

  function isLasting({ event }: Input, { outputs }: Worked): boolean {
    return options.isLasting === undefined || options.isLasting(event, outputs);
  }

  function entryOf(actor: ActorRun, input: Input, worked: Worked): JournalEntry {
    last = { n: last.n + 1, digest: actor.digestAfter(last.digest, worked) };
    // Of one shape, so that keeping it is quick.
    const { reply, facts, handedOver } = worked.decided;
    return { n: last.n, atMs: input.atMs, event: input.event, reply, facts, handedOver, digest: last.digest };
  }

  function refuseAgain({ event }: Input, reason: string): void {
    if (event !== null && isCommand(event)) refuse(event.packet, reason);
  }

  function commit(): void {
    isCommitAsked = false;
    group.commit();
  }

  function hostState(): Omit<SavedHost, "run"> {
    return lastReport === undefined ? { taken } : { taken, report: lastReport };
  }

  function recover(): void {
    const { startMs } = options;
    const snapshot = snapshots.latest();
    const saved = snapshot?.state as SavedHost | undefined;
    taken = saved?.taken ?? createTakenNumbers();
    lastReport = saved?.report;
    const made = createActorRun({
      market,
      startMs,
      make,
      digest,
      ...(saved === undefined ? {} : { saved: saved.run }),
    });
    const from = snapshot === undefined ? { n: 0, digest: firstDigest } : { n: snapshot.n, digest: snapshot.digest };
    const onWorked = ({ event }: Input, worked: Worked): void => {
      learnTaken(event);
      noteReport(worked);
    };
    last = snapshots.timed(() => foldJournal({ role, journal, run: made, from, onWorked }));
    options.onFolded?.(taken);
    run = made;
    if (made.seen !== undefined) leave = options.onLife?.({ ...made.seen, take: host.take }) ?? leave;
    isFailing = false;
  }

  function learnTaken(event: ActorEvent | null): void {
    const origin = event as { readonly sender?: ProcessRole; readonly message?: HandoverNumbers } | null;
    if (origin?.sender === undefined || origin.message === undefined) return;
    noteTaken(taken, origin.sender, origin.message.n, contentOf(origin.sender, origin.message));
  }

  /** Of those who keep no journal here and may begin their numbers again; the others cannot. When it was sent is no content. */
  function contentOf(sender: ProcessRole, message: HandoverNumbers): string | undefined {
    if (journalledRoles.some((journalled) => journalled === sender)) return undefined;
    const { v: _v, ts: _ts, n: _n, previous: _previous, ...content } = message;
    return digest(JSON.stringify(content));
  }

  const host: ManagerHost<Role> = {
    role,
    isUp: () => run !== undefined,
    restart() {
      endLife();
      try {
        journal.settle?.(); // what an earlier life was writing
        journal.assertWritable(); // before all inputs are worked again for nothing
      } catch (error) {
        goDown("journal", error);
        return;
      }
      recover();
      const begun = last.n > 0;
      work({ atMs: latest(), event: { type: begun ? "RESUMED" : "START" } });
      group.settle(); // which proves that the journal can be written
      if (run === undefined) return;
      snapshots.keep("afterRestartOf", run, last, hostState());
      if (begun) {
        for (const [topic, text] of journal.retained()) {
          release({ kind: "publish", topic, message: JSON.parse(text) as object, retain: true });
        }
        if (lastReport !== undefined) release(lastReport); // else it counts as away until there is news
        for (const handedOver of journal.outstanding()) release({ kind: "resend", handedOver });
      }
      host.advance();
    },
    take(event) {
      if (run === undefined)
        return refuseAgain({ atMs: now(), event }, `${role} is being started again: send again later`);
      host.advance();
      work({ atMs: latest(), event });
    },
    takeHandover(sender, event) {
      if (run === undefined) return;
      const { n, previous } = event.message;
      const content = contentOf(sender, event.message);
      if (content !== undefined && isOther(taken, sender, n, content)) {
        refused.reused({ ...event, sender }, newestTaken(taken, sender));
        return;
      }
      if (isTaken(taken, sender, n)) {
        group.settle(); // it may have been taken in this very turn: acknowledged only when durable
        if (run !== undefined) options.acknowledge(sender, n);
        return;
      }
      // Sent again by its sender, in order: what has to come before comes before it then.
      if (previous !== undefined && !isTaken(taken, sender, previous)) {
        refused.ahead({ ...event, sender }, newestTaken(taken, sender));
        return;
      }
      host.advance();
      if (work({ atMs: latest(), event: { ...event, sender } as ActorEvent }, () => options.acknowledge(sender, n))) {
        noteTaken(taken, sender, n, content);
      }
    },
    advance() {
      for (let due = run?.nextDueMs(); due !== undefined && due <= now(); due = run?.nextDueMs()) {
        if (!work({ atMs: latest(), event: null })) return;
      }
    },
    commit,
    acknowledged: (n, receiver) => journal.acknowledged(n, receiver),
    stop() {
      group.settle();
      host.kill();
    },
    kill: endLife,
  };

  /** Market time never steps back for an actor. */
  function latest(): number {
    return Math.max(now(), run?.nowMs() ?? 0);
  }

  return host;
}

function isCommand(event: ActorEvent): event is ActorEvent & { readonly packet: Packet } {
  return event.type === "COMMAND";
}
