/** The simulator is not blind: a bug planted where it hurts is found, and for what it is, within a few seeds. */
import { describe, expect, it } from "vitest";
import { type PlantedBugName, plantedBugs } from "./planted-bugs.js";
import { run } from "./simulation.js";

const mostSeeds = 12;
const commands = 100;

/** What the auditor has to say of each. */
const found: Readonly<Record<PlantedBugName, RegExp>> = {
  journal: /hears a reply that is in no journal/,
  dedupe: /it was answered .* before/,
  gate: /gate-closed was to be expected/,
  "hand-over-twice": /takes hand-over \d+ of \w+ a second time/,
  "hand-over-lost": /was not taken by|periods are billed|journals of this market are not of one moment/,
  "ledger-amount": /is billed .* with its payments, booked are|is left with/,
  "ledger-side": /it has not two sides/,
  "payout-twice": /is booked twice|is decided twice/,
  "payout-unheld": /is not to be held|credit-exceeded was to be expected/,
  "supply-lost": /is settled at .* where .* holds/,
  "batch-again": /entry \d+: (it was answered .* before|.* was to be expected)/,
};

/** @returns the first seed that finds it for what it is; all that was said of seeds that fail otherwise */
async function search(name: PlantedBugName): Promise<{ readonly seed: number | undefined; readonly others: string[] }> {
  const others: string[] = [];
  for (let seed = 1; seed <= mostSeeds; seed += 1) {
    const { failure } = await run({ seed, commands, plant: plantedBugs[name] });
    if (failure?.what.match(found[name])) return { seed, others };
    if (failure !== undefined) others.push(failure.what);
  }
  return { seed: undefined, others };
}

describe("a bug planted in the market", () => {
  it.each(Object.keys(plantedBugs) as PlantedBugName[])(`is found within ${mostSeeds} seeds: %s`, async (name) => {
    const { seed, others } = await search(name);
    expect(seed, others.join("\n")).toBeDefined();
  });
});
