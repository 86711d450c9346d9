/** What is recorded, by name: the small market of three-homes.yaml, changed so that another part of the rules is in the journals. */
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";

type Yaml = Record<string, unknown>;

export interface Recipe {
  /** What makes it worth keeping. */
  readonly holds: string;
  readonly change: (scenario: Yaml) => Yaml;
  /** A running market killed at once after so many periods were billed, and again after as many more; undefined: a simulation. */
  readonly killedAfter?: number;
}

export const recipes: Readonly<Record<string, Recipe>> = {
  auction: { holds: "a uniform auction behind a list, all fees", change: (scenario) => scenario },
  killed: {
    holds: "a running market that was killed in the middle and went on",
    change: (scenario) => ({
      ...scenario,
      calendar: {
        ...(scenario.calendar as Yaml),
        periodMinutes: 60,
        openMinutes: 120,
        gateMinutes: 40,
        meterDueMinutes: 40,
      },
    }),
    killedAfter: 2,
  },
  credit: {
    holds: "a continuous market with limited funds",
    change: (scenario) => ({ ...scenario, mechanism: { name: "continuous" }, credit: { limit: 0.05, deposit: 0.02 } }),
  },
  "bill-sharing": {
    holds: "a pool that prices a month",
    change: (scenario) => ({ ...scenario, mechanism: { name: "bill-sharing" } }),
  },
  "own-mechanism": {
    holds: "a mechanism of one's own, whose code is in the journals alone",
    change: (scenario) => ({ ...scenario, mechanism: { name: "./highest-first.ts" } }),
  },
};

/** A folder with the scenario of a recipe, as a user would have it. @returns its file */
export function scenarioOf({ change }: Recipe): string {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-record-"));
  for (const name of ["tests/replay/highest-first.ts", "scenarios/data/thesis-inputs.csv"]) {
    copyFileSync(name, join(folder, name.split("/").at(-1) ?? ""));
  }
  const file = join(folder, "three-homes.yaml");
  writeFileSync(file, stringify(change(parse(readFileSync("tests/replay/three-homes.yaml", "utf8")) as Yaml)));
  return file;
}
