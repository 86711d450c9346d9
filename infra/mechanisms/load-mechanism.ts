/** A mechanism from its name in a scenario or on the command line: one of ours, or a file of one's own. */
import { resolve } from "node:path";
import type { ClearingChecks } from "../../market/rules/checked-clearing.js";
import { mechanismsWithoutSolver } from "../../market/rules/mechanisms/catalogue.js";
import { type Mechanism, mechanismNames } from "../../market/rules/mechanisms/mechanism.js";
import { optimal } from "../../market/rules/mechanisms/optimal.js";
import { InputError } from "../series/input-error.js";
import { isMechanismFile, loadOwnMechanism } from "./own-mechanism.js";
import { loadSolver } from "./solver.js";

/**
 * @param name one of `mechanismNames`, or the path of a file
 * @param folder that a path is relative to
 * @param checks of what a mechanism of one's own returns; left out: all
 * @throws InputError for a name that is none, or a file that cannot be loaded
 */
export async function loadMechanism(name: string, folder: string, checks?: ClearingChecks): Promise<Mechanism> {
  if (name === "optimal") return optimal(await loadSolver());
  if (Object.hasOwn(mechanismsWithoutSolver, name)) {
    return mechanismsWithoutSolver[name as keyof typeof mechanismsWithoutSolver];
  }
  if (isMechanismFile(name)) return loadOwnMechanism(resolve(folder, name), checks);
  throw new InputError(
    { file: name },
    `there is no mechanism of this name; choose one of ${mechanismNames.join(", ")}, or name a file such as ./mine.ts`,
  );
}
