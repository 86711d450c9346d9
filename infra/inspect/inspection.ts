/**
 * The inspection of one program: its nodes, what they tell, and where that goes. Off until somebody asks, and over by itself.
 *
 * Nodes in this program are inspected here; bots in their threads, which are told and tell through their ports. What is retained on a
 * broker is remembered, so that nothing of it stays when it is over.
 */
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import { isoUtc } from "../../shared/time.js";
import { topicsOf } from "../../shared/topics.js";
import { type ActorPatterns, isNodeShown } from "./actor-patterns.js";
import type { Sent } from "./actor-tap.js";
import { originOf } from "./event-origin.js";
import { createInspectedNode, type InspectedNode } from "./inspected-node.js";
import type { LayoutDesk } from "./layout-desk.js";
import type { Redaction } from "./redaction.js";
import { type EventBatch, paceOf, type TellingPace, type Told } from "./told.js";

/** Where messages go: a broker, or a file. */
export interface InspectionSink {
  /** To be retained. @param text a whole message; empty: what is retained there is cleared */
  publish(topic: string, text: string): void;
  /** Not retained. */
  publishEvents(topic: string, batch: EventBatch): void;
}

/** Nodes that live in threads. */
export interface DistantNodes {
  readonly names: readonly string[];
  /** @param marketNowMs they have no clock of their own */
  show(patterns: ActorPatterns, pace: TellingPace, marketNowMs: number): void;
  send(node: string, actor: string, event: { readonly type: string }): Promise<Sent>;
  /** Resolves once all that has happened so far is told. */
  flush(): Promise<void>;
}

export interface InspectionOptions {
  readonly market: string;
  readonly wall: Clock;
  readonly marketNow: () => number;
  readonly redaction: Redaction;
  readonly layouts: LayoutDesk;
  readonly sink: InspectionSink;
  readonly log: Log;
  /** For a file: nothing is left out. */
  readonly isLossless: boolean;
}

export interface InspectionState {
  readonly on: boolean;
  readonly actors: ActorPatterns;
  /** Wall time at which it ends by itself. */
  readonly untilMs: number | undefined;
}

export interface Inspection {
  /** A node of this program, made when it is first named. */
  node(name: string): InspectedNode;
  /** Nodes of threads; `told` is called with what they tell. */
  addDistant(nodes: DistantNodes): void;
  told(node: string, told: Told): void;
  /** A node is gone with all its actors, as a crashed thread's. */
  forget(node: string): void;
  /** @param forMs wall time; undefined: until it is turned off */
  turn(actors: ActorPatterns, forMs: number | undefined): void;
  state(): InspectionState;
  names(): readonly string[];
  send(node: string, actor: string, event: { readonly type: string }): Promise<Sent>;
  /** Ends it, and resolves once all is told. */
  stop(): Promise<void>;
}

export interface InspectionHooks {
  /** It was turned on or off, or a node has come. */
  readonly onTurned: (state: InspectionState, nodes: readonly string[]) => void;
  /** It is over, by itself or because somebody said so. */
  readonly onOver: () => void;
}

export function createInspection(options: InspectionOptions, { onTurned, onOver }: InspectionHooks): Inspection {
  const { market, wall, marketNow, layouts, sink, log } = options;
  const topics = topicsOf(market);
  const nodes = new Map<string, InspectedNode>();
  const distant: DistantNodes[] = [];
  /** Retained topics, by node. */
  const retained = new Map<string, Set<string>>();
  const drawing = new Set<Promise<void>>();
  let state: InspectionState = { on: false, actors: [], untilMs: undefined };
  let timer: unknown;
  let isClosed = false;

  function keep(node: string, topic: string, text: string): void {
    if (isClosed) return;
    const own = retained.get(node) ?? new Set();
    retained.set(node, own);
    if (text === "" && !own.delete(topic)) return;
    if (text !== "") own.add(topic);
    sink.publish(topic, text);
  }

  async function drawMachine(node: string, description: Parameters<LayoutDesk["layOut"]>[0]): Promise<void> {
    try {
      const machine = await layouts.layOut(description);
      if (!state.on || !isNodeShown(state.actors, node)) return;
      const text = JSON.stringify({ v: 1, ts: isoUtc(marketNow()), ...machine });
      keep(node, topics.inspectMachine(node, machine.machine), text);
    } catch (error) {
      log.warn(`the machine ${description.machine} cannot be drawn`, { error: String(error) });
    }
  }

  function told(node: string, its: Told): void {
    if (isClosed) return;
    if (its.kind === "events") sink.publishEvents(topics.inspectEvents(node), its);
    else if (its.kind === "actor") keep(node, topics.inspectActor(node, its.actor), its.text ?? "");
    else {
      const work = drawMachine(node, its.description);
      drawing.add(work);
      void work.finally(() => drawing.delete(work));
    }
  }

  function forget(node: string): void {
    for (const topic of [...(retained.get(node) ?? [])]) keep(node, topic, "");
    retained.delete(node);
  }

  const names = (): string[] => [...nodes.keys(), ...distant.flatMap((some) => some.names)];

  function pace(): TellingPace {
    return paceOf(names().filter((name) => isNodeShown(state.actors, name)).length, options.isLossless);
  }

  function turn(actors: ActorPatterns, forMs: number | undefined): void {
    if (timer !== undefined) wall.clearTimeout(timer);
    timer = undefined;
    const on = actors.length > 0;
    const before = state;
    state = { on, actors, untilMs: on && forMs !== undefined ? wall.now() + forMs : undefined };
    if (on && forMs !== undefined) timer = wall.setTimeout(() => turn([], undefined), forMs);
    const isSame = before.on && actors.join() === before.actors.join(); // only its end is another
    if (!isSame && (on || before.on)) {
      for (const node of nodes.values()) node.show(actors, pace());
      for (const some of distant) some.show(actors, pace(), marketNow());
      for (const name of names()) if (!isNodeShown(actors, name)) forget(name);
    }
    onTurned(state, names());
    if (before.on && !on) onOver();
  }

  return {
    node(name) {
      const known = nodes.get(name);
      if (known !== undefined) return known;
      const made = createInspectedNode({
        ...{ node: name, wall, marketNow, redaction: options.redaction },
        originOf: (event) => originOf(event, market),
        tell: (its) => told(name, its),
      });
      nodes.set(name, made);
      if (state.on) made.show(state.actors, pace());
      onTurned(state, [name]);
      return made;
    },
    addDistant(some) {
      distant.push(some);
      if (state.on) some.show(state.actors, pace(), marketNow());
      onTurned(state, some.names);
    },
    told,
    forget,
    turn,
    state: () => state,
    names,
    async send(node, actor, event) {
      const near = nodes.get(node);
      if (near !== undefined) return near.send(actor, event);
      const far = distant.find((some) => some.names.includes(node));
      return far === undefined
        ? { accepted: false, reason: `there is no node ${node} here` }
        : far.send(node, actor, event);
    },
    async stop() {
      if (state.on && options.isLossless) await Promise.all(distant.map((some) => some.flush()));
      for (const node of nodes.values()) node.flush();
      await Promise.all(drawing);
      isClosed = options.isLossless; // a record ends as it was, a broker's topics are cleared
      turn([], undefined);
      await layouts.stop();
    },
  };
}
