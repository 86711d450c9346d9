/**
 * All that was heard of the actors, in one order: a bounded log, and through it every actor at every moment. The same whether it comes from
 * a broker or out of a file. Times and sizes are the caller's; this has no clock.
 */
import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type {
  InspectedActor,
  InspectedEvent,
  InspectedEvents,
  InspectedMachine,
  ManageInspecting,
} from "../../../../shared/messages/inspection.js";
import type { MarketInfo } from "../../../../shared/messages/public.js";
import { type ActorHistory, createHistory, type Moment, type WritableHistory } from "./actor-history.js";
import { type Arrival, createArrivalOrder } from "./arrival-order.js";
import { sharing, withDifference } from "./context.js";
import { type Entry, isPulse } from "./entry.js";

/** A message and the topic it came on, below the market's name. Null: what was retained there is cleared. */
export interface Heard {
  readonly topic: string;
  readonly message: object | null;
}

/** Places of the first and last entry; last below first: none. */
export interface Places {
  readonly first: number;
  readonly last: number;
}

export interface Recording {
  /** Takes in what came since the last time. @param nowMs Infinity: nothing more will come */
  take(messages: readonly Heard[], nowMs: number): void;
  /** Grows with everything that is taken in. */
  readonly version: ReadonlySignal<number>;
  readonly places: ReadonlySignal<Places>;
  entry(place: number): Entry | undefined;
  actors(): readonly ActorHistory[];
  actor(id: string): ActorHistory | undefined;
  /** A machine as its node told it. */
  machine(node: string, machine: string): InspectedMachine | undefined;
  machines(): readonly { readonly node: string; readonly machine: InspectedMachine }[];
  /** Nodes that said whether they show their actors. */
  readonly inspecting: ReadonlySignal<ReadonlyMap<string, ManageInspecting>>;
  /** Events that did not fit on their way here, over all nodes. */
  readonly missed: ReadonlySignal<number>;
  /** The market's, IANA name; undefined: not known yet, or a log that does not tell it. */
  readonly timezone: ReadonlySignal<string | undefined>;
}

export interface RecordingLimits {
  readonly mostEntries: number;
  /** What comes is held so long, to be put in order. */
  readonly holdMs: number;
}

