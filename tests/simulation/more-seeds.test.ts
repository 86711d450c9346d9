/** More of simulation.test.ts, on a thread of its own. */
import { expect, it } from "vitest";
import { run } from "./simulation.js";

it("40 more seeds of the simulated market break no promise", async () => {
  const failures = [];
  for (let seed = 1001; seed <= 1040; seed += 1) {
    const { failure } = await run({ seed, commands: 40 });
    if (failure !== undefined) failures.push({ seed, ...failure });
  }
  expect(failures).toEqual([]);
}, 300_000);
