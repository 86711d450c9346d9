/** Where time, chance, the process and topic strings may be: pure functions from sources to sentences of complaint. */
import { importsOf, markedCode, type Source } from "./source.js";

interface Forbidden {
  readonly pattern: RegExp;
  readonly what: string;
}

const worldly: readonly Forbidden[] = [
  { pattern: /\bWALL_Date_now\b/, what: "Date.now" },
  { pattern: /\bnew WALL_Date\((?:\)|\.\.\.)/, what: "new Date() without an argument" },
  // Other uses but `new Date(ms)`, `Date.UTC` and `Date.parse`: `Date()`, `const { now } = Date`, handing it on.
  { pattern: /(?<!new )\bWALL_Date\b(?!\.(?:UTC|parse)\b)/, what: "Date itself" },
  { pattern: /\bWALL_Math_random\b/, what: "Math.random" },
  { pattern: /\bWALL_performance_now\b/, what: "performance.now" },
  { pattern: /\bWALL_crypto_(?:randomUUID|getRandomValues)\b/, what: "crypto's randomness" },
  { pattern: /\bWALL_setTimeout\b/, what: "setTimeout" },
  { pattern: /\bWALL_setInterval\b/, what: "setInterval" },
  { pattern: /\bWALL_setImmediate\b/, what: "setImmediate" },
  { pattern: /\bWALL_queueMicrotask\b/, what: "queueMicrotask" },
  { pattern: /\bWALL_globalThis\b/, what: "globalThis" },
  { pattern: /\bWALL_process\b/, what: "process" },
  { pattern: /\bWALL_process_env\b/, what: "process.env" },
];

const environment: readonly Forbidden[] = [
  { pattern: /\bWALL_process_env\b/, what: "process.env" },
  { pattern: /\{[^{}]*\benv\b[^{}]*\}\s*=\s*WALL_process\b/, what: "process.env" },
];

const isInfra = (path: string): boolean => path.startsWith("infra/");

function complaints({ path, source }: Source, forbidden: readonly Forbidden[], where: string): string[] {
  const code = markedCode({ path, source });
  return forbidden.filter(({ pattern }) => pattern.test(code)).map(({ what }) => `${path}: ${what} ${where}`);
}

/** Time, timers, chance and the process only in infra: elsewhere they come in as arguments. */
export function worldViolations(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !isInfra(path))
    .flatMap((source) => [
      ...complaints(source, worldly, "is allowed in infra only"),
      ...importsOf(source)
        .filter(({ target, isOurs }) => !isOurs && target.startsWith("node:"))
        .map(({ target }) => `${source.path}: ${target} is allowed in infra only`),
    ]);
}

/** The environment is read in one file. */
export function environmentViolations(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => isInfra(path) && path !== "infra/config.ts")
    .flatMap((source) => [
      ...complaints(source, environment, "is read in infra/config.ts only"),
      ...importsOf(source)
        .filter(({ target }) => target === "node:process" || target === "process")
        .map(({ target }) => `${source.path}: ${target} hides the use of process: use the global`),
    ]);
}

/** Topics are built and taken apart in one file. */
export function topicViolations(sources: readonly Source[]): string[] {
  return sources
    .filter((source) => source.path !== "shared/topics.ts" && markedCode(source).includes("elecbay/"))
    .map(({ path }) => `${path}: topic strings stand in shared/topics.ts only`);
}
