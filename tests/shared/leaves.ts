/** The values at the ends of a message's branches, and messages with one of them changed. */
export interface Leaf {
  /** Name of the nearest field; a list's values bear the list's name. */
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export function leavesOf(message: unknown, path: readonly (string | number)[] = [], name = ""): Leaf[] {
  if (Array.isArray(message)) return message.flatMap((value, index) => leavesOf(value, [...path, index], name));
  if (typeof message !== "object" || message === null) return [{ name, path, value: message }];
  return Object.entries(message).flatMap(([key, value]) => leavesOf(value, [...path, key], key));
}

/** A copy of `message` that has `value` at `path`. */
export function changedAt(message: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(message)) return message.map((old, index) => (index === first ? changedAt(old, rest, value) : old));
  const fields = message as Record<string, unknown>;
  return { ...fields, [first]: changedAt(fields[first], rest, value) };
}
