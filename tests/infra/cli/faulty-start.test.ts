/** Starts that cannot succeed: one sentence that says what to put right, and nothing left running. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { openMarketJournals } from "../../../infra/main/market-journals.js";
import { aboutRun } from "../../../infra/main/run-about.js";
import { drawSecrets } from "../../../infra/main/secrets.js";
import { loadScenario } from "../../../infra/scenario/load-scenario.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import { cleanUp, newFolder, runProgram } from "./program.js";

vi.setConfig({ testTimeout: 30_000 });
afterAll(cleanUp);

function scenarioFile(text: string): string {
  const file = join(newFolder(), "faulty.yaml");
  writeFileSync(file, text);
  return file;
}

describe("a scenario that cannot be read", () => {
  it.each([["up"], ["simulate"], ["bots"], ["broker-files"]])(
    "ends `elecbay %s` with exit 2 when it is missing",
    async (command) => {
      const folder = newFolder();
      const options = {
        up: [],
        simulate: ["--out", folder],
        bots: ["--broker", "mqtt://127.0.0.1:9"],
        "broker-files": ["--out", folder],
      };
      const { code, stdout, stderr } = await runProgram([
        command,
        "no-such.yaml",
        ...options[command as keyof typeof options],
        ...(command === "simulate" ? [] : ["--state", folder]),
      ]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^error: .*no-such\.yaml.*\n$/);
    },
  );

  it("is complained about in one line with key, file and line", async () => {
    const file = scenarioFile(`colour: green\n${readFileSync("scenarios/thesis-microgrid.yaml", "utf8")}`);
    const { code, stderr } = await runProgram(["simulate", file, "--out", newFolder()]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toContain("colour");
    expect(stderr).toContain(`${file}:1`);
  });
});

describe("a state folder whose secret is lost", () => {
  it.each([["up"], ["bots"], ["broker-files"]])(
    "refuses `elecbay %s` each time, and writes no new one",
    async (command) => {
      const folder = newFolder();
      const state = join(folder, "state");
      const scenario = loadScenario("scenarios/swarm.yaml", { overrides: { bots: 2 } });
      const drawn = drawSecrets(state);
      const about = await aboutRun(scenario, drawn.secrets);
      const speed = 60;
      const asked = {
        scenario,
        mode: "scaled" as const,
        speed,
        stateFolder: state,
        fresh: false,
        without: new Set<string>(),
      };
      openMarketJournals({ ...asked, about, drawn }, uniform, { info: () => {}, warn: () => {} }).close();
      rmSync(join(state, "secret"));
      rmSync(join(state, "operator.key"));
      const before = contentOf(state);
      const options = { up: ["--rest-port", "0", "--mqtt-port", "0"], bots: ["--broker", "mqtt://127.0.0.1:9"] };
      const given =
        command === "broker-files" ? ["--out", join(folder, "broker")] : options[command as keyof typeof options];
      for (const _start of ["first", "second"]) {
        const { code, stderr } = await runProgram([
          command,
          "scenarios/swarm.yaml",
          "--bots",
          "2",
          "--state",
          state,
          ...given,
        ]);
        expect({ code, stderr }).toEqual({
          code: 1,
          stderr: expect.stringMatching(/^error: .*`secret` is missing: put it back[^\n]*\n$/),
        });
        expect(contentOf(state)).toEqual(before);
      }
    },
  );

  /** Each file below it, with what is in it: of journals only that they are there, for SQLite counts who has opened them. */
  function contentOf(folder: string): Map<string, string> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
    return new Map(paths.map((path) => [path, path.endsWith(".sqlite") ? "" : readFileSync(path, "utf8")]));
  }
});

describe("a port that is taken", () => {
  const taken = async (): Promise<{ server: Server; port: string }> => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    return { server, port: String(typeof address === "object" ? address?.port : 0) };
  };

  it.each([
    ["--mqtt-port", "--rest-port", "the MQTT broker"],
    ["--rest-port", "--mqtt-port", "the HTTP server"],
  ])("ends `elecbay up` with exit 1 and one sentence that names %s", async (flag, otherFlag, what) => {
    const { server, port } = await taken();
    const folder = newFolder();
    const { code, stdout, stderr } = await runProgram(["up", flag, port, otherFlag, "0", "--state", folder]);
    server.close();
    expect({ code, said: beyondWhereItListens(stdout), stderr }).toEqual({
      ...{ code: 1, said: "" },
      stderr: `error: ${what} cannot listen on port ${port}: it is taken by another program; choose another with ${flag}\n`,
    });
  });

  it("ends `elecbay simulate` alike", async () => {
    const { server, port } = await taken();
    const options = ["--out", newFolder(), "--mqtt-port", port];
    const { code, stderr } = await runProgram(["simulate", "scenarios/thesis-microgrid.yaml", ...options]);
    server.close();
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: the MQTT broker cannot listen on port \d+: [^\n]*--mqtt-port\n$/);
  });
});

describe("a broker that is not there", () => {
  it.each([
    ["up", ["--rest-port", "0"]],
    ["bots", ["--bots", "2"]],
  ])("ends `elecbay %s` with exit 1 and where it was looked for", async (command, options) => {
    const { code, stdout, stderr } = await runProgram([
      ...[command, "scenarios/swarm.yaml", "--broker", "mqtt://127.0.0.1:9", "--state", newFolder(), ...options],
    ]);
    expect({ code, said: beyondWhereItListens(stdout) }).toEqual({ code: 1, said: "" });
    expect(stderr).toMatch(/^error: .*cannot connect to mqtt:\/\/127\.0\.0\.1:9[^\n]*\n$/);
  });
});

/** Where a market listens without TLS is logged before it starts. */
function beyondWhereItListens(stdout: string): string {
  return stdout.replace(/^\S+ info {2}no TLS certificate: [^\n]*\n/, "");
}
