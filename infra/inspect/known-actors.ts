/** The actors of one node that an inspection shows: what they are called, what was told of them last. Of others nothing is held. */
import type { AnyActor, AnyActorRef, AnyMachineSnapshot, AnyStateMachine, AnyTransitionDefinition } from "xstate";
import { edgeIds } from "./describe-machine.js";

export interface KnownActor {
  readonly actor: AnyActor;
  /** `<node>/<number>`. */
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly parent: string | null;
  readonly machine: AnyStateMachine | undefined;
  readonly children: Set<KnownActor>;
  /** Taken since its last step was over. */
  readonly edges: string[];
  /** Of its last event. */
  from: string | null;
  /** The context that the copy is of. */
  contextOf: unknown;
  copy: unknown;
  copyAgainAtMs: number;
}

export interface KnownActors {
  /** Undefined where it is not shown, or gone. */
  of(actor: AnyActor): KnownActor | undefined;
  all(): Iterable<KnownActor>;
  find(number: string): KnownActor | undefined;
  /** `<node>/<number>`, also of one that is not shown. */
  idOf(actor: AnyActorRef): string;
  edgesOf(actor: AnyActor, taken: readonly AnyTransitionDefinition[]): string[];
  changed(known: KnownActor): void;
  gone(known: KnownActor): void;
  /** Of all actors of a system, which ends. */
  systemGone(root: AnyActorRef): void;
  /** Children that its snapshot has no more. */
  lostChildren(known: KnownActor, snapshot: unknown): KnownActor[];
}

export interface KnownActorsOptions {
  readonly node: string;
  readonly isShown: (number: string, name: string) => boolean;
  readonly onFound: (known: KnownActor) => void;
  readonly onChanged: (known: KnownActor) => void;
  readonly onGone: (known: KnownActor) => void;
}

/** Ids of transitions, by machine: worked out once, however many actors it has. */
const edgesByMachine = new WeakMap<AnyStateMachine, ReadonlyMap<AnyTransitionDefinition, string>>();

export function createKnownActors({ node, isShown, onFound, onChanged, onGone }: KnownActorsOptions): KnownActors {
  const byActor = new Map<AnyActor, KnownActor>();
  const byNumber = new Map<string, KnownActor>();
  /** Not shown, or gone. */
  const untold = new WeakSet<AnyActor>();
  const idOf = (actor: AnyActorRef): string => `${node}/${numberOf(actor)}`;

  function learn(actor: AnyActor): KnownActor | undefined {
    const parent = actor._parent as AnyActor | undefined;
    const number = numberOf(actor);
    if (!isShown(number, actor.id)) {
      untold.add(actor);
      return undefined;
    }
    const known: KnownActor = {
      ...{ actor, id: idOf(actor), number, name: actor.id, parent: parent === undefined ? null : idOf(parent) },
      ...{ machine: machineOf(actor), children: new Set(), edges: [] },
      ...{ from: null, contextOf: undefined, copy: undefined, copyAgainAtMs: 0 },
    };
    byActor.set(actor, known);
    byNumber.set(number, known);
    if (parent !== undefined) byActor.get(parent)?.children.add(known);
    onFound(known);
    return known;
  }

  function gone(known: KnownActor): void {
    for (const child of known.children) gone(child);
    byActor.delete(known.actor);
    byNumber.delete(known.number);
    untold.add(known.actor);
    const parent = known.actor._parent as AnyActor | undefined;
    if (parent !== undefined) byActor.get(parent)?.children.delete(known);
    onGone(known);
  }

  return {
    of: (actor) => byActor.get(actor) ?? (untold.has(actor) ? undefined : learn(actor)),
    all: () => byActor.values(),
    find: (number) => byNumber.get(number),
    idOf,
    edgesOf(actor, taken) {
      const machine = machineOf(actor);
      if (machine === undefined) return [];
      const ids = edgesByMachine.get(machine) ?? edgeIds(machine);
      edgesByMachine.set(machine, ids);
      return taken.flatMap((transition) => ids.get(transition) ?? []);
    },
    changed: onChanged,
    gone,
    systemGone({ system }) {
      for (const known of byActor.values()) if (known.actor.system === system) gone(known);
    },
    lostChildren({ children }, snapshot) {
      const { children: living = {} } = snapshot as Partial<AnyMachineSnapshot>;
      return [...children].filter(({ actor, name }) => living[name] !== actor);
    },
  };
}

/** `x3`: XState's number of an actor within its program, as a level of a topic. */
function numberOf(actor: AnyActorRef): string {
  return actor.sessionId.replaceAll(/[^a-z0-9]/g, "");
}

/** Undefined for an actor that is no state machine, such as an alarm. */
export function machineOf(actor: AnyActorRef): AnyStateMachine | undefined {
  const { logic } = actor as AnyActor;
  return "root" in logic ? (logic as unknown as AnyStateMachine) : undefined;
}
