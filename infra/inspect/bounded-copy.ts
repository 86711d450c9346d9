/**
 * A copy of whatever an actor knows, as JSON can hold it and of bounded size: 4 levels, 50 items of a list, 200 characters of a text, some
 * hundred values in all. What is left out says so. Secrets are taken out on the way, so that nothing else ever holds them.
 */
import { type Redaction, redacted } from "./redaction.js";

export const mostLevels = 4;
export const mostItems = 50;
export const longestText = 200;
const mostValues = 400;
/** A message inside of a message is read, so that its fields show, and are redacted, by name. */
const longestParsed = 4096;

interface Budget {
  left: number;
}

/** @param most values in all */
export function boundedCopy(value: unknown, redaction: Redaction, most = mostValues): unknown {
  return copied(value, mostLevels, redaction, { left: most });
}

function copied(value: unknown, levels: number, redaction: Redaction, budget: Budget): unknown {
  budget.left -= 1;
  switch (typeof value) {
    case "string":
      return copiedText(value, levels, redaction, budget);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return String(value);
    case "object":
      return value === null ? null : copiedObject(value, levels, redaction, budget);
    case "function":
      return "(function)";
    case "boolean":
      return value;
    default:
      return undefined;
  }
}

function copiedText(text: string, levels: number, redaction: Redaction, budget: Budget): unknown {
  const isJson = /^\s*[[{]/.test(text);
  const parsed = isJson && text.length <= longestParsed ? parsedJson(text) : undefined;
  if (parsed !== undefined) return copied(parsed, levels, redaction, budget);
  const cleared = redaction.cleared(text.length > longestParsed ? text.slice(0, longestParsed) : text);
  if (isJson && redaction.namesSecret(cleared.slice(0, longestText))) return `(${text.length} characters)`;
  return cleared.length <= longestText ? cleared : `${cleared.slice(0, longestText)}…`;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function copiedObject(value: object, levels: number, redaction: Redaction, budget: Budget): unknown {
  if (value instanceof Error) return redaction.cleared(`${value.name}: ${value.message}`).slice(0, longestText);
  if (value instanceof Date) return value.toJSON();
  if (isActor(value)) return `(actor ${value.id})`;
  if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
  const isList = Array.isArray(value) || value instanceof Set;
  if (levels === 0 || budget.left <= 0) return summaryOf(value, isList);
  return isList
    ? copiedList(value as Iterable<unknown>, levels, redaction, budget)
    : copiedEntries(value, levels, redaction, budget);
}

function copiedList(list: Iterable<unknown>, levels: number, redaction: Redaction, budget: Budget): unknown[] {
  const items: unknown[] = [];
  let beyond = 0;
  for (const item of list) {
    if (items.length < mostItems && budget.left > 0) items.push(copied(item, levels - 1, redaction, budget) ?? null);
    else beyond += 1;
  }
  if (beyond > 0) items.push(`(${beyond} more)`);
  return items;
}

function copiedEntries(value: object, levels: number, redaction: Redaction, budget: Budget): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  let taken = 0;
  let beyond = 0;
  for (const [name, inner] of value instanceof Map ? value : Object.entries(value)) {
    if (taken >= mostItems || budget.left <= 0) {
      beyond += 1;
      continue;
    }
    const key = keyOf(String(name), taken, redaction);
    const isSecret = redaction.isSecretName(key) && inner !== null && inner !== undefined;
    const told = isSecret ? redacted : copied(inner, levels - 1, redaction, budget);
    if (told === undefined) continue;
    // Defined, not assigned: a name like `__proto__` would change the copy itself.
    Object.defineProperty(copy, key, { value: told, enumerable: true, configurable: true, writable: true });
    taken += 1;
  }
  if (beyond > 0) copy["…"] = `(${beyond} more)`;
  return copy;
}

/** Of an entry: numbered where it is a hash, for two must not become one. */
function keyOf(name: string, index: number, redaction: Redaction): string {
  return redaction.isHash(name) ? `${redacted} ${index + 1}` : redaction.cleared(name).slice(0, longestText);
}

function summaryOf(value: object, isList: boolean): string {
  if (value instanceof Set || value instanceof Map) return `(${value.size})`;
  return isList ? `(list of ${(value as unknown[]).length})` : "(object)";
}

function isActor(value: object): value is { readonly id: string } {
  return "sessionId" in value && "send" in value;
}
