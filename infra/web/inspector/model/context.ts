/** What actors know, as plain JSON: put together from differences, and compared. Nothing is changed in place: moments share what is equal. */
import { namesOfPath } from "../../../../shared/context-path.js";
import type { InspectedEvent } from "../../../../shared/messages/inspection.js";

export type ContextDifference = NonNullable<InspectedEvent["context"]>;
type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns a context in which the paths of the difference are set and removed */
export function withDifference(context: unknown, { set, removed }: ContextDifference): unknown {
  let changed = context;
  for (const path of removed) changed = without(changed, namesOfPath(path));
  for (const [path, value] of Object.entries(set)) changed = withValue(changed, namesOfPath(path), value);
  return changed;
}

function withValue(context: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const fields = isFields(context) ? context : {};
  return { ...fields, [name]: withValue(fields[name], rest, value) };
}

function without(context: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || !isFields(context) || !(name in context)) return context;
  if (rest.length > 0) return { ...context, [name]: without(context[name], rest) };
  const { [name]: _gone, ...others } = context;
  return others;
}

/** The later value, made of the earlier one's parts wherever they are equal, so that comparing the two is quick. */
export function sharing(before: unknown, after: unknown): unknown {
  if (before === after) return before;
  if (Array.isArray(before) && Array.isArray(after)) return sharingList(before, after);
  if (!isFields(before) || !isFields(after)) return after;
  const names = Object.keys(after);
  let isEqual = names.length === Object.keys(before).length;
  const made: Record<string, unknown> = {};
  for (const name of names) {
    made[name] = sharing(before[name], after[name]);
    isEqual &&= name in before && made[name] === before[name];
  }
  return isEqual ? before : made;
}

function sharingList(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const made = after.map((value, index) => sharing(before[index], value));
  return made.length === before.length && made.every((value, index) => value === before[index]) ? before : made;
}

/** One value that two moments tell differently; undefined: it is not there. */
export interface Difference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** Down to single values; lists are compared as a whole. At most `most` of them. */
export function differences(before: unknown, after: unknown, most = 100): Difference[] {
  const found: Difference[] = [];
  const compare = (was: unknown, is: unknown, path: readonly string[]): void => {
    if (was === is || found.length >= most) return;
    if (isFields(was) && isFields(is)) {
      for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
        compare(was[name], is[name], [...path, name]);
      }
    } else if (JSON.stringify(was) !== JSON.stringify(is)) {
      found.push({ path, before: was, after: is });
    }
  };
  compare(before ?? {}, after ?? {}, []);
  return found;
}
