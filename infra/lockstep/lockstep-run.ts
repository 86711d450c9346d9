/**
 * A lockstep run over MQTT: one connection carries all of a tick before the next, and the next tick is published when
 * everyone is ready, or at the deadline.
 */
import { createActor, fromPromise, waitFor } from "xstate";
import { readableRequestId, readJson } from "../../market/door/decode.js";
import type { Packet } from "../../market/door/packet.js";
import { alarmOn, type Clock } from "../../market/managers/alarm.js";
import { tickLengthMs } from "../../market/managers/calendar.js";
import {
  beginTick,
  createBarrier,
  enrol,
  isTickComplete,
  markAbsent,
  takePacket,
  takeReady,
} from "../../market/managers/clock/barrier.js";
import { lockstepClockMachine } from "../../market/managers/clock/lockstep-clock.machine.js";
import type { Log, Outbox } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import { ready, status } from "../../shared/messages/clock.js";
import { manageControl } from "../../shared/messages/manage.js";
import { isoUtc, periodContaining } from "../../shared/time.js";
import { filtersOf, sentTo, topicsOf } from "../../shared/topics.js";
import type { Connection } from "../mqtt/connection.js";
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
}

/** What participants send besides their status. */
const sentNames = ["items", "orders", "meter", "batch", "ready"];

/** Wall time counted from when an alarm is set. */
const stopwatch: Clock = {
  now: () => 0,
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

export function createLockstepRun(options: LockstepRunOptions): LockstepRun {
  const { terms, market, outbox, log } = options;
  const { calendar } = terms;
  const topics = topicsOf(terms.market);
  const barrier = createBarrier();
  const online = new Set<string>();
  const absences: Absence[] = [];
  let unusable = 0;
  let failure: { readonly error: unknown } | undefined;
  let tsMs = calendar.startMs;
  let worked = true;

  function runTick(seq: number): void {
    tsMs = calendar.startMs + (seq - 1) * tickLengthMs(calendar);
    const sent = beginTick(barrier, seq);
    const periodMs = periodContaining(tsMs, calendar.periodMinutes);
    const clock = {
      ...{ v: 1, ts: isoUtc(tsMs), runId: options.runId, seq, mode: "lockstep", rate: 1, period: isoUtc(periodMs) },
      round: Math.round((tsMs - periodMs) / tickLengthMs(calendar)) + 1,
      rounds: calendar.rounds,
      deadline: new Date(Date.now() + options.deadlineMs).toISOString(),
    };
    outbox.publish(topics.public("clock"), clock, true);
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
  }

  const clockActor = createActor(
    lockstepClockMachine.provide({
      actors: { wallAlarm: alarmOn(stopwatch), settleOut: fromPromise(() => options.settleOut()) },
      actions: {
        markAbsent: ({ context }) => {
          for (const participant of markAbsent(barrier)) {
            absences.push({ seq: context.seq, ts: isoUtc(tsMs), participant });
            log.warn(`${participant} missed the deadline of tick ${context.seq} and is marked absent`);
            const reason = `tick ${context.seq} was not answered within ${options.deadlineMs / 1000} s`;
            const notice = {
              v: 1,
              ts: isoUtc(tsMs),
              requestId: null,
              topic: "ready",
              status: "rejected",
              code: "absent",
              reason,
            };
            outbox.publish(topics.private(participant, "replies"), notice);
          }
        },
        noteMissingAtStart: () => {
          const missing = options.expected.filter((id) => !online.has(id));
          log.warn(`the run starts without ${missing.join(", ")}`);
          for (const participant of missing) absences.push({ seq: 0, ts: isoUtc(tsMs), participant });
        },
      },
      guards: {
        everyoneIsOnline: () => options.expected.every((id) => online.has(id)),
        tickIsComplete: () => worked && isTickComplete(barrier),
        runIsOver: () => options.isOver() || failure !== undefined,
      },
    }),
    { id: "clock", input: { deadlineMs: options.deadlineMs } },
  );
  clockActor.on("TICK", ({ seq }) => runTick(seq));
  const progress = (): void => clockActor.send({ type: "PROGRESS" });

  function takeStatus(id: string, payload: string): void {
    const parsed = status.safeParse(readJson(payload));
    if (!parsed.success) {
      countUnusable(`status of ${id}`, "it is no status");
      return;
    }
    if (parsed.data.status === "offline") {
      online.delete(id);
      return;
    }
    online.add(id);
    market.join(id);
    enrol(barrier, id);
    progress();
  }

  function takeSent(id: string, name: string, payload: Buffer): void {
    const text = payload.toString("utf8");
    if (name === "ready") {
      const parsed = ready.safeParse(readJson(text));
      if (!parsed.success) countUnusable(`ready of ${id}`, "it is no ready");
      else if (takeReady(barrier, id, parsed.data.seq, parsed.data.sent)) progress();
      return;
    }
    const json = readJson(text);
    const packet = { sender: id, topic: name, payload: text, bytes: payload.length, stampedAtMs: tsMs };
    const requestId = json === undefined ? null : readableRequestId(json);
    const taken = takePacket(barrier, packet, requestId);
    if (taken === "complete") progress();
    if (taken === "dropped") {
      countUnusable(`a command of ${id}`, "too many wait for the next tick");
      refuseOverflow(packet, requestId);
    }
  }

  /** What is dropped gets its one reply as well: everything that reaches the market does. */
  function refuseOverflow(packet: Packet, requestId: string | null): void {
    const reason = "too many commands wait for the next tick: send again later";
    outbox.publish(topics.private(packet.sender, "replies"), {
      ...{ v: 1, ts: isoUtc(tsMs), requestId, topic: packet.topic, status: "rejected", code: "rate-limited", reason },
    });
  }

  function countUnusable(what: string, reason: string): void {
    unusable += 1;
    log.warn(`${what} is of no use: ${reason}`, { count: unusable });
  }

  const run: LockstepRun = {
    absences,
    unusable: () => unusable,
    take(topic, payload, retained) {
      if (payload.length === 0) return; // a clearing: no reply, not counted
      const sent = sentTo(terms.market, topic);
      if (sent === undefined) takeControl(topic, payload);
      else if (sent.name === "status") takeStatus(sent.id, payload.toString("utf8"));
      else if (retained) outbox.publish(topic, null, true);
      else if (sentNames.includes(sent.name)) takeSent(sent.id, sent.name, payload);
      else countUnusable(`a message on ${topic}`, "there is no such topic");
    },
    async finished() {
      clockActor.start();
      await waitFor(clockActor, (snapshot) => snapshot.status !== "active", { timeout: Number.POSITIVE_INFINITY });
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

  function takeControl(topic: string, payload: Buffer): void {
    if (topic !== topics.manage("control")) return;
    const parsed = manageControl.safeParse(readJson(payload.toString("utf8")));
    if (parsed.success) market.control({ type: "CONTROL", message: parsed.data });
    else countUnusable("a control message", "it does not fit its schema");
  }

  return run;
}

/** What the market's connection of a lockstep run subscribes to. */
export function lockstepFilters(market: string): string[] {
  return [filtersOf(market).everythingIn, topicsOf(market).manage("control")];
}
