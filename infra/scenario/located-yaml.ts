/** YAML with the line of every key and value, so that a complaint about a value can name where it was written. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { InputError } from "../series/input-error.js";

export type Path = readonly (string | number)[];

export type Located =
  | { readonly kind: "scalar"; readonly line: number; readonly value: unknown }
  | { readonly kind: "list"; readonly line: number; readonly items: readonly Located[] }
  | LocatedMap;

export interface LocatedMap {
  readonly kind: "map";
  readonly line: number;
  readonly entries: ReadonlyMap<string, LocatedEntry>;
}

interface LocatedEntry {
  /** Line of the key. */
  readonly line: number;
  readonly value: Located;
}

/** @throws InputError with the line of the first fault of the YAML itself, or where it is no map of keys. */
export function parseLocated(
  file: string,
  text: string,
  what = "a scenario is a map of keys such as name: and bots:",
): LocatedMap {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [fault] = document.errors;
  if (fault !== undefined) throw new InputError({ file, line: lines.linePos(fault.pos[0]).line }, fault.message);
  const lineOf = (node: Node | null): number => lines.linePos(node?.range?.[0] ?? 0).line;

  const locate = (node: unknown, fallback: number): Located => {
    if (isAlias(node)) return locate(node.resolve(document), lineOf(node));
    if (isMap(node)) {
      const entries = new Map<string, LocatedEntry>();
      for (const pair of node.items) {
        const line = isScalar(pair.key) ? lineOf(pair.key) : fallback;
        const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
        entries.set(key, { line, value: locate(pair.value, line) });
      }
      return { kind: "map", line: lineOf(node), entries };
    }
    if (isSeq(node)) {
      return { kind: "list", line: lineOf(node), items: node.items.map((item) => locate(item, lineOf(node))) };
    }
    if (isScalar(node)) return { kind: "scalar", line: lineOf(node), value: node.value };
    return { kind: "scalar", line: fallback, value: null };
  };

  const root = locate(document.contents, 1);
  if (root.kind !== "map") throw new InputError({ file, line: root.line }, what);
  return root;
}

/** `over` laid over `base`: maps key by key, everything else replaced; a key set to null is taken away. */
export function merged(base: Located | undefined, over: Located): Located {
  if (over.kind !== "map") return over;
  const entries = new Map(base?.kind === "map" ? base.entries : []);
  for (const [key, entry] of over.entries) {
    if (entry.value.kind === "scalar" && entry.value.value === null) entries.delete(key);
    else entries.set(key, { line: entry.line, value: merged(entries.get(key)?.value, entry.value) });
  }
  return { kind: "map", line: over.line, entries };
}

/** The same tree with `change` applied to every text. */
export function withTexts(located: Located, change: (text: string) => string): Located {
  if (located.kind === "scalar") {
    return typeof located.value === "string" ? { ...located, value: change(located.value) } : located;
  }
  if (located.kind === "list") return { ...located, items: located.items.map((item) => withTexts(item, change)) };
  const entries = new Map<string, LocatedEntry>();
  for (const [key, { line, value }] of located.entries) entries.set(key, { line, value: withTexts(value, change) });
  return { ...located, entries };
}

/** The values without their lines. */
export function plain(located: Located): unknown {
  if (located.kind === "scalar") return located.value;
  if (located.kind === "list") return located.items.map(plain);
  return Object.fromEntries([...located.entries].map(([key, { value }]) => [key, plain(value)]));
}

/** Line of the key or item at `path`, or of the nearest one around it. */
export function lineAt(located: Located, path: Path): number {
  let line = located.line;
  let at: Located | undefined = located;
  for (const step of path) {
    if (at?.kind === "map") {
      const entry: LocatedEntry | undefined = at.entries.get(String(step));
      if (entry === undefined) return line;
      line = entry.line;
      at = entry.value;
    } else if (at?.kind === "list") {
      at = at.items[Number(step)];
      if (at === undefined) return line;
      line = at.line;
    } else return line;
  }
  return line;
}
