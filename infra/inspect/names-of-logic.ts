/**
 * Names of what a machine is made of: guards, actions, invoked actors. What is written inline has none, and shows as `(unnamed)`: tests
 * refuse that in our own machines.
 */

export const unnamed = "(unnamed)";

/** XState's own actions that only carry `after` out: they are told by the transition. */
const plumbing: ReadonlySet<string> = new Set(["xstate.raise", "xstate.cancel"]);

/** @returns undefined for what only carries a delay out */
export function actionName(action: unknown): string | undefined {
  if (typeof action === "string") return action;
  const type = typeOf(action);
  if (type === undefined) return functionName(action);
  if (plumbing.has(type)) return undefined;
  if (type === "xstate.assign" || type === "xstate.enqueueActions") return unnamed; // says nothing of what it does
  return type.startsWith("xstate.") ? type.slice("xstate.".length) : type;
}

export function actionNames(actions: readonly unknown[]): string[] {
  return actions.flatMap((action) => actionName(action) ?? []);
}

/** `isOpen`, `isOpen and not isFull`. */
export function guardName(guard: unknown): string {
  if (typeof guard === "string") return guard;
  const { guards, stateValue, name } = guard as { guards?: unknown[]; stateValue?: unknown; name?: string };
  if (guards !== undefined) {
    const names = guards.map(guardName);
    return name === "not" ? `not ${names.join()}` : names.join(` ${name} `);
  }
  if (stateValue !== undefined) return `in ${typeof stateValue === "string" ? stateValue : JSON.stringify(stateValue)}`;
  return typeOf(guard) ?? functionName(guard);
}

/** `alarm (gate)`: the actor's logic and what it is called here. */
export function invokeName({ id, src }: { readonly id: string; readonly src: unknown }): string {
  const logic = typeof src === "string" ? src : unnamed;
  return /^\d+\./.test(id) || id === logic ? logic : `${logic} (${id})`;
}

function typeOf(value: unknown): string | undefined {
  const type = (value as { type?: unknown } | null)?.type;
  return typeof type === "string" ? type : undefined;
}

function functionName(value: unknown): string {
  return typeof value === "function" && value.name !== "" ? value.name : unnamed;
}
