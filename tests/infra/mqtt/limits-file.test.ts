import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { brokerLimits, limitsAt } from "../../../infra/mqtt/limits.js";
import { readLimits } from "../../../infra/mqtt/limits-file.js";

const folder = mkdtempSync(join(tmpdir(), "elecbay-limits-"));
const file = join(folder, "limits.yaml");
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  writeFileSync(file, text);
  return file;
}

describe("an operator's file of limits", () => {
  it("holds those that shall be others than the program's", () => {
    expect(readLimits(written("mostConnections: 20000\nmostObservers: 5000 # a screen in every hall\n"))).toEqual({
      ...{ mostConnections: 20_000, mostObservers: 5000 },
    });
    expect(readLimits(written("# none yet\n"))).toEqual({});
  });

  it.each([
    ["a name that is none", "connections: 3", "connections: no such limit; there are longestBeforeLoginBytes"],
    ["a text", "mostConnections: many", "mostConnections: Invalid input: expected number"],
    ["a limit below all use", "mostConnections: 0", "mostConnections: Too small"],
    ["no YAML", "a: [", "no YAML: "],
    ["a list", "- 1", "expected object"],
  ])("is refused with %s", (_what, text, complaint) => {
    expect(() => readLimits(written(text))).toThrow(complaint);
    expect(() => readLimits(written(text))).toThrow(file);
  });

  it("is refused where there is none", () => {
    expect(() => readLimits(join(folder, "nowhere"))).toThrow("it cannot be read");
  });
});

describe("limits at a speed", () => {
  it("let bots of a market beyond 300 times real time send that much more, and nobody less", () => {
    expect(limitsAt(1)).toEqual(brokerLimits);
    expect(limitsAt(300)).toEqual(brokerLimits);
    expect(limitsAt(3000)).toEqual({
      ...brokerLimits,
      ...{ packetsPerSecond: 5000, packetsAtOnce: 20_000 },
      ...{ bytesPerSecond: 10 * brokerLimits.bytesPerSecond, bytesAtOnce: 10 * brokerLimits.bytesAtOnce },
    });
  });
});
