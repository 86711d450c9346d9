import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { faultSchema, faultsSchema } from "../../../infra/chaos/fault-schema.js";
import { loadFaults } from "../../../infra/chaos/load-faults.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { InputError } from "../../../infra/series/input-error.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const scenario = loadScenario("scenarios/thesis-microgrid.yaml");
const kinds = faultSchema.options;

function complaintAbout(text: string): string {
  const file = join(folder, "faults.yaml");
  writeFileSync(file, text);
  try {
    loadFaults(file, scenario);
  } catch (error) {
    if (error instanceof InputError) return error.message.replace(file, "faults.yaml");
    throw error;
  }
  return "nothing";
}

describe("a faults file", () => {
  it("that comes with the program has every fault and every kind of messages", () => {
    const plan = loadFaults("scenarios/faults.yaml", scenario);
    const names = kinds.map(({ shape }) => shape.fault.value);
    expect(new Set(plan.entries.map(({ fault }) => fault))).toEqual(new Set(names));
    const messages = plan.entries.flatMap((entry) => ("messages" in entry ? [entry.messages] : []));
    expect(new Set(messages)).toEqual(new Set(["sent", "heard", "managed"]));
    expect(plan.seed).toBe(scenario.terms.seed);
  });

  it("has all its keys in the documentation", () => {
    const document = readFileSync("docs/chaos.md", "utf8");
    const keys = [...Object.keys(faultsSchema.shape), ...kinds.flatMap(({ shape }) => Object.keys(shape))];
    for (const key of new Set(keys)) expect(document, key).toContain(`\`${key}\``);
    for (const { shape } of kinds) expect(document).toContain(`\`${shape.fault.value}\``);
  });

  it.each([
    ["faults:\n  - { fault: explode }", "faults.yaml:2: faults.0.fault: must be one of drop,"],
    ["faults:\n  - { fault: drop, messages: sent, share: 2 }", "faults.yaml:2: faults.0.share: "],
    [
      "faults:\n  - fault: drop\n    messages: sent\n    share: 0.1\n    tick: 3",
      'faults.yaml:5: faults.0.tick: unknown key "tick"',
    ],
    ["faults:\n  - { fault: kill-bot }", "faults.yaml:2: faults.0: say when: either everyMinutes: or at:"],
    [
      "faults:\n  - { fault: kill-bot, everyMinutes: 60, at: [2017-02-20T12:00:00Z] }",
      "faults.yaml:2: faults.0: say when",
    ],
    ["faults:\n  - { fault: kill-bot, everyMinutes: 60, whom: [peer99] }", "peer99 is no bot of the scenario"],
    ["faults:\n  - { fault: drop, messages: managed, share: 0.1, whom: [peer1] }", "peer1 is no manager"],
    ["seed: 1", "faults.yaml:1: faults: "],
    ["- 1", "a faults file is a map of keys"],
  ])("is refused with file, line and key: %s", (text, complaint) => {
    expect(complaintAbout(text)).toContain(complaint);
  });
});
