/** The bench in small, so that it never rots; how fast anything is, is not asserted. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { Row } from "./plan.js";

it("the bench measures market and bare limit in pairs and prints both beside each other", async () => {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-bench-test-"));
  const file = join(folder, "bench.json");
  const { stdout } = await promisify(execFile)(process.execPath, ["dist/bench.js", "--quick", "--json", file]);
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as { rows: Row[] };
  rmSync(folder, { recursive: true });
  expect(rows.map(({ unit }) => unit)).toEqual([
    ...["ms", "ns", "ns", "commands/CPU s", "commands/CPU s"],
    ...["ms", "ms", "ns", "ns"],
    ...["commands/s", "commands/s", "commands/s"],
    ...["s", "s"],
    ...["orders/s", "ms", "orders/s", "ms", "", "ms", "ms", "", "ms", "ms"],
    ...["ticks/s", "ms/tick", "s", "s", "MiB/thread"],
    ...["ms/tick", "ms/tick"],
  ]);
  for (const { what, market, bare, ratio } of rows) {
    expect(stdout).toContain(what);
    const figures = [market, bare, ratio].filter((figure) => figure !== null);
    for (const figure of figures) expect(Number.isFinite(figure) && figure > 0, what).toBe(true);
  }
}, 240_000);
