/**
 * One event at an absolute market time, also after a restart.
 *
 * An XState `after` that was pending when the actor was persisted never fires again; an invoked callback is started anew
 * and works out what is left. The clock comes in by closure, because an actor's input is serialised and a clock cannot be.
 */
import { fromCallback } from "xstate";

/** Market time: real, scaled, or stepped by a lockstep run or a test. */
export interface Clock {
  now(): number;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface AlarmEvent {
  readonly type: "ALARM";
}

export interface AlarmInput {
  readonly atMs: number;
}

export function alarmOn(clock: Clock) {
  return fromCallback<AlarmEvent, AlarmInput>(({ sendBack, input }) => {
    const timer = clock.setTimeout(() => sendBack({ type: "ALARM" }), Math.max(0, input.atMs - clock.now()));
    return () => clock.clearTimeout(timer);
  });
}

/** Stands in a machine's setup until the composition root provides `alarmOn(clock)`. */
export const alarmToBeProvided = fromCallback<AlarmEvent, AlarmInput>(() => {
  throw new Error("provide the actor `alarm` with alarmOn(clock)");
});
