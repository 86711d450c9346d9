/**
 * All actors of a recorded run worked together in memory, under its own rules or others: the same commands, readings, tariffs and members,
 * at their market times and in their order. What actors hand to each other is made anew.
 *
 * A hand-over is taken where its recorded twin was taken, so that under its own rules the run is the very same. One without a twin is taken
 * at once; one that is not made under these rules leaves its place empty.
 */
import type { Fact } from "../../market/facts.js";
import { lastPeriod, timesOf } from "../../market/managers/calendar.js";
import { eventOf } from "../../market/managers/handover.js";
import type { Kpis } from "../../market/rules/kpi.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { ActorRun, Worked } from "../journal/actor-run.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { ActorEvent, Input } from "../journal/journal.js";
import { createFactsHeld } from "./facts-held.js";
import { createObjectNames } from "./object-names.js";
import {
  type HandoverName,
  handoverNamer,
  originOf,
  type RecordedInput,
  recordedInputs,
  tellingOrder,
} from "./recorded-inputs.js";
import type { OtherRules, RecordedRun } from "./recorded-run.js";

export interface JointRunOptions {
  readonly run: RecordedRun;
  readonly rules: OtherRules;
  /** In the order of facts-in-order.ts. */
  readonly onFact: (fact: Fact) => void;
  readonly onInput: () => void;
}

/** Commands that came out otherwise. */
export interface CommandsCompared {
  commands: number;
  /** Accepted then, rejected now. */
  rejectedNow: number;
  /** Rejected then, accepted now. */
  acceptedNow: number;
  /** Named an order or item that was not accepted now. */
  nameless: number;
}

export interface JointRun {
  /** Works as many inputs as wanted. */
  readonly steps: Generator<void>;
  readonly commands: CommandsCompared;
  billedKpis(): Kpis;
}

interface Pending {
  readonly sender: HostedRole;
  readonly n: number;
  readonly event: ActorEvent;
  readonly atMs: number;
}

/** @throws Error where an actor cannot bear an input under these rules. */
export function createJointRun({ run, rules, onFact, onInput }: JointRunOptions): JointRun {
  const { terms, mechanism } = rules;
  const makers = run.makers(rules);
  const runs = new Map<HostedRole, ActorRun>(tellingOrder.map((role) => [role, run.begin(makers, role)]));
  const names = createObjectNames();
  const held = createFactsHeld(onFact);
  const commands: CommandsCompared = { commands: 0, rejectedNow: 0, acceptedNow: 0, nameless: 0 };
  /** What waits for its recorded place, by receiver and name. */
  const waiting = new Map<string, Pending>();

  function runOf(role: HostedRole): ActorRun {
    const found = runs.get(role);
    if (found === undefined) throw new RangeError(`${role} has no actor`);
    return found;
  }

  /** @param twins names of what was handed over when this was recorded; what is handed over now beside those is taken at once */
  function work(role: HostedRole, input: Input, origin: number, twins: ReadonlySet<HandoverName>) {
    const actor = runOf(role);
    const worked = actor.work({ ...input, atMs: Math.max(input.atMs, actor.nowMs()) });
    if (worked.failure !== undefined) throw failed(mechanism, role, worked);
    const { decided } = worked;
    const facts = worked.outputs.flatMap((output) => (output.kind === "fact" ? [output.fact] : []));
    held.said(role, facts, decided.handedOver.at(-1)?.n);
    const nameOf = handoverNamer(role, origin);
    const extras: (readonly [receiver: HostedRole, pending: Pending])[] = [];
    for (const output of worked.outputs) {
      if (output.kind !== "hand") continue;
      const { kind } = output.handover;
      const { n, message, receivers } = output.handedOver;
      const name = nameOf(kind);
      const event = { type: eventOf[kind], message, sender: role } as ActorEvent;
      for (const receiver of receivers as readonly HostedRole[]) {
        const pending = { sender: role, n, event, atMs: actor.nowMs() };
        if (twins.has(name)) waiting.set(`${receiver} ${name}`, pending);
        else extras.push([receiver, pending]);
      }
    }
    for (const [receiver, pending] of extras) deliver(receiver, pending);
    return decided;
  }

  const noTwins: ReadonlySet<HandoverName> = new Set();

  function deliver(receiver: HostedRole, { sender, n, event, atMs }: Pending, origin = 0, twins = noTwins): void {
    if (receiver === "settlement") held.taken(sender, n);
    work(receiver, { atMs, event }, origin, twins);
  }

  function workRecorded({ role, entry, taken, handed }: RecordedInput): void {
    const twins = new Set(handed);
    const { atMs, event } = entry;
    if (originOf(entry) !== undefined) {
      const key = `${role} ${taken}`;
      const pending = waiting.get(key);
      waiting.delete(key);
      if (pending === undefined) work(role, { atMs, event: null }, entry.n, twins);
      else deliver(role, { ...pending, atMs }, entry.n, twins);
      return;
    }
    const { reply } = work(role, { atMs, event: event === null ? null : names.translated(event) }, entry.n, twins);
    if (event?.type !== "COMMAND") return;
    names.answered(entry.reply, reply);
    commands.commands += 1;
    const [then, now] = [entry.reply, reply].map((told) => (told as { status?: string } | null)?.status === "accepted");
    if (then && !now) commands.rejectedNow += 1;
    if (!then && now) commands.acceptedNow += 1;
  }

  /** Where these rules bill later than those did, and the recorded run had come to its end: until the last bill is out. */
  function workOut(): void {
    const recorded = run.record.terms.calendar;
    const latestMs = Math.max(...[...runs.values()].map((actor) => actor.nowMs()));
    if (recorded.periods === undefined || latestMs < timesOf(lastPeriod(recorded), recorded).billAtMs) return;
    for (const [key, pending] of waiting) deliver(key.split(" ")[0] as HostedRole, pending);
    waiting.clear();
    const endMs = timesOf(lastPeriod(terms.calendar), terms.calendar).billAtMs;
    for (let next = nextDue(); next !== undefined && next.dueMs <= endMs; next = nextDue()) {
      work(next.role, { atMs: next.dueMs, event: null }, 0, noTwins);
    }
  }

  function nextDue(): { readonly role: HostedRole; readonly dueMs: number } | undefined {
    let found: { readonly role: HostedRole; readonly dueMs: number } | undefined;
    for (const role of tellingOrder) {
      const dueMs = runOf(role).nextDueMs();
      if (dueMs !== undefined && (found === undefined || dueMs < found.dueMs)) found = { role, dueMs };
    }
    return found;
  }

  function* steps(): Generator<void> {
    for (const input of recordedInputs(terms.market, run.journalOf)) {
      workRecorded(input);
      onInput();
      yield;
    }
    workOut();
    held.end();
    commands.nameless = names.nameless();
  }

  return { steps: steps(), commands, billedKpis: makers.billedKpis };
}

function failed(mechanism: Mechanism, role: HostedRole, { failure }: Worked): Error {
  const why = failure?.error instanceof Error ? failure.error.message : String(failure?.error);
  return new Error(`the run cannot be worked under ${mechanism.name}: ${role} fails with ${why}`);
}
