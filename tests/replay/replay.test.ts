/** Journals of every version must replay for ever: what a market has decided is decided. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { archiveOf, outcomeOf, readNote, recordingsFolder } from "./recording.js";

const whenItFails = `A journal that was written by an earlier version does not come to the same any more.
Never record it again, and never change what stands beside it: somebody's market has such a journal, and could not go on with it.
Keep the rule as it was for journals that were begun under it, and give the new rule a version of its own (docs/replay.md).`;

const names = readdirSync(recordingsFolder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

describe("a recorded journal", () => {
  it("is kept of every kind of market", () => {
    expect(names.length).toBeGreaterThanOrEqual(5);
  });

  it.each(names.map((name) => [name, readNote(name)] as const))("%s comes to what it came to", async (name, note) => {
    const outcome = await outcomeOf(archiveOf(name)).catch((error: unknown) => {
      throw new Error(`${whenItFails}\n${String(error)}`, { cause: error });
    });
    expect(outcome, whenItFails).toEqual(note.comesTo);
  });
});
