/**
 * All that an actor holds as one text, and its hash: two states with one text answer alike from then on.
 *
 * Maps and sets in their own order, for that decides answers too; plain objects by their fields' names, whose order decides nothing.
 * Everything is told apart: 0, -0 and NaN, a number and its digits, a field that is undefined and one that is missing. What two places
 * share is written at each. Not to be taken for market/rules/book-hash.ts, which is of one period's book.
 * Source: house.md 4 (compared by state hash); infra/journal/journal.ts, `Snapshot`.
 */
import type { Digest } from "../../market/ports.js";

/** No state goes that deep: what does is chained to itself. */
const deepest = 64;

/** @param state structured data. @throws TypeError for anything else: functions, instances of classes, chains of objects. */
export function stateText(state: unknown): string {
  return textOf(state, 0);
}

export function stateHash(state: unknown, digest: Digest): string {
  return digest(stateText(state));
}

function textOf(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return `${value}n`;
    case "boolean":
    case "undefined":
      return String(value);
    case "object":
      return value === null ? "null" : objectText(value, depth + 1);
    default:
      throw new TypeError(`a state holds a ${typeof value}, which cannot be written down`);
  }
}

function objectText(value: object, depth: number): string {
  if (depth > deepest) throw new TypeError(`a state nests more than ${deepest} deep`);
  if (Array.isArray(value)) return `[${listText(value, depth)}]`;
  if (value instanceof Set) return `Set(${listText(value, depth)})`;
  if (value instanceof Map) {
    let text = "";
    for (const [key, held] of value) text += `${textOf(key, depth)}=>${textOf(held, depth)},`;
    return `Map(${text})`;
  }
  if (!isPlain(value)) throw new TypeError(`a state holds an instance of ${value.constructor.name}`);
  let text = "";
  for (const name of Object.keys(value).sort()) {
    text += `${JSON.stringify(name)}:${textOf((value as Record<string, unknown>)[name], depth)},`;
  }
  return `{${text}}`;
}

function listText(values: Iterable<unknown>, depth: number): string {
  let text = "";
  for (const value of values) text += `${textOf(value, depth)},`;
  return text;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
