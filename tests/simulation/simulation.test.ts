/** The whole market under faults: whatever goes wrong, nothing is lost, nothing is done twice, and all ends well. */
import { describe, expect, it } from "vitest";
import { regressions } from "./regressions.js";
import { run } from "./simulation.js";

const seeds = 40;
const commands = 40;

describe("a simulated market", () => {
  it("breaks no promise, whatever fails", async () => {
    const failures = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { failure } = await run({ seed, commands });
      if (failure !== undefined) failures.push({ seed, ...failure });
    }
    expect(failures).toEqual([]);
  }, 300_000);

  it.each(regressions)("no longer breaks as it did: seed $seed, $found", async ({ seed, commands: told }) => {
    expect((await run({ seed, commands: told })).failure).toBeUndefined();
  });

  it("goes the same way again from the same seed", async () => {
    const once = await run({ seed: 2, commands });
    const again = await run({ seed: 2, commands });
    const other = await run({ seed: 3, commands });
    expect(again).toEqual(once);
    expect(other.digest).not.toBe(once.digest);
  });
});
