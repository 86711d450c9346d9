/** Tests may take longer on a busy machine: timings are the benchmarks' work, not theirs. */
import { defineConfig } from "vitest/config";

/** Most tests with a market behind them wait for it more than they work: two files at once even on two cores. */
export default defineConfig({ test: { testTimeout: 30_000, hookTimeout: 30_000, maxWorkers: 2 } });
