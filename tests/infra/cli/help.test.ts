/** What the command line says about itself, and about what it cannot take. */
import { afterAll, describe, expect, it, vi } from "vitest";
import { cleanUp, newFolder, runProgram } from "./program.js";

vi.setConfig({ testTimeout: 30_000 });
afterAll(cleanUp);

describe("the help", () => {
  it.each([
    ["elecbay"],
    ["elecbay up"],
    ["elecbay simulate"],
    ["elecbay watch"],
    ["elecbay clear"],
    ["elecbay verify"],
    ["elecbay bill"],
    ["elecbay check-mechanism"],
    ["elecbay import-readings"],
    ["elecbay backup"],
    ["elecbay restore"],
    ["elecbay bots"],
    ["elecbay broker-files"],
  ])("of %s shows examples and ends well", async (line) => {
    const { code, stdout, stderr } = await runProgram([...line.split(" ").slice(1), "--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Usage: ${line}`);
    expect(stdout).toMatch(/Examples:\n {2}\$ elecbay /);
  });

  it("names the version", async () => {
    const { code, stdout } = await runProgram(["--version"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("a command line that has to be put right", () => {
  it.each([
    ["an option that does not exist", ["up", "--colour", "blue"], "unknown option '--colour'"],
    ["a command that does not exist", ["dawn"], "unknown command 'dawn'"],
    ["a port that is none", ["up", "--mqtt-port", "99999"], "whole number from 0 to 65535"],
    ["no folder for the results", ["simulate", "scenarios/thesis-microgrid.yaml"], "required option '--out <folder>'"],
    ["a broker that is no MQTT address", ["bots", "--broker", "localhost"], "it must be like mqtt://localhost:1883"],
    ["bots without a broker", ["bots"], "required option '--broker <url>'"],
  ])("%s: exit 2 and what is wrong", async (_what, args, complaint) => {
    const { code, stdout, stderr } = await runProgram(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.split("\n")[0]).toMatch(/^error: /);
    expect(stderr).toContain(complaint);
  });

  it("as help without a command is", async () => {
    const { code, stderr } = await runProgram([]);
    expect(code).toBe(2);
    expect(stderr).toContain("Usage: elecbay");
  });
});

describe("a broker's files", () => {
  it("are written where they were asked for, and the program says where", async () => {
    const folder = newFolder();
    const { code, stdout } = await runProgram([
      ...["broker-files", "scenarios/swarm.yaml", "--bots", "3"],
      ...["--state", `${folder}/state`, "--out", `${folder}/mosquitto`],
    ]);
    expect(code).toBe(0);
    expect(stdout).toBe(`wrote dynamic-security.json, passwords and access in ${folder}/mosquitto\n`);
  });
});
