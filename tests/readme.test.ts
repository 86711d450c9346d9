import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { cleanUp, newFolder, runProgram, startProgram } from "./infra/cli/program.js";

const root = new URL("../", import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const packageFile = JSON.parse(read("package.json")) as { readonly scripts: Record<string, string> };

/** Every command that README prints, and how this suite knows that it works. */
const commands = [...read("README.md").matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) =>
  (block ?? "").split("\n").filter((line) => line !== ""),
);
const dataFolder = join(root, "../shared/data");
const hasMosquitto = ["/usr/bin/mosquitto_sub", "/usr/local/bin/mosquitto_sub"].some((path) => existsSync(path));

afterAll(cleanUp);

describe("README", () => {
  it("prints only commands that are tried here", () => {
    expect(commands).toEqual([
      "npm ci && npm start",
      "npm ci && npm test",
      "docker compose up", // tried by .ci/run, where a container engine can be had
      "npx elecbay watch", // beside what the market tells, in "is right about how to watch"
      "mosquitto_sub -h 127.0.0.1 -u observer -i observer -t 'elecbay/main/public/#' -v",
      "npx elecbay simulate scenarios/thesis-microgrid.yaml --out results/thesis --periods 12",
      "npx elecbay simulate scenarios/homes.yaml --data ../shared/data --set fontana --out results/homes --bots-per-thread 11",
      "npx elecbay verify results/thesis",
      "npx elecbay bill results/thesis --participant peer1",
      "npx elecbay replay results/thesis",
      "npx elecbay replay results/thesis --what-if mechanism=pay-as-bid --out results/what-if",
      "npx elecbay verify .elecbay",
      "npx elecbay backup .elecbay market.tar.gz",
      "npx elecbay restore market.tar.gz restored",
      "npx elecbay clear docs/example-book.csv --mechanism all --retail 0.1457 --export 0.0503",
    ]);
  });

  it("starts and tests by scripts that are there", () => {
    expect(packageFile.scripts).toMatchObject({
      start: "node dist/elecbay.js up",
      test: "vitest run",
      prepare: "npm run build",
    });
    const script = /npm run ([a-z]+)/g;
    for (const [, name] of read("README.md").matchAll(script)) expect(Object.keys(packageFile.scripts)).toContain(name);
  });

  it("links only to files that are there", () => {
    for (const [, path] of read("README.md").matchAll(/\]\(([^)#:]+)\)/g)) {
      expect(existsSync(join(root, path ?? "")), `README links to ${path}`).toBe(true);
    }
  });

  it("simulates the thesis microgrid as printed", { timeout: 60_000 }, async () => {
    const out = newFolder();
    const end = await runProgram(["simulate", "scenarios/thesis-microgrid.yaml", "--out", out, "--periods", "12"]);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain("12 of 12 billed");
    const verified = await runProgram(["verify", out]);
    expect(verified.code, verified.stderr).toBe(0);
    expect(verified.stdout).toContain("12  periods settled again");
    const billed = await runProgram(["bill", out, "--participant", "peer1"]);
    expect(billed.code, billed.stderr).toBe(0);
    expect(billed.stdout).toContain("Statement of peer1, February 2017");
    const replayed = await runProgram(["replay", out]);
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(replayed.stdout).toContain("the same hash");
    const otherwise = await runProgram([
      ...["replay", out, "--what-if", "mechanism=pay-as-bid", "--out", join(newFolder(), "what-if")],
    ]);
    expect(otherwise.code, otherwise.stderr).toBe(0);
    expect(otherwise.stdout).toContain("mechanical");
  });

  it("goes on with a market that was killed, checks it, saves it and brings it back", { timeout: 90_000 }, async () => {
    const [state, archive, restored] = [newFolder(), join(newFolder(), "market.tar.gz"), join(newFolder(), "restored")];
    const market = (folder: string) => startProgram(["up", "--mqtt-port", "0", "--rest-port", "0", "--state", folder]);
    const killed = market(state);
    await killed.line(/gate of .* closed/);
    killed.child.kill("SIGKILL");
    await killed.ended;
    const verified = await runProgram(["verify", state]);
    expect(verified.code, verified.stderr).toBe(0);
    expect((await runProgram(["backup", state, archive])).code).toBe(0);
    expect((await runProgram(["restore", archive, restored])).code).toBe(0);
    const again = market(restored);
    const [, gate = ""] = await again.line(/gate of (.*) closed/);
    expect(gate).not.toBe("");
    again.child.kill("SIGINT");
    expect((await again.ended).code).toBe(0);
  });

  it("clears the example book as printed", async () => {
    const printed = [
      "clear",
      "docs/example-book.csv",
      "--mechanism",
      "all",
      "--retail",
      "0.1457",
      "--export",
      "0.0503",
    ];
    const end = await runProgram(printed);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout.trim().split("\n")).toHaveLength(12);
  });

  const data = existsSync(dataFolder);
  if (!data) process.stdout.write("../shared/data is not there: the README's run of real homes is skipped\n");
  it.skipIf(!data)("simulates real homes as printed, here for four periods only", { timeout: 60_000 }, async () => {
    const printed = [
      "simulate",
      "scenarios/homes.yaml",
      "--data",
      "../shared/data",
      "--set",
      "fontana",
      "--bots-per-thread",
      "11",
    ];
    const end = await runProgram([...printed, "--out", newFolder(), "--periods", "4"]);
    expect(end.code, end.stderr).toBe(0);
    expect(end.stdout).toContain("4 of 4 billed");
  });

  if (!hasMosquitto) process.stdout.write("mosquitto_sub is not installed: the README's subscription is skipped\n");
  it.skipIf(!hasMosquitto)("is right about how to watch", { timeout: 60_000 }, async () => {
    const up = startProgram(["up", "--mqtt-port", "0", "--rest-port", "0", "--state", newFolder()]);
    const [, port = ""] = await up.line(/MQTT at mqtt:\/\/127\.0\.0\.1:(\d+)/);
    const printed = ["-h", "127.0.0.1", "-u", "observer", "-i", "observer", "-t", "elecbay/main/public/#", "-v"];
    const seen = execFileSync("mosquitto_sub", [...printed, "-p", port, "-C", "3", "-W", "20"], {
      encoding: "utf8",
      timeout: 25_000,
    });
    expect(seen).toContain("elecbay/main/public/");
    const [, rest = ""] = await up.line(/dashboard at (http:\/\/127\.0\.0\.1:\d+\/)/);
    for (const page of ["", "inspector"]) expect((await fetch(`${rest}${page}`)).status).toBe(200);
    const watch = startProgram(["watch", "--url", `mqtt://127.0.0.1:${port}`]);
    await watch.line(/^2017-02-20T\d\d:\d\d:00Z \| online/);
    watch.child.kill("SIGINT");
    up.child.kill("SIGINT");
    expect((await up.ended).code).toBe(0);
  });
});
