/** A few of the rounds that `npm run kill` plays by the hundred. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isMosquittoInstalled } from "../processes/mosquitto.js";
import { killStarted } from "../processes/started-process.js";
import { runRounds } from "./rounds.js";
import type { StageMode } from "./stage.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-kill-"));
afterAll(() => {
  killStarted();
  rmSync(folder, { recursive: true, force: true });
});

const few = (mode: StageMode) =>
  runRounds({
    ...{ mode, rounds: 3, seed: 4, folder: join(folder, mode), distFolder: resolve("dist") },
    ...{ onRound: () => {}, onWarning: () => {} },
  });

describe("a market under load that is killed at random moments", () => {
  it("loses no command and does none twice when it is started again", { timeout: 240_000 }, async () => {
    const { complaints, ledgerSumMicro, accepted, ledgerEntries } = await few("embedded");
    expect({ complaints, ledgerSumMicro }).toEqual({ complaints: [], ledgerSumMicro: 0 });
    expect(accepted).toBeGreaterThan(0);
    expect(ledgerEntries).toBeGreaterThan(0);
  });

  it.skipIf(!isMosquittoInstalled())(
    "nor when Mosquitto, the market or a manager's own process is killed in turn",
    { timeout: 240_000 },
    async () => {
      const { complaints, ledgerSumMicro, accepted } = await few("managers");
      expect({ complaints, ledgerSumMicro }).toEqual({ complaints: [], ledgerSumMicro: 0 });
      expect(accepted).toBeGreaterThan(0);
    },
  );
});
