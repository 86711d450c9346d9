/** A faults file from its text to a plan. Everything that can be wrong with it is found here, before anything starts. */
import { readFileSync } from "node:fs";
import { tickLengthMs } from "../../market/managers/calendar.js";
import { hostedRoles } from "../journal/hosted-actor.js";
import { complaint, placesIn } from "../scenario/complaint.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { type Path, parseLocated, plain } from "../scenario/located-yaml.js";
import { InputError } from "../series/input-error.js";
import { type FaultPlan, isTimed } from "./fault-plan.js";
import { type FaultEntry, faultsSchema } from "./fault-schema.js";

const document = "docs/chaos.md";

/** @throws InputError for the first thing wrong with it, with file, line and key. */
export function loadFaults(path: string, scenario: LoadedScenario): FaultPlan {
  const root = parseLocated(path, textOf(path), "a faults file is a map of keys: seed: and faults:");
  const placeOf = placesIn(path, root);
  const result = faultsSchema.safeParse(plain(root));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw issue === undefined
      ? new InputError({ file: path }, "is no faults file")
      : complaint(issue, [], placeOf, document);
  }
  const { seed = scenario.terms.seed, faults } = result.data;
  const bots = scenario.bots.map(({ id }) => id);
  for (const [index, entry] of faults.entries()) {
    const found = slipIn(entry, bots);
    if (found !== undefined)
      throw new InputError(placeOf(["faults", index, ...found.at]), `${found.what}; see ${document}`);
  }
  const { calendar } = scenario.terms;
  return {
    ...{ file: path, seed, entries: faults, bots, startMs: calendar.startMs },
    ...{ tickMs: tickLengthMs(calendar), periodMinutes: calendar.periodMinutes },
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new InputError({ file: path }, "the faults file cannot be read; check the path");
  }
}

/** What no schema sees: who is meant, and when. */
function slipIn(entry: FaultEntry, bots: readonly string[]): { readonly at: Path; readonly what: string } | undefined {
  if (isTimed(entry) && (entry.everyMinutes === undefined) === (entry.at === undefined)) {
    return { at: [], what: "say when: either everyMinutes: or at:" };
  }
  if (!("whom" in entry) || typeof entry.whom === "string") return undefined;
  const isOfManagers = entry.fault === "crash-manager" || ("messages" in entry && entry.messages === "managed");
  const known: readonly string[] = isOfManagers ? hostedRoles : bots;
  const index = entry.whom.findIndex((id) => !known.includes(id));
  if (index < 0) return undefined;
  const kind = isOfManagers ? `no manager; there are ${hostedRoles.join(", ")}` : "no bot of the scenario";
  return { at: ["whom", index], what: `${entry.whom[index]} is ${kind}` };
}
