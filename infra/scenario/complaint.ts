/** What is wrong with a YAML file that does not fit its schema: the first issue, in the place where it was written. */
import type * as z from "zod";
import { InputError } from "../series/input-error.js";
import type { PlaceOf } from "./compose-scenario.js";
import { type LocatedMap, lineAt, type Path } from "./located-yaml.js";

type Issue = z.core.$ZodIssue;

const keyName = (path: Path): string | undefined => (path.length === 0 ? undefined : path.join("."));

/** Line and key of a path in this file. */
export function placesIn(file: string, root: LocatedMap): PlaceOf {
  return (path) => ({ file, line: lineAt(root, path), column: keyName(path) });
}

/** @param document where its keys are told */
export function complaint(issue: Issue, above: Path, placeOf: PlaceOf, document: string): InputError {
  const path = [...above, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0] ?? "";
    return new InputError(placeOf([...path, key]), `unknown key "${key}"; ${document} lists the keys there are`);
  }
  if (issue.code === "invalid_union") {
    // The branch that got furthest is the one that was meant: a map with a slip in it, not a number.
    const meant = issue.errors.find((branch) => branch.some((inner) => !isWrongKind(inner)));
    const [inner] = meant ?? [];
    if (inner !== undefined) return complaint(inner, path, placeOf, document);
  }
  return new InputError(placeOf(path), `${issue.message}; see ${document}`);
}

const isWrongKind = (issue: Issue): boolean => issue.code === "invalid_type" && issue.path.length === 0;
