/**
 * One node of an inspection: the actors of a process of the market, or of a bot. Off, it holds on to its sources and does nothing else.
 *
 *   off ──show──► on: taps attached, actors told as they are, then what they do ──show nothing──► off: taps taken off
 */
import type { AnyActor, AnyMachineSnapshot } from "xstate";
import type { Clock } from "../../market/managers/alarm.js";
import { isoUtc } from "../../shared/time.js";
import { type ActorPatterns, isNodeShown, isShown } from "./actor-patterns.js";
import { type ActorTap, attachTap, type InspectedSource, type Sent, stateOf, takes } from "./actor-tap.js";
import { describeMachine } from "./describe-machine.js";
import { createEventBatches, type EventBatches } from "./event-batches.js";
import type { EventOrigin } from "./event-origin.js";
import { createKnownActors, type KnownActor, type KnownActors } from "./known-actors.js";
import type { Redaction } from "./redaction.js";
import type { TellingPace, Told } from "./told.js";

export interface InspectedNodeOptions {
  readonly node: string;
  readonly wall: Clock;
  readonly marketNow: () => number;
  readonly redaction: Redaction;
  readonly originOf: (event: { readonly type: string }) => EventOrigin;
  readonly tell: (told: Told) => void;
}

export interface InspectedNode {
  readonly node: string;
  /** From now on its actors belong to the node. @returns takes them out again */
  add(source: InspectedSource): () => void;
  /** Shows the actors of these patterns and no others; an empty list: none. */
  show(patterns: ActorPatterns, pace: TellingPace): void;
  /** Gives an actor that is shown an event, as the operator's. */
  send(number: string, event: { readonly type: string }): Sent;
  /** Tells what is still to be told. */
  flush(): void;
}

interface Showing {
  readonly known: KnownActors;
  readonly batches: EventBatches;
  readonly taps: Map<InspectedSource, ActorTap>;
  attach(source: InspectedSource): void;
  detach(source: InspectedSource): void;
  flush(): void;
  end(): void;
}

export function createInspectedNode(options: InspectedNodeOptions): InspectedNode {
  const sources = new Set<InspectedSource>();
  let showing: Showing | undefined;
  return {
    node: options.node,
    add(source) {
      sources.add(source);
      showing?.attach(source);
      return () => {
        sources.delete(source);
        showing?.detach(source);
      };
    },
    show(patterns, pace) {
      showing?.end();
      showing = isNodeShown(patterns, options.node) ? startShowing(options, patterns, pace) : undefined;
      for (const source of sources) showing?.attach(source);
    },
    send(number, event) {
      const known = showing?.known.find(number);
      if (showing === undefined || known === undefined) return { accepted: false, reason: "no such actor is shown" };
      return sendTo(
        known,
        event,
        [...showing.taps].find(([source]) => source.root.system === known.actor.system),
      );
    },
    flush: () => showing?.flush(),
  };
}

function sendTo(
  { actor }: KnownActor,
  event: { readonly type: string },
  own: readonly [InspectedSource, ActorTap] | undefined,
): Sent {
  if (own === undefined) return { accepted: false, reason: "it has just stopped" };
  const [source, tap] = own;
  if (source.send !== undefined) {
    if (actor !== source.root)
      return { accepted: false, reason: "only its manager speaks to it: in no journal the event would be forgotten" };
    let sent: Sent = { accepted: true };
    tap.sentBy("operator", () => {
      sent = source.send?.(event) ?? sent;
    });
    return sent;
  }
  if (!takes(actor, event.type)) return { accepted: false, reason: `its machine knows no event ${event.type}` };
  tap.sentBy("operator", () => actor.send(event));
  return { accepted: true };
}

function startShowing(options: InspectedNodeOptions, patterns: ActorPatterns, pace: TellingPace): Showing {
  const { node, wall, marketNow, redaction, originOf, tell } = options;
  const batches = createEventBatches({ wall, marketNow, pace, tell: (batch) => tell({ kind: "events", ...batch }) });
  const taps = new Map<InspectedSource, ActorTap>();
  const changed = new Set<KnownActor>();
  const machines = new Set<string>();
  let timer: unknown;

  const known = createKnownActors({
    node,
    isShown: (number, name) => isShown(patterns, node, number, name),
    onFound({ machine }) {
      if (machine === undefined || machines.has(machine.id)) return;
      machines.add(machine.id);
      tell({ kind: "machine", description: describeMachine(machine) });
    },
    onChanged(actor) {
      changed.add(actor);
      timer ??= wall.setTimeout(tellChanged, pace.actorEveryMs);
    },
    onGone(actor) {
      changed.delete(actor);
      tell({ kind: "actor", actor: actor.number, text: null });
    },
  });

  function tellChanged(): void {
    if (timer !== undefined) wall.clearTimeout(timer);
    timer = undefined;
    for (const actor of changed) tell({ kind: "actor", actor: actor.number, text: JSON.stringify(messageOf(actor)) });
    changed.clear();
  }

  function messageOf(its: KnownActor): object {
    const snapshot = its.actor.getSnapshot() as Partial<AnyMachineSnapshot> & { readonly status: string };
    const tap = [...taps].find(([{ root }]) => root.system === its.actor.system)?.[1];
    return {
      ...{ v: 1, ts: isoUtc(marketNow()), n: batches.lastNumber(), actor: its.id, name: its.name, parent: its.parent },
      ...{ machine: its.machine?.id ?? null, status: snapshot.status, ...stateOf(snapshot) },
      context: tap?.contextOf(its) ?? null,
    };
  }

  /** With all that it has made so far. */
  function find(actor: AnyActor): void {
    const its = known.of(actor);
    if (its !== undefined) changed.add(its);
    const { children = {} } = actor.getSnapshot() as Partial<AnyMachineSnapshot>;
    for (const child of Object.values(children)) find(child as AnyActor);
  }

  return {
    known,
    batches,
    taps,
    attach(source) {
      taps.set(source, attachTap({ source, known, batches, wall, redaction, originOf }));
      find(source.root as AnyActor);
      tellChanged();
    },
    detach(source) {
      taps.get(source)?.detach();
      taps.delete(source);
      const root = known.of(source.root as AnyActor);
      if (root !== undefined) batches.record({ actor: root.id, kind: "stopped", type: "stopped", from: null });
      known.systemGone(source.root);
    },
    flush() {
      tellChanged();
      batches.flush();
    },
    end() {
      for (const tap of taps.values()) tap.detach();
      if (timer !== undefined) wall.clearTimeout(timer);
      batches.flush();
      for (const { number } of known.all()) tell({ kind: "actor", actor: number, text: null });
    },
  };
}
