/**
 * One life of an actor: its own stepped clock, its inputs worked one by one, all that it says caught.
 *
 * Two runs that work the same inputs say the same. Three events are the run's own: START begins the actor, RESUMED marks that it was
 * made anew from its journal, LAPSED that an input was given up; the actor hears none of the three.
 */
import { type Handover, handoverTopic, receiversOf } from "../../market/managers/handover.js";
import type { Digest } from "../../market/ports.js";
import { isoUtc } from "../../shared/time.js";
import { type Topics, topicsOf } from "../../shared/topics.js";
import { steppedClock } from "../clock/stepped-clock.js";
import { type Decided, nextDigest } from "./decision-text.js";
import type { HostedActor, MakeActor, Output, SeenActor } from "./hosted-actor.js";
import type { ActorEvent, HandedOver, Input } from "./journal.js";

export interface Worked {
  readonly outputs: readonly Output[];
  /** The reply, the facts and the hand-overs among the outputs. */
  readonly decided: Decided;
  /** What the actor could not bear: it is of no use any more. */
  readonly failure: { readonly error: unknown } | undefined;
}

export interface ActorRun {
  work(input: Input): Worked;
  /** When the next alarm is due; undefined where none is set. */
  nextDueMs(): number | undefined;
  nowMs(): number;
  digestAfter(previous: string, worked: Worked): string;
  /** All that later answers depend on; undefined where the actor takes no snapshots. */
  save(): RunState | undefined;
  stop(): void;
  /** For whoever looks on. */
  readonly seen: SeenActor | undefined;
}

/** Structured data. */
export interface RunState {
  readonly nowMs: number;
  readonly handed: number;
  readonly lastOfKind: ReadonlyMap<string, number>;
  readonly actor: unknown;
}

export interface ActorRunOptions {
  readonly market: string;
  /** Market time at which its clock begins. */
  readonly startMs: number;
  readonly make: MakeActor;
  readonly digest: Digest;
  /** To go on from. */
  readonly saved?: RunState;
}

const ownEvents = new Set(["START", "RESUMED", "LAPSED"]);

export function createActorRun({ market, startMs, make, digest, saved }: ActorRunOptions): ActorRun {
  const topics = topicsOf(market);
  const clock = steppedClock(saved?.nowMs ?? startMs);
  const lastOfKind = new Map<string, number>(saved?.lastOfKind);
  let handed = saved?.handed ?? 0;
  let outputs: Output[] = [];
  let failure: Worked["failure"];

  const hand = (handover: Handover): void => {
    handed += 1;
    outputs.push({ kind: "hand", handover, handedOver: numbered(handover, handed, lastOfKind, clock.now(), topics) });
  };
  const note = (level: "info" | "warn") => (message: string, values?: Record<string, unknown>) =>
    void outputs.push({ kind: "log", level, message, values });
  const actor: HostedActor = make(
    {
      clock,
      outbox: {
        publish: (topic, message, retain = false) => void outputs.push({ kind: "publish", topic, message, retain }),
      },
      link: { hand, report: (status) => void outputs.push({ kind: "report", status }) },
      journal: { record: (fact) => void outputs.push({ kind: "fact", fact }) },
      log: { info: note("info"), warn: note("warn") },
    },
    saved?.actor,
    (error) => {
      failure ??= { error };
    },
  );
  if (saved !== undefined) {
    actor.start();
    outputs = []; // what it says on coming back it has said before
  }

  function hear(event: ActorEvent): void {
    if (event.type === "START") actor.start();
    if (!ownEvents.has(event.type)) actor.send(event);
  }

  return {
    work({ atMs, event }) {
      outputs = [];
      failure = undefined;
      try {
        clock.advanceTo(atMs);
        if (event !== null && failure === undefined) hear(event);
      } catch (error) {
        failure ??= { error };
      }
      return { outputs, decided: decidedOn(event, outputs, topics), failure };
    },
    nextDueMs: clock.nextDueMs,
    nowMs: clock.now,
    digestAfter: (previous, { decided }) => nextDigest(previous, decided, digest),
    save() {
      const state = actor.save();
      return state === undefined
        ? undefined
        : { nowMs: clock.now(), handed, lastOfKind: new Map(lastOfKind), actor: state };
    },
    stop: () => actor.stop(),
    seen: actor.seen,
  };
}

/** What was rejected is told by the reply, not once more as a fact. */
function decidedOn(event: ActorEvent | null, outputs: readonly Output[], topics: Topics): Decided {
  const sender =
    event?.type === "COMMAND" ? (event as unknown as { packet: { sender: string } }).packet.sender : undefined;
  const repliesTo = sender === undefined ? undefined : topics.private(sender, "replies");
  let reply: object | null = null;
  const facts = [];
  const handedOver = [];
  for (const output of outputs) {
    if (output.kind === "publish" && output.topic === repliesTo && output.message !== null) reply ??= output.message;
    else if (output.kind === "fact" && output.fact.type !== "rejected") facts.push(output.fact);
    else if (output.kind === "hand") handedOver.push(output.handedOver);
  }
  return { reply, facts, handedOver };
}

function numbered(
  handover: Handover,
  n: number,
  lastOfKind: Map<string, number>,
  nowMs: number,
  topics: Topics,
): HandedOver {
  const previous = lastOfKind.get(handover.kind);
  lastOfKind.set(handover.kind, n);
  const order = previous === undefined ? { n } : { n, previous };
  const message = { v: 1, ts: isoUtc(nowMs), ...order, ...handover.body };
  return { n, topic: handoverTopic(topics, handover), message, receivers: receiversOf[handover.kind] };
}
