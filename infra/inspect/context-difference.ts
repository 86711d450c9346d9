/** What of a context differs between two of its copies, by path: `{set: {"funds.ann": 12}, removed: ["orders.o9"]}`. */
import { contextPath } from "../../shared/context-path.js";

export interface ContextDifference {
  readonly set: Record<string, unknown>;
  readonly removed: string[];
}

/** @param before, after bounded copies; undefined where nothing differs. Lists are compared as a whole. */
export function contextDifference(before: unknown, after: unknown): ContextDifference | undefined {
  const found: ContextDifference = { set: {}, removed: [] };
  compare(before ?? {}, after ?? {}, [], found);
  return Object.keys(found.set).length === 0 && found.removed.length === 0 ? undefined : found;
}

function compare(before: unknown, after: unknown, path: readonly string[], found: ContextDifference): void {
  if (before === after) return;
  if (!isPlain(before) || !isPlain(after)) {
    if (JSON.stringify(before) !== JSON.stringify(after)) found.set[contextPath(path)] = after;
    return;
  }
  for (const name of Object.keys(before)) if (!(name in after)) found.removed.push(contextPath([...path, name]));
  for (const [name, value] of Object.entries(after)) {
    if (name in before) compare(before[name], value, [...path, name], found);
    else found.set[contextPath([...path, name])] = value;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
