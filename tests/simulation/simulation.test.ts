/** The whole market under faults: whatever goes wrong, nothing is lost, nothing is done twice, and all ends well. */
import { execFile } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { faultKinds } from "./faults.js";
import { regressions } from "./regressions.js";
import { run } from "./simulation.js";

const seeds = 150;
const commands = 40;

/** As `npm run simulate:faults` runs them: on two threads, from dist. */
function simulated(): Promise<{ readonly code: unknown; readonly stdout: string }> {
  const options = ["--seeds", String(seeds), "--commands", String(commands)];
  return new Promise((resolve) => {
    execFile(process.execPath, ["--enable-source-maps", "dist/simulate-faults.js", ...options], (error, stdout) => {
      resolve({ code: error?.code ?? 0, stdout });
    });
  });
}

describe("a simulated market", () => {
  let outcome: Awaited<ReturnType<typeof simulated>>;
  beforeAll(async () => {
    outcome = await simulated();
  }, 300_000);

  it("breaks no promise, whatever fails", () => {
    expect(outcome, outcome.stdout).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${seeds} of ${seeds} runs`),
    });
  });

  it.each(faultKinds)("has borne this kind of fault more than fifty times: %s", (kind) => {
    const [, count] = new RegExp(`struck: .*\\b${kind} (\\d+)`).exec(outcome.stdout) ?? [];
    expect(Number(count)).toBeGreaterThan(50);
  });

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
