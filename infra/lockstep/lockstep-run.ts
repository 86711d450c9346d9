/**
 * A lockstep run over MQTT: one connection carries all of a tick before the next, and the next tick is published when
 * everyone is ready, or at the deadline.
 */
import { createActor, fromPromise, waitFor } from "xstate";
import { alarmOn, type Clock } from "../../market/managers/alarm.js";
import { tickLengthMs } from "../../market/managers/calendar.js";
import {
  beginTick,
  createBarrier,
  enrol,
  isMissing,
  isTickComplete,
  leaveOut,
  markAbsent,
} from "../../market/managers/clock/barrier.js";
import { lockstepClockMachine } from "../../market/managers/clock/lockstep-clock.machine.js";
import type { Log, Outbox } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import { isoUtc, periodContaining } from "../../shared/time.js";
import { filtersOf, topicsOf } from "../../shared/topics.js";
import type { OnLife } from "../actors/market-hosts.js";
import type { Connection } from "../mqtt/connection.js";
import { createLockstepInbox } from "./lockstep-inbox.js";
import type { LockstepMarket } from "./lockstep-market.js";

export interface Absence {
  readonly seq: number;
  readonly ts: string;
  readonly participant: string;
}

export interface LockstepRunOptions {
  readonly terms: MarketTerms;
  readonly runId: string;
  /** Whom the first tick waits for. */
  readonly expected: readonly string[];
  readonly deadlineMs: number;
  readonly log: Log;
  readonly market: LockstepMarket;
  readonly connection: Connection;
  readonly outbox: Outbox;
  /** True once the last period of the run is billed. */
  readonly isOver: () => boolean;
  /** Waits until what was written is out of the house. */
  readonly settleOut: () => Promise<void>;
  readonly onTick: (seq: number, tsMs: number) => void;
  /** Shows the clock's actor to whoever looks on. */
  readonly onLife?: OnLife | undefined;
}

export interface LockstepRun {
  /** Takes one message of the market's connection. */
  take(topic: string, payload: Buffer, retained: boolean): void;
  /** Resolves when the run is over or stopped. @throws what made it impossible to go on. */
  finished(): Promise<void>;
  stop(): void;
  /** Ends the run with an error. */
  fail(error: unknown): void;
  readonly absences: readonly Absence[];
  readonly unusable: () => number;
  /** Whether the tick in progress still waits for it. */
  isMissing(id: string): boolean;
  isOnline(id: string): boolean;
  /**
   * Does at once what the deadline would do, for whoever is known not to answer. Waited for again from the next tick on where it lives
   * (`isBack`), else once it has come back.
   */
  leaveOut(id: string, isBack: boolean): void;
}

