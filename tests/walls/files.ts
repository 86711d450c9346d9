/** How files are named and how long they may be: pure functions from sources to sentences of complaint. */
import type { Source } from "./source.js";

const longest = 400;
const refused = new Set(["util", "utils", "helper", "helpers", "common", "types", "misc"]);
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** `gate.machine.ts`, `order.property.test.ts`. */
const fileName = /^[a-z0-9]+(-[a-z0-9]+)*(\.(machine|property|worker|test|bench))*\.tsx?$/;

/** Kebab-case, named for what is in it. */
export function nameViolations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path }) => {
    const folders = path.split("/");
    const file = folders.pop() ?? "";
    const words = [...folders, file.split(".")[0] ?? ""].flatMap((name) => name.split("-"));
    const bad = words.find((word) => refused.has(word));
    return [
      ...(bad === undefined ? [] : [`${path}: ${bad} names nothing`]),
      ...(fileName.test(file) && folders.every((folder) => kebab.test(folder)) ? [] : [`${path}: is not kebab-case`]),
    ];
  });
}

/** No file over 400 lines, tests included. */
export function lengthViolations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, source }) => {
    const lines = source.replace(/\n$/, "").split("\n").length;
    return lines > longest ? [`${path}: ${lines} lines, more than ${longest}`] : [];
  });
}
