/** Invariants and faults as lines for a terminal: what is broken is red. */
import type { FaultSummary } from "../chaos/fault-summary.js";
import type { Invariant } from "../chaos/invariants.js";

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

/** @param colour false where no terminal shows it */
export function invariantLines(invariants: readonly Invariant[], colour: boolean): string[] {
  return invariants.map(({ name, holds, detail }) => {
    const line = `${holds ? "holds " : "BROKEN"}  ${name} (${detail})`;
    return !holds && colour ? red(line) : line;
  });
}

export function faultLine(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([fault, count]) => `${fault} ${count}`);
  return `faults: ${parts.length === 0 ? "none" : parts.join(", ")}`;
}

/** The end of a run with faults. */
export function faultReport({ counts, invariants }: FaultSummary, absences: number, colour: boolean): string {
  return [`${faultLine(counts)}; absences ${absences}`, ...invariantLines(invariants, colour)].join("\n");
}
