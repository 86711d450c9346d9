/** `elecbay up` without a terminal: lines of log, health checks, a clean end. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { cleanUp, newFolder, type RunningProgram, startProgram } from "./program.js";

vi.setConfig({ testTimeout: 40_000 });
afterAll(cleanUp);

const up = (...options: string[]): RunningProgram =>
  startProgram(["up", "--mqtt-port", "0", "--rest-port", "0", "--state", newFolder(), ...options]);

describe("a market without a terminal", () => {
  it("says in JSON where it is, what its gates gave and that it stopped, and ends with 0 within 5 s of Ctrl-C", async () => {
    const market = up("--log", "json", "--speed", "6000", "--no-bots");
    const [greeting] = await market.line(/^\{.*thesis-microgrid runs: MQTT at.*\}$/);
    const { message } = JSON.parse(greeting) as { message: string };
    expect(message).toMatch(/^thesis-microgrid runs: MQTT at mqtt:\/\/127\.0\.0\.1:[1-9]\d*, health at http:/);
    const health = new URL("/", /http:\S+/.exec(message)?.[0]).href;
    const answers = await Promise.all(["healthz", "readyz", "nothing"].map((path) => fetch(`${health}${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
    await market.line(/gate of 2017-02-20 11:00 closed: no trade/);
    const asked = performance.now();
    market.child.kill("SIGINT");
    const { code, stdout, stderr } = await market.ended;
    expect(performance.now() - asked).toBeLessThan(15_000); // it does not wait for what nobody needs
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, string>);
    for (const line of lines) expect(line).toMatchObject({ level: expect.any(String), timestamp: expect.any(String) });
    expect(lines.at(-1)).toMatchObject({ level: "info", message: "stopped" });
  });

  it("logs lines for people by default, takes settings from the environment, and ends on SIGTERM with its bots", async () => {
    const settings = { ELECBAY_MQTT_PORT: "0", ELECBAY_REST_PORT: "0", ELECBAY_STATE: newFolder() };
    const market = startProgram(["up", "--speed", "1200"], settings);
    await market.line(/^\S+Z info {2}thesis-microgrid runs: MQTT at mqtt:/);
    await market.line(/gate of 2017-02-20 11:00 closed: \d\.\d{4} GBP\/kWh/);
    const asked = performance.now();
    market.child.kill("SIGTERM");
    const { code, stdout, stderr } = await market.ended;
    expect(performance.now() - asked).toBeLessThan(15_000); // it does not wait for what nobody needs
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("failed");
    expect(stdout).toMatch(/info {2}stopped\n$/);
  });

  it("ends with 0 when it is interrupted while it starts", async () => {
    const state = newFolder();
    const market = up("--log", "json", "--state", state);
    await vi.waitUntil(() => existsSync(join(state, "secret")), { timeout: 20_000, interval: 20 });
    const asked = performance.now();
    market.child.kill("SIGINT");
    const { code, stdout, stderr } = await market.ended;
    expect({ code, failed: /error:|failed/.test(stdout + stderr) }).toEqual({ code: 0, failed: false });
    expect(performance.now() - asked).toBeLessThan(15_000); // it does not wait for what nobody needs
  });

  it("starts again on the same port, once the one before has ended", async () => {
    const first = up("--no-bots");
    const [, port = ""] = await first.line(/MQTT at mqtt:\/\/127\.0\.0\.1:(\d+)/);
    first.child.kill("SIGINT");
    expect((await first.ended).code).toBe(0);
    const second = up("--no-bots", "--mqtt-port", port);
    const [, again] = await second.line(/MQTT at mqtt:\/\/127\.0\.0\.1:(\d+)/);
    expect(again).toBe(port);
    second.child.kill("SIGINT");
    expect((await second.ended).code).toBe(0);
  });
});
