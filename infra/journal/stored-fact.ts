/** A fact as columns: all of it as JSON, and beside it what readers look for, wherever in the fact it stands. */
import type { Fact } from "../../market/facts.js";
import type { Value } from "./row-keeper.js";

/** In the order of `addFact`. */
export const factColumns = ["input", "place", "type", "period_ms", "participant", "body"] as const;

/** One of the facts of input `n`. */
export interface PlacedFact {
  readonly n: number;
  readonly place: number;
  readonly fact: Fact;
}

export function addFact(values: Value[], { n, place, fact }: PlacedFact): void {
  const periodMs = found(fact, "periodMs");
  const participant = found(fact, "participant");
  values.push(
    n,
    place,
    fact.type,
    typeof periodMs === "number" ? periodMs : null,
    typeof participant === "string" ? participant : null,
    JSON.stringify(fact),
  );
}

/** Of the fact itself or of what it tells of: the fate, the bill, the entry. */
function found(fact: Fact, name: string): unknown {
  if (name in fact) return (fact as unknown as Record<string, unknown>)[name];
  for (const value of Object.values(fact)) {
    if (typeof value === "object" && value !== null && name in value) return (value as Record<string, unknown>)[name];
  }
  return undefined;
}
