/**
 * From the text of a scenario to its checked keys: the chosen set is laid over the base, `botDefaults` under each bot, `${id}` becomes
 * the bot's id; then the schema has its say, and its complaints get their lines.
 */
import { InputError, type InputPlace } from "../series/input-error.js";
import { complaint, placesIn } from "./complaint.js";
import { type Located, type LocatedMap, merged, type Path, parseLocated, plain, withTexts } from "./located-yaml.js";
import { type ScenarioEntry, scenarioSchema } from "./scenario-schema.js";

/** Keys that are used up here. */
export const composingKeys = ["sets", "defaultSet", "botDefaults"] as const;

/** Where a key stands, for messages. */
export type PlaceOf = (path: Path) => InputPlace;

export interface ComposedScenario {
  readonly entry: ScenarioEntry;
  readonly set: string | null;
  readonly placeOf: PlaceOf;
}

/** @throws InputError naming key, file and line for anything unknown, missing or of the wrong kind, in any of the sets. */
export function composeScenario(file: string, text: string, set: string | undefined): ComposedScenario {
  const root = parseLocated(file, text);
  const sets = root.entries.get("sets")?.value;
  if (sets === undefined || sets.kind !== "map" || sets.entries.size === 0) {
    if (set !== undefined)
      throw new InputError({ file }, `the scenario has no sets, so there is no set "${set}"; leave --set out`);
    return checked(file, root, null);
  }
  const names = [...sets.entries.keys()];
  const fallback = root.entries.get("defaultSet")?.value;
  const name = set ?? (fallback?.kind === "scalar" ? String(fallback.value) : undefined);
  const listed = names.join(", ");
  if (name === undefined) throw new InputError({ file, line: sets.line }, `choose a set with --set: ${listed}`);
  if (!names.includes(name))
    throw new InputError({ file, line: sets.line }, `there is no set "${name}"; there are ${listed}`);
  // Every set is checked, so that a slip in one is not found only on the day it is used.
  const all = new Map([...sets.entries].map(([key, { value }]) => [key, checked(file, laidOver(root, value), key)]));
  return all.get(name) ?? checked(file, root, null);
}

function laidOver(root: LocatedMap, set: Located): LocatedMap {
  const result = merged(root, set);
  return result.kind === "map" ? result : root;
}

function checked(file: string, whole: LocatedMap, set: string | null): ComposedScenario {
  const defaults = whole.entries.get("botDefaults")?.value;
  const entries = new Map(whole.entries);
  for (const key of composingKeys) entries.delete(key);
  const bots = entries.get("bots");
  if (bots?.value.kind === "list") {
    const items = bots.value.items.map((bot) => withDefaults(defaults, bot));
    entries.set("bots", { line: bots.line, value: { ...bots.value, items } });
  }
  const root: LocatedMap = { ...whole, entries };
  const placeOf = placesIn(file, root);
  const result = scenarioSchema.safeParse(plain(root));
  if (result.success) return { entry: result.data, set, placeOf };
  const [issue] = result.error.issues;
  throw issue === undefined
    ? new InputError({ file }, "is no scenario")
    : complaint(issue, [], placeOf, "docs/scenarios.md");
}

function withDefaults(defaults: Located | undefined, bot: Located): Located {
  const whole = bot.kind === "map" ? merged(defaults, bot) : bot;
  const id = whole.kind === "map" ? whole.entries.get("id")?.value : undefined;
  if (id?.kind !== "scalar") return whole;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the scenario's own placeholder
  return withTexts(whole, (text) => text.replaceAll("${id}", String(id.value)));
}
