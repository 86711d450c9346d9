/** The table of property x mechanism: every "yes" tried on many books, a counterexample found to every "no". */
import * as fastCheck from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadMechanism } from "../../../infra/mechanisms/load-mechanism.js";
import { checkProperty, properties } from "../../../infra/mechanisms/properties/check-properties.js";
import { exceptions } from "../../../infra/mechanisms/properties/expected-table.js";
import { propertyNames } from "../../../infra/mechanisms/properties/property.js";
import { type Mechanism, type MechanismName, mechanismNames } from "../../../market/rules/mechanisms/mechanism.js";

const words = { yes: "yes", no: "no", "-": "does not apply" } as const;
const seed = 20160801;
/** A linear program takes longer than a sort. */
const runsOf = (name: MechanismName): number => (name === "optimal" ? 100 : 300);

describe.each(mechanismNames)("the column of %s", (name) => {
  let mechanism: Mechanism;
  beforeAll(async () => {
    mechanism = await loadMechanism(name, ".");
  });

  it.each(propertyNames)("says of %s what books show", (property) => {
    const expected = words[exceptions[name][property]?.answer ?? "yes"];
    const runs = expected === "no" ? 5000 : runsOf(name);
    const found = checkProperty(fastCheck, properties[property], mechanism, { runs, seed });
    expect(`${found.result}${"why" in found && found.result !== expected ? `: ${found.why}` : ""}`).toBe(expected);
  });
});

describe("the table of properties", () => {
  it("has an answer for every mechanism, and a reason wherever it is no yes", () => {
    expect(Object.keys(exceptions).toSorted()).toEqual([...mechanismNames].toSorted());
    for (const column of Object.values(exceptions)) {
      for (const exception of Object.values(column)) expect(exception.why.length).toBeGreaterThan(10);
    }
  });
});
