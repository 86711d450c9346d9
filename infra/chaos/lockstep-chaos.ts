/**
 * Faults in a lockstep run, at ticks and on messages that the plan's seed alone decides: the same scenario, seed and file give the same faults.
 *
 * Between two ticks everything stands still: then bots are killed and started again, and what was late goes out. A bot that comes back is
 * waited for until it is ready for the tick that runs, and one that is killed until the market has heard that it is gone, so that nothing
 * depends on wall time. Managers crash inside a tick and are made again from their journals at the beginning of a later one.
 */
import type { Log, Outbox } from "../../market/ports.js";
import { topicsOf } from "../../shared/topics.js";
import type { MarketHosts } from "../actors/market-hosts.js";
import { beginningOrder } from "../actors/market-hosts.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { ActorJournal } from "../journal/journal.js";
import type { Disturbance, Turn } from "../lockstep/disturbance.js";
import type { LockstepRun } from "../lockstep/lockstep-run.js";
import type { Swarm } from "../threads/swarm.js";
import type { FaultPlan, MessageFault } from "./fault-plan.js";
import { createFaultRecord, type FaultRecord } from "./fault-record.js";
import { createFaultyHandover } from "./faulty-handover.js";
import type { InvariantWatch } from "./invariants.js";
import { createLockstepMail, type Hear } from "./lockstep-mail.js";
import { createManagerErrors, InjectedFault } from "./manager-errors.js";
import { createMessageFaults } from "./message-faults.js";
import { beginningIn, crashKindOf, lengthInTicks, type Occurrence } from "./schedule.js";

export interface LockstepChaosOptions {
  readonly plan: FaultPlan;
  readonly market: string;
  readonly journalOf: (role: HostedRole) => ActorJournal;
  readonly watch: InvariantWatch;
  readonly log: Log;
  readonly run: () => LockstepRun;
  readonly swarm: () => Swarm | undefined;
  /** Resolves once the broker has all that the market has published. */
  readonly flushed: () => Promise<void>;
  /** Undefined: a broker that is not ours. */
  readonly pauseBroker: ((forMs: number) => void) | undefined;
}

export interface LockstepChaos {
  readonly record: FaultRecord;
  readonly disturbance: Disturbance;
  /** The market's connection with faults on what it hears, and its outbox with faults on what participants hear. */
  readonly hear: Hear;
  outbox(inner: Outbox): Outbox;
  betweenTicks(): Promise<void>;
}

/** Wall time that a bot may take to go or to come back. */
const patienceMs = 20_000;

interface Crash {
  readonly kind: ReturnType<typeof crashKindOf>;
  readonly turn: Turn;
  readonly ticks: number;
}