/** Wall time counted from when an alarm is set. */
const stopwatch: Clock = {
  now: () => 0,
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

export function createLockstepRun(options: LockstepRunOptions): LockstepRun {
  const { terms, market, outbox, log } = options;
  const barrier = createBarrier(
    new Map(terms.members.flatMap(({ id, gateway }) => (gateway === undefined ? [] : [[id, gateway] as const]))),
  );
  const absences: Absence[] = [];
  let failure: { readonly error: unknown } | undefined;
  let tsMs = terms.calendar.startMs;
  let worked = true;

  const progress = (): void => clockActor.send({ type: "PROGRESS" });
  // Before the clock, which asks at once who is online.
  const inbox = createLockstepInbox({
    ...{ market: terms.market, barrier, outbox, log },
    now: () => tsMs,
    onOnline: market.join,
    // Gone, be it for a moment: it is waited for until the deadline all the same, but its run is not an undisturbed one.
    onOffline: (participant) => {
      const { status, context } = clockActor.getSnapshot();
      if (status === "active") absences.push({ seq: context.seq, ts: isoUtc(tsMs), participant });
    },
    onControl: (message) => market.control({ type: "CONTROL", message }),
    onLimits: (message) => market.hearDso({ type: "LIMITS", message }),
    onProgress: progress,
  });

  const clockActor = createActor(
    lockstepClockMachine.provide({
      actors: { wallAlarm: alarmOn(stopwatch), settleOut: fromPromise(() => options.settleOut()) },
      actions: {
        markAbsent: ({ context }) => {
          for (const id of markAbsent(barrier)) {
            log.warn(`${id} missed the deadline of tick ${context.seq} and is marked absent`);
            tellAbsent(id, context.seq, `tick ${context.seq} was not answered within ${options.deadlineMs / 1000} s`);
          }
        },
        noteMissingAtStart: () => {
          const missing = options.expected.filter((id) => !inbox.online.has(id));
          log.warn(`the run starts without ${missing.join(", ")}`);
          for (const participant of missing) absences.push({ seq: 0, ts: isoUtc(tsMs), participant });
        },
      },
      guards: {
        everyoneIsOnline: () => options.expected.every((id) => inbox.online.has(id)),
        tickIsComplete: () => worked && isTickComplete(barrier),
        runIsOver: () => options.isOver() || failure !== undefined,
      },
    }),
    { id: "clock", input: { deadlineMs: options.deadlineMs } },
  );
  const leave = options.onLife?.("clock", { root: clockActor });
  function tellAbsent(participant: string, seq: number, reason: string): void {
    const ts = isoUtc(tsMs);
    const isNoted = absences.some((absence) => absence.seq === seq && absence.participant === participant);
    if (!isNoted) absences.push({ seq, ts, participant });
    const notice = { v: 1, ts, requestId: null, topic: "ready", status: "rejected", code: "absent", reason };
    outbox.publish(topicsOf(terms.market).private(participant, "replies"), notice);
  }

  clockActor.on("TICK", ({ seq }) => {
    const sent = beginTick(barrier, seq, tsMs);
    tsMs = terms.calendar.startMs + (seq - 1) * tickLengthMs(terms.calendar);
    outbox.publish(topicsOf(terms.market).public("clock"), tickMessage(options, seq, tsMs), true);
    worked = false;
    // In a turn of its own: the tick is on its way, and bots think about it, while the market works the one before.
    setImmediate(() => {
      if (clockActor.getSnapshot().status !== "active") return;
      try {
        market.work(seq, tsMs, sent);
      } catch (error) {
        run.fail(error);
      }
      worked = true;
      options.onTick(seq, tsMs);
      progress();
    });
  });

  const run: LockstepRun = {
    absences,
    unusable: inbox.unusable,
    take: inbox.take,
    isMissing: (id) => isMissing(barrier, id),
    isOnline: (id) => inbox.online.has(id),
    leaveOut(id, isBack) {
      const isMissed = leaveOut(barrier, id);
      if (isBack) enrol(barrier, id);
      const { seq } = clockActor.getSnapshot().context;
      if (isMissed) tellAbsent(id, seq, `tick ${seq} was not answered whole, and cannot be any more`);
      progress();
    },
    async finished() {
      clockActor.start();
      await waitFor(clockActor, (snapshot) => snapshot.status !== "active", { timeout: Number.POSITIVE_INFINITY });
      leave?.();
      const { failure: notSettled } = clockActor.getSnapshot().context;
      if (failure !== undefined) throw failure.error;
      if (notSettled !== undefined) throw notSettled;
    },
    stop: () => clockActor.send({ type: "STOP" }),
    fail(error) {
      failure ??= { error };
      setImmediate(() => clockActor.send({ type: "STOP" }));
    },
  };
  return run;
}

function tickMessage({ terms, runId, deadlineMs }: LockstepRunOptions, seq: number, tsMs: number): object {
  const { periodMinutes, rounds } = terms.calendar;
  const periodMs = periodContaining(tsMs, periodMinutes);
  return {
    ...{ v: 1, ts: isoUtc(tsMs), runId, seq, mode: "lockstep", rate: 1, period: isoUtc(periodMs) },
    round: Math.round((tsMs - periodMs) / tickLengthMs(terms.calendar)) + 1,
    rounds,
    deadline: new Date(Date.now() + deadlineMs).toISOString(),
  };
}

/** What the market's connection of a lockstep run subscribes to. */
export function lockstepFilters(market: string): string[] {
  const { everythingIn, managePeriods } = filtersOf(market);
  return [everythingIn, topicsOf(market).manage("control"), managePeriods("limits")];
}
