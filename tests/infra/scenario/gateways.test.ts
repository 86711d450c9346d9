import { describe, expect, it } from "vitest";
import { withGateways } from "../../../infra/scenario/gateways.js";
import type { InputError } from "../../../infra/series/input-error.js";
import { member } from "../../market/managers/sample-terms.js";

const homes = [member("ann"), member("bob"), member("cat")];
const placeOf = (path: readonly (string | number)[]) => ({ file: path.join(".") });
const fault = (...gateways: { id: string; for: string[] }[]): string => {
  try {
    withGateways(homes, gateways, placeOf);
    return "none";
  } catch (error) {
    return (error as InputError).message;
  }
};

describe("gateways of a scenario", () => {
  it("are members of their own, and those under them know their names", () => {
    const members = withGateways(homes, [{ id: "gw1", for: ["ann", "cat"] }], placeOf);
    expect(members.map(({ id, role, gateway }) => [id, role, gateway])).toEqual([
      ...[
        ["ann", "prosumer", "gw1"],
        ["bob", "prosumer", undefined],
        ["cat", "prosumer", "gw1"],
      ],
      ["gw1", "gateway", undefined],
    ]);
    expect(withGateways(homes, [], placeOf)).toEqual(homes);
  });

  it("are refused where a name is taken or nobody's, or somebody is under two", () => {
    expect(fault({ id: "ann", for: ["bob"] })).toContain("gateways.0.id");
    expect(fault({ id: "bidding", for: ["bob"] })).toContain("is taken");
    expect(fault({ id: "gw1", for: ["dan"] })).toContain('there is nobody called "dan"');
    expect(fault({ id: "gw1", for: ["ann"] }, { id: "gw2", for: ["ann"] })).toContain("under gw1 already");
    expect(fault({ id: "gw1", for: ["ann"] }, { id: "gw1", for: ["bob"] })).toContain("is taken");
  });
});
