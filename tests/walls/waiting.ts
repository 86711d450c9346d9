/** A test's thread that waits for a program without a limit holds the whole run up for ever: no time limit of Vitest ends it. */
import type { Source } from "./source.js";

const synchronous = /\b(execFileSync|execSync|spawnSync)\(/g;

/** Programs that are waited for synchronously have a `timeout`. */
export function waitingViolations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, source }) =>
    [...source.matchAll(synchronous)]
      .filter(({ index }) => !/\btimeout:/.test(statementFrom(source, index)))
      .map(([, name = ""]) => `${path}: ${name} waits for a program without a timeout`),
  );
}

function statementFrom(source: string, begin: number): string {
  const end = source.indexOf(";\n", begin);
  return source.slice(begin, end === -1 ? undefined : end);
}
