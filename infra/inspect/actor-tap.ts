/**
 * Listens to one system of actors while somebody inspects it, and tells what they hear and do.
 *
 * Attached by XState's own `system.inspect` and taken off again: while it is off nothing of it runs. XState calls it from inside of the
 * actors, so it throws nothing whatever comes, and does no more than copy. `microstep` names the transitions taken, `snapshot` ends a step.
 */
import type { AnyActor, AnyActorRef, AnyMachineSnapshot, InspectionEvent } from "xstate";
import type { Clock } from "../../market/managers/alarm.js";
import { boundedCopy } from "./bounded-copy.js";
import { type ContextDifference, contextDifference } from "./context-difference.js";
import type { EventBatches } from "./event-batches.js";
import type { EventOrigin } from "./event-origin.js";
import { type KnownActor, type KnownActors, machineOf } from "./known-actors.js";
import { unnamed } from "./names-of-logic.js";
import type { Redaction } from "./redaction.js";

/** An actor of its own, with all that it makes. */
export interface InspectedSource {
  readonly root: AnyActorRef;
  /** What the actor works on beside its context: no copy. */
  readonly plainState?: () => unknown;
  /** How an event of an operator reaches the root. Undefined: straight, for nothing of it is journalled. */
  readonly send?: (event: { readonly type: string }) => Sent;
}

/** What became of an event that somebody has sent. */
export type Sent = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

export interface ActorTapOptions {
  readonly source: InspectedSource;
  readonly known: KnownActors;
  readonly batches: EventBatches;
  readonly wall: Clock;
  readonly redaction: Redaction;
  readonly originOf: (event: { readonly type: string }) => EventOrigin;
}

export interface ActorTap {
  /** What the actor now knows, bounded. */
  contextOf(known: KnownActor): unknown;
  /** The next event without a sender is this one's. */
  sentBy(from: string, send: () => void): void;
  detach(): void;
}

/** A context that is changed in place is copied again that often at most: and less often where copying takes long. */
const copyEveryMs = 200;
const copyShare = 50;
const mostValuesOfEvent = 100;

export function attachTap({ source, known, batches, wall, redaction, originOf }: ActorTapOptions): ActorTap {
  let sender: string | undefined;

  function hear(inspected: InspectionEvent): void {
    const actor = inspected.actorRef as AnyActor;
    if (inspected.type === "@xstate.actor") return; // it has no snapshot yet: it is known from its first event on
    const its = known.of(actor);
    if (its === undefined) return;
    if (inspected.type === "@xstate.event") hearEvent(its, actor, inspected);
    else if (inspected.type === "@xstate.microstep") its.edges.push(...known.edgesOf(actor, inspected._transitions));
    else if (inspected.type === "@xstate.action") noteAction(its, inspected.action);
    else if (inspected.type === "@xstate.snapshot") settle(its, inspected.snapshot, inspected.event.type);
  }

  function hearEvent(its: KnownActor, actor: AnyActor, { event, sourceRef }: EventHeard): void {
    const origin = sourceRef === undefined ? ownOrigin(event) : { from: known.idOf(sourceRef as AnyActorRef) };
    its.from = origin.from;
    if (event.type !== "xstate.init") {
      const payload = boundedCopy(event, redaction, mostValuesOfEvent);
      batches.record({ actor: its.id, kind: "event", type: event.type, ...origin, payload });
      return;
    }
    const context = contextNow(its, actor.getSnapshot());
    const told = { ...stateOf(actor.getSnapshot()), ...(context === undefined ? {} : { context }) };
    batches.record({ actor: its.id, kind: "started", type: its.name, from: its.parent, ...told });
    known.changed(its);
  }

  function ownOrigin(event: { readonly type: string }): EventOrigin {
    const origin = originOf(event);
    return sender === undefined ? origin : { ...origin, from: sender };
  }

  function noteAction({ id }: KnownActor, { type, params }: ActionTaken): void {
    const emitted =
      type === "xstate.emit" ? (params as { readonly event?: { readonly type?: string } } | undefined) : undefined;
    if (type.startsWith("xstate.") && emitted === undefined) return; // told by what comes of it
    const name = emitted === undefined ? type : `emit ${emitted.event?.type}`;
    batches.record({ actor: id, kind: "action", type: name === "" ? unnamed : name, from: null });
  }

  function settle(its: KnownActor, snapshot: unknown, type: string): void {
    const edges = its.edges.splice(0);
    const context = contextNow(its, snapshot);
    const { status } = snapshot as { readonly status: string };
    const [isStep, isOver] = [edges.length > 0 || context !== undefined, status !== "active"];
    if (isStep && type !== "xstate.stop") {
      const changed = context === undefined ? {} : { context };
      batches.record({
        actor: its.id,
        kind: "transition",
        type,
        from: its.from,
        edges,
        ...stateOf(snapshot),
        ...changed,
      });
    }
    if (isOver) {
      batches.record({ actor: its.id, kind: "stopped", type: status, from: null });
      known.gone(its);
    } else if (isStep) {
      known.changed(its);
      for (const child of known.lostChildren(its, snapshot)) {
        batches.record({ actor: child.id, kind: "stopped", type: "stopped", from: its.id });
        known.gone(child);
      }
    }
  }

  /** The difference since the last copy; undefined where nothing differs or it is too early to look. */
  function contextNow(its: KnownActor, snapshot: unknown): ContextDifference | undefined {
    const { context } = snapshot as Partial<AnyMachineSnapshot>;
    if (context === undefined) return undefined;
    if (its.contextOf === context && wall.now() < its.copyAgainAtMs) return undefined;
    const before = its.copy;
    return contextDifference(before, copyOf(its, context));
  }

  function copyOf(its: KnownActor, context: object): unknown {
    const began = wall.now();
    const isRoot = source.plainState !== undefined && its.actor === source.root;
    const state = isRoot ? { state: boundedCopy(source.plainState?.(), redaction) } : {};
    its.copy = { ...(boundedCopy(context, redaction) as object), ...state };
    its.contextOf = context;
    its.copyAgainAtMs = began + Math.max(copyEveryMs, (wall.now() - began) * copyShare);
    return its.copy;
  }

  const subscription = source.root.system.inspect((inspected) => {
    try {
      hear(inspected);
    } catch {
      // an inspection must never become the actor's own failure
    }
  });

  return {
    contextOf(its) {
      const { context } = its.actor.getSnapshot() as Partial<AnyMachineSnapshot>;
      if (context === undefined) return null;
      return its.copy === undefined || wall.now() >= its.copyAgainAtMs ? copyOf(its, context) : its.copy;
    },
    sentBy(from, send) {
      sender = from;
      try {
        send();
      } finally {
        sender = undefined;
      }
    },
    detach: () => subscription.unsubscribe(),
  };
}

type ActionTaken = Extract<InspectionEvent, { readonly type: "@xstate.action" }>["action"];
type EventHeard = Extract<InspectionEvent, { readonly type: "@xstate.event" }>;

/** State and value of a machine's snapshot; nothing of any other actor's. */
export function stateOf(snapshot: unknown): { state: string[]; value: unknown } {
  const { _nodes: nodes, value } = snapshot as Partial<AnyMachineSnapshot>;
  return nodes === undefined ? { state: [], value: null } : { state: nodes.map(({ id }) => id), value };
}

/** Whether an actor of a machine takes events of this type. */
export function takes(actor: AnyActorRef, type: string): boolean {
  return machineOf(actor)?.events.includes(type) === true;
}
