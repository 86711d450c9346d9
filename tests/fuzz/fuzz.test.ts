import { afterAll, expect, it } from "vitest";
import { cleanUp } from "../infra/cli/program.js";
import { runFuzz } from "./fuzz-run.js";

afterAll(cleanUp);

it("a market lives on under mutated packets and requests, answers every command of a participant, and shows nobody its insides", {
  timeout: 90_000,
}, async () => {
  const outcome = await runFuzz({ packets: 800, requests: 500, seed: 1 });
  expect(outcome).toMatchObject({ isAlive: true, complaints: [], faults: [] });
  expect(outcome.replies).toBeGreaterThan(10);
  expect(outcome.afterMb - outcome.beforeMb).toBeLessThan(150);
});