export function createLockstepChaos(options: LockstepChaosOptions): LockstepChaos {
  const { plan, market, watch, log } = options;
  const topics = topicsOf(market);
  const record = createFaultRecord();
  const errors = createManagerErrors();
  const messageFaults = createMessageFaults(plan);
  let seq = 0;
  const atMs = (): number => plan.startMs + Math.max(0, seq - 1) * plan.tickMs;
  const note = (fault: string, whom: string, detail: string): void =>
    record.note({ seq, atMs: atMs(), fault, whom, detail });
  const noteMessage = ({ fault, messages }: MessageFault, whom: string, detail: string): void =>
    note(fault, whom, `${messages} ${detail}`);

  const mail = createLockstepMail({
    ...{ market, seq: () => seq, note: noteMessage },
    fateOf: (messages, whom, topic) => messageFaults.fateOf(messages, whom, topic, atMs()),
    hear: (...message) => options.run().take(...message),
    isMissing: (id) => options.run().isMissing(id),
    leaveOut: (id) => options.run().leaveOut(id, true),
  });
  const handover = createFaultyHandover({
    ...{ market, seq: () => seq, note: noteMessage },
    fateOf: (receiver, kind) => (seq === 0 ? undefined : messageFaults.fateOf("managed", receiver, kind, atMs())),
  });

  /** Managers that crash in this tick, and first ticks in which those that are down are started again. */
  const crashing = new Map<HostedRole, Crash>();
  const downUntil = new Map<HostedRole, number>();
  const muted = new Set<HostedRole>();

  function planCrashes(): void {
    crashing.clear();
    for (const occurrence of beginningIn(plan, seq - 1)) {
      if (occurrence.entry.fault !== "crash-manager") continue;
      const crash = crashOf(occurrence, lengthInTicks(plan, occurrence.entry));
      for (const role of occurrence.whom as HostedRole[]) {
        if (downUntil.has(role)) continue;
        crashing.set(role, crash);
        if (crash.kind === "error") errors.arm(role, Math.floor(occurrence.lots[1] * 4));
      }
    }
  }

  function kill(role: HostedRole, { kind, turn, ticks }: Crash, { of }: MarketHosts): void {
    if (kind === "before-reply") {
      muted.add(role);
      of[role].commit();
      muted.delete(role);
    }
    watch.killed(role);
    of[role].kill();
    downUntil.set(role, seq + ticks);
    note("crash-manager", role, `${kind} (${turn})`);
  }

  const disturbance: Disturbance = {
    interference: { actor: errors.actor },
    queue: handover.queue,
    isMuted: (role) => muted.has(role),
    onCommand: ({ topic }) => watch.commanded(topic),
    bears(role, error) {
      if (!(error instanceof InjectedFault)) return false;
      downUntil.set(role, seq + (crashing.get(role)?.ticks ?? 1));
      note("crash-manager", role, "error");
      return true;
    },
    beginTick(_seq, hosts) {
      for (const [role, until] of downUntil) {
        if (until > seq) continue;
        downUntil.delete(role);
        hosts.of[role].restart();
      }
      watch.checkReplies();
      planCrashes();
      for (const role of beginningOrder)
        if (hosts.of[role].isUp()) handover.sendAgain(role, options.journalOf(role).outstanding());
    },
    endTurn(turn, hosts, worked) {
      for (const [role, crash] of crashing) {
        const itsTurn = role === "supplier" && crash.turn === "gates" ? "told" : crash.turn;
        if (crash.kind === "error" || itsTurn !== turn || (worked !== undefined && worked !== role)) continue;
        crashing.delete(role);
        if (hosts.of[role].isUp()) kill(role, crash, hosts);
      }
    },
  };

  /** Bots that are down, by the tick before which they are started again. */
  const back = new Map<string, number>();

  async function until(what: string, isSo: () => boolean): Promise<void> {
    const lateMs = Date.now() + patienceMs;
    while (!isSo()) {
      if (Date.now() > lateMs) return log.warn(`${what} took longer than ${patienceMs / 1000} s; the run goes on`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async function killBot(swarm: Swarm, id: string, ticks: number): Promise<void> {
    if (back.has(id) || !options.run().isOnline(id)) return;
    const companions = swarm.companions(id);
    await swarm.kill(id);
    await until(`the end of ${id}`, () => !companions.some(options.run().isOnline));
    for (const companion of companions) {
      options.run().leaveOut(companion, false);
      note("kill-bot", companion, `thread of ${id}, away for ${ticks} ticks`);
      back.set(companion, seq + ticks);
    }
  }

  async function startAgain(swarm: Swarm): Promise<void> {
    const due = [...back].filter(([, tick]) => tick <= seq).map(([id]) => id);
    if (due.length === 0) return;
    await options.flushed(); // what it learns from the broker must not depend on how far that is
    for (const id of due) {
      if (!back.has(id)) continue; // it shares the thread of one that has been started
      const companions = swarm.companions(id);
      for (const companion of companions) back.delete(companion);
      await swarm.restart(id);
      await until(`the return of ${id}`, () => companions.every((companion) => mail.lastReady(companion) === seq));
    }
  }

  async function disturbBots(occurrences: readonly Occurrence[]): Promise<void> {
    const swarm = options.swarm();
    if (swarm === undefined) return;
    await startAgain(swarm);
    for (const { entry, whom } of occurrences) {
      if (entry.fault === "kill-bot") for (const id of whom) await killBot(swarm, id, entry.ticks);
      else if (entry.fault === "stop-meter") for (const id of whom) note("stop-meter", id, `${entry.minutes} minutes`);
      else if (entry.fault === "skew-clock")
        for (const id of whom) note("skew-clock", id, `${entry.seconds} seconds for ${entry.minutes} minutes`);
      else if (entry.fault === "pause-broker") {
        note("pause-broker", "broker", `${entry.seconds} seconds`);
        options.pauseBroker?.(entry.seconds * 1000);
      }
    }
  }

  return {
    record,
    disturbance,
    hear: mail.hear,
    outbox: (inner) => {
      const faulty = mail.outbox(inner);
      return {
        publish(topic, message, retain) {
          if (topic === topics.public("clock") && message !== null) seq = (message as { seq: number }).seq;
          watch.published(topic, message);
          faulty.publish(topic, message, retain);
        },
      };
    },
    async betweenTicks() {
      if (seq === 0) return;
      await disturbBots(beginningIn(plan, seq));
      mail.betweenTicks();
    },
  };
}

const killTurns: readonly Turn[] = ["commands", "gates", "told"];

function crashOf(occurrence: Occurrence, ticks: number): Crash {
  const turn = killTurns[Math.floor(occurrence.lots[1] * killTurns.length)] ?? "commands";
  return { kind: crashKindOf(occurrence), turn, ticks };
}
