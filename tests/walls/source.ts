/** A source file, what it imports, and its code without comments and types. */
import { posix } from "node:path";
import { transformSync } from "esbuild";

export interface Source {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly source: string;
}

export interface Import {
  /** Path of a file of ours, or the name of a package. */
  readonly target: string;
  readonly isOurs: boolean;
  /** Gone once types are stripped. */
  readonly typeOnly: boolean;
}

const statement = /^(?:import|export)\s+(type\s)?([^;"']*?)\s*from\s*["']([^"']+)["']/gm;
const bare = /^import\s*["']([^"']+)["']/gm;
const dynamic = /\bimport\(\s*["'`]([^"'`]+)["'`]/g;

/** Static, re-exporting, bare and dynamic imports. */
export function importsOf({ path, source }: Source): Import[] {
  const found: Import[] = [];
  const add = (target: string, typeOnly: boolean): void => {
    const isOurs = target.startsWith(".");
    const resolved = posix.normalize(posix.join(posix.dirname(path), target)).replace(/\.js$/, ".ts");
    found.push({ target: isOurs ? resolved : target, isOurs, typeOnly });
  };
  for (const [, type, names = "", target = ""] of source.matchAll(statement)) {
    add(target, type !== undefined || namesTypesOnly(names));
  }
  for (const [, target = ""] of source.matchAll(bare)) add(target, false);
  for (const [, target = ""] of source.matchAll(dynamic)) add(target, false);
  return found;
}

/** `{ type A, type B }`. An empty list imports the module for what it does. */
function namesTypesOnly(names: string): boolean {
  const inBraces = /^\{([^}]*)\}$/s.exec(names.trim())?.[1];
  const each = inBraces?.split(",").flatMap((name) => name.trim() || []) ?? [];
  return each.length > 0 && each.every((name) => name.startsWith("type "));
}

/** Globals that let the world in, under names that nothing else has, so that they can be found. */
const marked = {
  Date: "WALL_Date",
  "Date.now": "WALL_Date_now",
  "Math.random": "WALL_Math_random",
  "performance.now": "WALL_performance_now",
  "crypto.randomUUID": "WALL_crypto_randomUUID",
  "crypto.getRandomValues": "WALL_crypto_getRandomValues",
  setTimeout: "WALL_setTimeout",
  setInterval: "WALL_setInterval",
  setImmediate: "WALL_setImmediate",
  queueMicrotask: "WALL_queueMicrotask",
  globalThis: "WALL_globalThis",
  process: "WALL_process",
  "process.env": "WALL_process_env",
} as const;

/**
 * The code without comments and types, in which the globals above bear a mark. esbuild follows scopes: a local, a
 * property or a method of the same name (`clock.setTimeout`) stays as it is.
 */
export function markedCode({ path, source }: Source): string {
  return transformSync(source, { loader: path.endsWith("x") ? "tsx" : "ts", legalComments: "none", define: marked })
    .code;
}