/** @param knownTimezone where it is known before any message */
export function createRecording({ mostEntries, holdMs }: RecordingLimits, knownTimezone?: string): Recording {
  const order = createArrivalOrder(holdMs);
  const histories = new Map<string, WritableHistory>();
  /** `isTold`: not cleared, so that it is not told again to an actor that is new. */
  const machines = new Map<string, { node: string; machine: InspectedMachine; isTold: boolean }>();
  /** Actors whose last event was one that comes all the time: what they do upon it is no news either. */
  const onPulse = new Set<string>();
  const version = signal(0);
  const places = signal<Places>({ first: 0, last: -1 });
  const inspecting = signal<ReadonlyMap<string, ManageInspecting>>(new Map());
  const missed = signal(0);
  const timezone = signal(knownTimezone);
  let entries: Entry[] = [];
  let first = 0;

  const nextPlace = (): number => first + entries.length;

  function historyOf(id: string, node: string): WritableHistory {
    let history = histories.get(id);
    if (history === undefined) {
      history = createHistory(id, node);
      histories.set(id, history);
    }
    return history;
  }

  function hear({ topic, message }: Heard, nowMs: number): void {
    const [area, node, kind, name] = topic.split("/");
    if (topic === "public/market-info") timezone.value = (message as MarketInfo | null)?.timezone ?? timezone.value;
    else if (area === "manage") hearManaged(topic, message);
    else if (area !== "inspect" || node === undefined) return;
    else if (kind === "events" && message !== null) {
      order.putEvents(node, message as InspectedEvents, nowMs);
    } else if (kind === "actor" && name !== undefined) {
      order.putActor(node, `${node}/${name}`, message as InspectedActor | null, nowMs);
    } else if (kind === "machine" && name !== undefined) hearMachine(node, name, message as InspectedMachine | null);
  }

  function hearMachine(node: string, name: string, message: InspectedMachine | null): void {
    const key = `${node}/${name}`;
    const machine = message ?? machines.get(key)?.machine;
    if (machine !== undefined) machines.set(key, { node, machine, isTold: message !== null });
  }

  function hearManaged(topic: string, message: object | null): void {
    const node = /^manage\/inspecting\/([^/]+)$/.exec(topic)?.[1];
    if (node === undefined) return;
    const known = new Map(inspecting.peek());
    if (message === null) known.delete(node);
    else known.set(node, message as ManageInspecting);
    inspecting.value = known;
  }

  function settle(arrival: Arrival): void {
    if (arrival.kind === "event") settleEvent(arrival.node, arrival.event);
    else if (arrival.kind === "actor") settleActor(arrival.node, arrival.actor, arrival.message);
    else {
      const { node, at, ts, missed: left } = arrival;
      missed.value += left;
      const said = { actor: node, type: "missed", from: null, isPulse: false } as const;
      entries.push({ ...said, place: nextPlace(), n: 0, at, ts, node, kind: "missed", missed: left });
    }
  }

  function settleEvent(node: string, event: InspectedEvent): void {
    const place = nextPlace();
    const history = historyOf(event.actor, node);
    entries.push({ ...event, place, node, isPulse: pulseOf(event, history) });
    const before = history.last;
    if (event.kind === "started") {
      history.name = event.type;
      history.parent = event.from;
      history.machine = event.state?.[0] ?? null;
    } else if (event.kind === "event" || event.kind === "action") {
      if (before !== undefined) return;
    }
    history.add(momentAfter(before, event, place));
  }

  /** Alarms and the like come and go with every period. */
  const isHelper = (actor: string | null): boolean => actor !== null && histories.get(actor)?.machine === null;

  function pulseOf(event: InspectedEvent, { machine }: ActorHistory): boolean {
    const { kind, type, from } = event;
    if (kind === "started") return event.state?.length === 0;
    if (kind === "stopped") return machine === null;
    if (kind !== "event") return isPulse(event) || onPulse.has(event.actor);
    const pulse = isPulse(event) || (type.startsWith("xstate.done.actor") && isHelper(from));
    if (pulse) onPulse.add(event.actor);
    else onPulse.delete(event.actor);
    return pulse;
  }

  function settleActor(node: string, id: string, message: InspectedActor | null): void {
    const place = nextPlace() - 1;
    if (message === null) {
      const last = histories.get(id)?.last;
      if (last?.status === "active") histories.get(id)?.add({ ...last, place, isLogged: false, status: "stopped" });
      return;
    }
    const history = historyOf(id, node);
    history.name = message.name;
    history.parent = message.parent;
    history.machine = message.machine;
    const last = history.last;
    const context = sharing(last?.context, message.context);
    const state = sharing(last?.state, message.state) as readonly string[];
    const isNew = last === undefined || last.context !== context || last.state !== state;
    if (!isNew && last.status === message.status) return;
    const { status, value } = message;
    const moved = { edges: last?.edges ?? [], movedAt: last?.movedAt };
    history.add({ ...moved, place, isLogged: false, status, state, value, context });
  }

  function forgetOld(): void {
    // Some at a time: each costs a look at all actors.
    if (entries.length <= mostEntries * 1.05) return;
    const beyond = entries.length - mostEntries;
    entries = entries.slice(beyond);
    first += beyond;
    for (const [id, history] of histories) {
      if (history.forgetBefore(first)) continue;
      histories.delete(id);
      onPulse.delete(id);
    }
    const drawn = new Set([...histories.values()].map(({ node, machine }) => `${node}/${machine}`));
    for (const [key, { isTold }] of machines) if (!isTold && !drawn.has(key)) machines.delete(key);
  }

  return {
    take(messages, nowMs) {
      batch(() => {
        for (const heard of messages) hear(heard, nowMs);
        const due = order.release(nowMs);
        for (const arrival of due) settle(arrival);
        forgetOld();
        const last = nextPlace() - 1;
        if (places.peek().last !== last || places.peek().first !== first) places.value = { first, last };
        if (messages.length > 0 || due.length > 0) version.value += 1;
      });
    },
    ...{ version, places, inspecting, missed, timezone },
    entry: (place) => entries[place - first],
    actors: () => [...histories.values()],
    actor: (id) => histories.get(id),
    machine: (node, machine) => machines.get(`${node}/${machine}`)?.machine,
    machines: () => [...machines.values()],
  };
}

function momentAfter(before: Moment | undefined, event: InspectedEvent, place: number): Moment {
  const { kind, type, edges = [], state, value, context } = event;
  const isStart = kind === "started";
  const told = isStart ? {} : before?.context;
  const moved = edges.length > 0;
  return {
    place,
    isLogged: true,
    status: isStart ? "active" : kind === "stopped" ? endOf(type) : (before?.status ?? "active"),
    state: state ?? before?.state ?? [],
    value: value ?? before?.value ?? null,
    context: context === undefined ? told : withDifference(told, context),
    edges: moved ? edges : isStart ? [] : (before?.edges ?? []),
    movedAt: moved ? place : isStart ? undefined : before?.movedAt,
  };
}

function endOf(type: string): Moment["status"] {
  return type === "done" || type === "error" ? type : "stopped";
}
