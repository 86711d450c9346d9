/**
 * Commands whose reply has not been heard: sent again unchanged, so that a lost command or a lost reply costs nobody an order.
 *
 * The same `requestId` has one effect however often it comes, and the same reply. In ticks, for a bot lives by the published clock alone:
 * again only after two further ticks, and in scaled and real mode after five seconds of wall time. A refusal because the market is closed for a moment counts as no reply.
 * Source: contract.md, "Rules for every message" and "The clock".
 */
import type { ClockTick } from "../../shared/messages/clock.js";
import type { Reply } from "../../shared/messages/private.js";
import { minuteMs } from "../../shared/time.js";

export interface SentCommand {
  readonly topic: string;
  readonly message: { readonly requestId: string };
}

interface Unanswered extends SentCommand {
  /** Number of the tick in which it was sent last. */
  seq: number;
  repeats: number;
}

/** By `<name of the topic>/<requestId>`, in the order of their first sending. */
export type UnansweredCommands = Map<string, Unanswered>;

/** So many further ticks have to pass: a reply that is on its way has come by then. */
const leastFurtherTicks = 2;
/** Wall time, where ticks do not wait for replies. */
const patienceMs = 5000;
/** After that nobody is there to answer, or it is of no use any more. */
const mostRepeats = 8;

export const noneUnanswered = (): UnansweredCommands => new Map();

/** @param name last level of the topic, by which the reply names it */
export function noteCommand(unanswered: UnansweredCommands, name: string, command: SentCommand, seq: number): void {
  unanswered.set(`${name}/${command.message.requestId}`, { ...command, seq, repeats: 0 });
}

/** @returns false where the command waits to be sent again, so that the reply decides nothing */
export function noteAnswer(unanswered: UnansweredCommands, reply: Reply): boolean {
  const key = `${reply.topic}/${reply.requestId}`;
  if (reply.status === "rejected" && reply.code === "market-closed" && unanswered.has(key)) return false;
  unanswered.delete(key);
  return true;
}

/** What has to be sent again in this tick; what was repeated too often is given up. */
export function dueAgain(unanswered: UnansweredCommands, tick: ClockTick, periodMinutes: number): SentCommand[] {
  const due: SentCommand[] = [];
  const { seq } = tick;
  const furtherTicks = unanswered.size === 0 ? 0 : patienceOf(tick, periodMinutes);
  for (const [key, command] of unanswered) {
    if (seq - command.seq <= furtherTicks) continue;
    if (command.repeats >= mostRepeats) {
      unanswered.delete(key);
      continue;
    }
    command.seq = seq;
    command.repeats += 1;
    due.push({ topic: command.topic, message: command.message });
  }
  return due;
}

function patienceOf({ mode, rate, rounds }: ClockTick, periodMinutes: number): number {
  if (mode === "lockstep") return leastFurtherTicks;
  const tickWallMs = (periodMinutes * minuteMs) / rounds / rate;
  return Math.max(leastFurtherTicks, Math.ceil(patienceMs / tickWallMs));
}
