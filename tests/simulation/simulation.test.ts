/** The whole market under faults: whatever goes wrong, nothing is lost, nothing is done twice, and all ends well. */
import { describe, expect, it } from "vitest";
import { run } from "./simulation.js";

const seeds = 6;
const commands = 100;

describe("a simulated market", () => {
  it("breaks no promise, whatever fails", async () => {
    const failures = [];
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { failure } = await run({ seed, commands });
      if (failure !== undefined) failures.push({ seed, ...failure });
    }
    expect(failures).toEqual([]);
  }, 60_000);

  it("goes the same way again from the same seed", async () => {
    const [once, again, other] = [
      await run({ seed: 2, commands }),
      await run({ seed: 2, commands }),
      await run({ seed: 3, commands }),
    ];
    expect(again).toEqual(once);
    expect(other.digest).not.toBe(once.digest);
  });
});
