/**
 * One event at an absolute market time, also after a restart.
 *
 * An XState `after` that was pending when the actor was persisted never fires again; an invoked callback is started anew
 * and works out what is left. The clock comes in by closure, because an actor's input is serialised and a clock cannot be.
 * What is due at one instant rings in an order that does not hang on when it was set: a restored manager sets all its alarms at
 * once, and must work them as the one that was never stopped.
 */
import { fromCallback } from "xstate";

/** Market time: real, scaled, or stepped by a lockstep run or a test. */
export interface Clock {
  now(): number;
  /**
   * @param delayMs not above 0: due already, and for that long
   * @param rank of timers due at one instant the lowest rings first, 0 unless said otherwise; equal ones as they were set. Only a
   * stepped clock, where timers are late together, goes by it.
   */
  setTimeout(callback: () => void, delayMs: number, rank?: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface AlarmEvent {
  readonly type: "ALARM";
}

export interface AlarmInput {
  readonly atMs: number;
  /** The delivery period that it is for: at one instant the earlier one's alarm rings first. No two alarms of an actor share one. */
  readonly rank: number;
}

export function alarmOn(clock: Clock) {
  return fromCallback<AlarmEvent, AlarmInput>(({ sendBack, input }) => {
    const timer = clock.setTimeout(() => sendBack({ type: "ALARM" }), input.atMs - clock.now(), input.rank);
    return () => clock.clearTimeout(timer);
  });
}

/** Stands in a machine's setup until the composition root provides `alarmOn(clock)`. */
export const alarmToBeProvided = fromCallback<AlarmEvent, AlarmInput>(() => {
  throw new Error("provide the actor `alarm` with alarmOn(clock)");
});
