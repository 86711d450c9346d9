/** A fact as columns: all of it as JSON, and beside it what readers look for, wherever in the fact it stands. */
import type { Fact } from "../../market/facts.js";

export type FactColumns = readonly [type: string, periodMs: number | null, participant: string | null, body: string];

export function factColumns(fact: Fact): FactColumns {
  const periodMs = found(fact, "periodMs");
  const participant = found(fact, "participant");
  return [
    fact.type,
    typeof periodMs === "number" ? periodMs : null,
    typeof participant === "string" ? participant : null,
    JSON.stringify(fact),
  ];
}

/** Of the fact itself or of what it tells of: the fate, the bill, the entry. */
function found(fact: Fact, name: string): unknown {
  if (name in fact) return (fact as unknown as Record<string, unknown>)[name];
  for (const value of Object.values(fact)) {
    if (typeof value === "object" && value !== null && name in value) return (value as Record<string, unknown>)[name];
  }
  return undefined;
}
