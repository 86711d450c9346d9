/** Where in an actor's context a value stands, as a text: `funds.ann`. A dot in a name is written `\.`, a backslash `\\`. */

/** @param names from the outermost on; none: the whole context */
export function contextPath(names: readonly string[]): string {
  return names.map((name) => name.replaceAll(/[\\.]/g, "\\$&")).join(".");
}

/** The names of a path, from the outermost on. */
export function namesOfPath(path: string): string[] {
  if (path === "") return [];
  const names = [""];
  for (const [part] of path.matchAll(/\\.|[^\\]/gs)) {
    if (part === ".") names.push("");
    else names.push((names.pop() ?? "") + part.slice(-1));
  }
  return names;
}
