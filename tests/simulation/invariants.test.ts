/** docs/invariants.md names tests that exist, and checks that exist. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../", import.meta.url);
const rows = readFileSync(new URL("docs/invariants.md", root), "utf8")
  .split("\n")
  .map((line) => /^\|\s+(\d+)\s+\|\s+(.+?)\s+\|\s+(.+?)\s+\|\s+`(tests\/[^`]+)`: "(.+)"/.exec(line))
  .filter((row) => row !== null);

it("every invariant has a number of its own, from 1", () => {
  expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_row, place) => place + 1));
  expect(rows.length).toBeGreaterThanOrEqual(11);
});

it.each(rows.map(([, number, invariant, checks, file, title]) => ({ number, invariant, checks, file, title })))(
  "invariant $number is enforced by a test: $invariant",
  ({ checks, file = "", title = "" }) => {
    expect(readFileSync(new URL(file, root), "utf8")).toContain(title);
    for (const [, check = ""] of (checks ?? "").matchAll(/`([^`]+)`/g)) {
      expect(existsSync(new URL(`tests/simulation/${check}`, root)), check).toBe(true);
    }
  },
);
