/** Tests may take longer on a busy machine: timings are the benchmarks' work, not theirs. */
import { defineConfig } from "vitest/config";

export default defineConfig({ test: { testTimeout: 30_000 } });
