import { expect, it } from "vitest";
import { assertFunded } from "../../../infra/scenario/funded.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { scenarioFile, smallScenario } from "./scenario-file.js";

const scenario = (mechanism: string) => loadScenario(scenarioFile([...smallScenario, `mechanism: ${mechanism}`]));

it.each(["mcafee", "vcg"])("a live market with %s needs a funder, a simulation loads without", (name) => {
  const unfunded = scenario(`{ name: ${name} }`);
  expect(() => assertFunded(unfunded)).toThrow(/test\.yaml: mechanism\.funder: .*name a funder, or shared/);
  expect(() => assertFunded(scenario(`{ name: ${name}, funder: shared }`))).not.toThrow();
  expect(() => assertFunded(scenario(`{ name: ${name}, funder: council }`))).not.toThrow();
});

it("a market with one price for buyer and seller needs none", () => {
  expect(() => assertFunded(scenario("{ name: uniform }"))).not.toThrow();
});
