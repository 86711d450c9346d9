/** A market that runs while things go wrong: it brings its managers back, says what went wrong and what held. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { cleanUp, newFolder, runProgram, startProgram } from "../cli/program.js";

vi.setConfig({ testTimeout: 60_000 });
afterAll(cleanUp);

const faults = `
faults:
  - { fault: drop, messages: sent, share: 0.1 }
  - { fault: duplicate, messages: heard, share: 0.2 }
  - { fault: crash-manager, at: ["2017-02-20T09:30:00Z"], whom: [bidding], how: error }
  - { fault: crash-manager, at: ["2017-02-20T10:00:00Z"], whom: [exchange], how: before-reply }
  - { fault: kill-bot, at: ["2017-02-20T10:10:00Z"], whom: [peer3], ticks: 2 }
  - { fault: pause-broker, at: ["2017-02-20T10:20:00Z"], seconds: 0.3 }
`;

describe("a market that runs while things go wrong", () => {
  it("goes on, tells each fault, keeps a list of them, and shows at its end what held", async () => {
    const state = newFolder();
    const file = join(state, "faults.yaml");
    writeFileSync(file, faults);
    const ports = ["--mqtt-port", "0", "--rest-port", "0", "--state", state];
    const market = startProgram(["up", ...ports, "--speed", "1200", "--bots-per-thread", "2", "--faults", file]);
    const [rest = ""] = await market.line(/http:\/\/[\d.]+:\d+(?=\/swagger)/);
    await market.line(/fault: crash-manager bidding error/);
    await market.line(/bidding is back/);
    await market.line(/fault: crash-manager exchange before-reply/);
    await market.line(/exchange is back/);
    await market.line(/fault: pause-broker broker/);
    await market.line(/gate of 2017-02-20 11:30 closed/);
    // The operator switches it off: from now on nothing more is listed.
    const authorization = `Bearer ${readFileSync(join(state, "operator.key"), "utf8").trim()}`;
    const headers = { authorization, "content-type": "application/json" };
    const off = await fetch(`${rest}/operator/chaos`, { method: "PUT", headers, body: '{"on":false}' });
    expect(await off.json()).toMatchObject({ on: false, faults: { "crash-manager": 2 } });
    const before = readFileSync(join(state, "faults.csv"), "utf8");
    await market.line(/gate of 2017-02-20 12:30 closed/);
    expect(readFileSync(join(state, "faults.csv"), "utf8")).toBe(before);
    market.child.kill("SIGINT");
    const { code, stdout } = await market.ended;
    const listed = readFileSync(join(state, "faults.csv"), "utf8").trim().split("\n");
    expect(listed[0]).toBe("seq,ts,fault,whom,detail");
    expect(listed).toContainEqual("4,2017-02-20T09:30:00Z,crash-manager,bidding,error");
    expect(listed.some((line) => line.includes("kill-bot,peer3"))).toBe(true);
    expect(stdout).toMatch(/^faults: .*crash-manager 2/m);
    expect(stdout).toMatch(/^holds {3}every command has one reply \([1-9]\d* commands/m);
    expect({ code, broken: stdout.includes("BROKEN") }).toEqual({ code: 0, broken: false });
  });

  it("is not begun with a faults file that is wrong, or with flags that do not fit it", async () => {
    const wrong = join(newFolder(), "faults.yaml");
    writeFileSync(wrong, "faults:\n  - { fault: explode }\n");
    const refused = await runProgram(["up", "--faults", wrong]);
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/faults\.yaml:2: faults\.0\.fault: must be/),
    });
    const simulated = ["simulate", "scenarios/thesis-microgrid.yaml", "--out", newFolder()];
    const unjournalled = await runProgram([...simulated, "--no-journal", "--faults", "scenarios/faults.yaml"]);
    expect(unjournalled).toMatchObject({ code: 2, stderr: expect.stringContaining("--faults needs the journal") });
  });
});
