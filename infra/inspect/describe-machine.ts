/**
 * Reads a machine by walking its states: `machine.definition` has no `always`, and inline functions as nothing.
 *
 * Pure, and imports nothing of XState at run time, so that a bot's thread stays small.
 */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from "xstate";
import type { DescribedEdge, DescribedState, EdgeKind, MachineDescription } from "./machine-description.js";
import { actionNames, guardName, invokeName } from "./names-of-logic.js";

export function describeMachine(machine: AnyStateMachine): MachineDescription {
  const nodes: DescribedState[] = [];
  const edges: DescribedEdge[] = [];
  for (const node of statesOf(machine)) {
    nodes.push(describeState(node));
    edges.push(...initialEdge(node));
    for (const [id, transition] of transitionsOf(node)) edges.push(describeEdge(node, id, transition));
  }
  return { machine: machine.id, nodes, edges };
}

/** Ids of all transitions of a machine: what a microstep has taken is looked up in it. */
export function edgeIds(machine: AnyStateMachine): ReadonlyMap<AnyTransitionDefinition, string> {
  const ids = new Map<AnyTransitionDefinition, string>();
  for (const node of statesOf(machine)) for (const [id, transition] of transitionsOf(node)) ids.set(transition, id);
  return ids;
}

/** All states, parents before their children. */
function statesOf(machine: AnyStateMachine): AnyStateNode[] {
  const found: AnyStateNode[] = [];
  const walk = (node: AnyStateNode): void => {
    found.push(node);
    for (const child of Object.values(node.states) as AnyStateNode[]) walk(child);
  };
  walk(machine.root);
  return found;
}

function transitionsOf(node: AnyStateNode): [string, AnyTransitionDefinition][] {
  const all = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  return all.map((transition, index) => [`${node.id}|${transition.eventType}|${index}`, transition]);
}

function describeState(node: AnyStateNode): DescribedState {
  return {
    id: node.id,
    key: node.key,
    parent: node.parent?.id ?? null,
    type: node.type,
    initial: beginsIn(node) ?? null,
    entry: actionNames(node.entry),
    exit: actionNames(node.exit),
    invoke: node.invoke.map(invokeName),
    tags: [...node.tags],
    description: node.description ?? null,
  };
}

function beginsIn(node: AnyStateNode): string | undefined {
  return node.type === "compound" ? node.initial.target?.[0]?.id : undefined;
}

function initialEdge(node: AnyStateNode): DescribedEdge[] {
  const target = beginsIn(node);
  if (target === undefined) return [];
  return [
    {
      ...{ id: `${node.id}|initial`, source: node.id, target, event: "", guard: null, delay: null },
      ...{ actions: actionNames(node.initial.actions), kind: "initial", internal: false },
    },
  ];
}

function describeEdge(node: AnyStateNode, id: string, transition: AnyTransitionDefinition): DescribedEdge {
  const target = transition.target?.[0]?.id ?? null;
  const delay = delayOf(node, transition);
  return {
    id,
    source: node.id,
    target,
    event: transition.eventType,
    guard: transition.guard === undefined ? null : guardName(transition.guard),
    delay,
    actions: actionNames(transition.actions),
    kind: kindOf(transition.eventType, delay),
    internal: target === null,
  };
}

function delayOf(node: AnyStateNode, transition: AnyTransitionDefinition): string | null {
  const delayed = node.after.find(({ eventType }) => eventType === transition.eventType);
  if (delayed === undefined) return null;
  const { delay } = delayed;
  if (typeof delay === "number") return `${delay} ms`;
  return typeof delay === "string" ? delay : "(unnamed)";
}

function kindOf(eventType: string, delay: string | null): EdgeKind {
  if (eventType === "") return "always";
  if (delay !== null) return "after";
  if (eventType.startsWith("xstate.done.")) return "done";
  return eventType.startsWith("xstate.error.") ? "error" : "event";
}
