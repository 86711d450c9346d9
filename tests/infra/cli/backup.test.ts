/** A market's state in one file and back, by the built program. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as tar from "tar";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { cleanUp, newFolder, runProgram, startProgram } from "./program.js";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const up = (state: string) =>
  startProgram([
    ...["up", "scenarios/swarm.yaml", "--bots", "4", "--bots-per-thread", "4", "--speed", "1200"],
    ...["--mqtt-port", "0", "--rest-port", "0", "--state", state],
  ]);

const folder = newFolder();
const state = join(folder, "state");
const archive = join(folder, "market.tar.gz");
let said = "";

beforeAll(async () => {
  const market = up(state);
  await market.line(/ runs: MQTT at /);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  said = (await runProgram(["backup", state, archive])).stdout;
  market.child.kill("SIGKILL");
  await market.ended;
});
afterAll(cleanUp);

/** An archive with these files in the place of the backup's own. */
function forged(change: (staging: string) => void): string {
  const staging = newFolder();
  tar.extract({ sync: true, file: archive, cwd: staging });
  change(staging);
  const file = join(newFolder(), "forged.tar.gz");
  tar.create({ sync: true, gzip: true, cwd: staging, file, noDirRecurse: true }, filesIn(staging));
  return file;
}

const filesIn = (staging: string): string[] =>
  readdirSync(staging, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(staging.length + 1));

describe("elecbay backup", () => {
  it("writes the journals and keys of a market that runs, for its owner alone, and says what it holds", () => {
    expect(said).toMatch(/^journal +inputs +facts\nbidding +[1-9]\d* +\d+\nexchange +\d+ +\d+\nsettlement +\d+ +\d+\n/);
    expect(said).toContain(`and operator.key, secret, statement-head.pub, persons.sqlite\nwrote ${archive}\n`);
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(["market.tar.gz", "state"]);
  });

  it("takes the place of a file only with --force", async () => {
    const before = readFileSync(archive);
    const { code, stderr } = await runProgram(["backup", state, archive]);
    expect(code).toBe(2);
    expect(stderr).toContain("it is there already; name another file, or take --force");
    expect(readFileSync(archive)).toEqual(before);
    const other = join(newFolder(), "other.tar.gz");
    writeFileSync(other, "old");
    expect(await runProgram(["backup", state, other, "--force"])).toMatchObject({ code: 0 });
    expect(statSync(other).size).toBeGreaterThan(1000);
  });

  it("says where there is nothing to back up, and leaves nothing behind", async () => {
    const empty = newFolder();
    const { code, stderr } = await runProgram(["backup", empty, join(empty, "x.tar.gz")]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${empty} holds no journals`);
    expect(readdirSync(empty)).toEqual([]);
    const nowhere = await runProgram(["backup", state, join(empty, "no", "x.tar.gz")]);
    expect(nowhere).toMatchObject({ code: 2 });
    expect(nowhere.stderr).toContain("there is no folder");
  });
});

describe("elecbay restore", () => {
  it("makes a state folder with which the market goes on", async () => {
    const restored = join(newFolder(), "restored");
    const { code, stdout } = await runProgram(["restore", archive, restored]);
    expect(code).toBe(0);
    expect(stdout).toContain(said.split("\nwrote ")[0]);
    expect(stdout).toMatch(/restored to .* as it was at \d{4}-\S+Z; go on with: elecbay up SCENARIO --state /);
    expect(readFileSync(join(restored, "secret"))).toEqual(readFileSync(join(state, "secret")));
    expect(statSync(join(restored, "secret")).mode & 0o777).toBe(0o600);
    expect(readdirSync(restored).sort()).toEqual([
      "journal",
      "operator.key",
      "persons.sqlite",
      "secret",
      "statement-head.pub",
    ]);
    const market = up(restored);
    await market.line(/ runs: MQTT at /);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    market.child.kill("SIGINT");
    expect((await market.ended).code).toBe(0);
  });

  it("refuses a folder that holds anything", async () => {
    const taken = newFolder();
    writeFileSync(join(taken, "mine"), "");
    const { code, stderr } = await runProgram(["restore", archive, taken]);
    expect(code).toBe(2);
    expect(stderr).toContain("a backup is restored to a folder that is empty or not there yet");
    expect(readdirSync(taken)).toEqual(["mine"]);
  });

  it.each<[string, (staging: string) => void, string]>([
    [
      "a file that no backup has",
      (staging) => writeFileSync(join(staging, "run.sh"), ""),
      'it holds \\"run.sh\\" (File)',
    ],
    [
      "a changed key",
      (staging) => writeFileSync(join(staging, "secret"), "mine"),
      "secret in it is not what was backed up",
    ],
    [
      "a journal less",
      (staging) => rmSync(join(staging, "journal/exchange.sqlite")),
      "journal/exchange.sqlite is missing",
    ],
    ["a key more", (staging) => writeFileSync(join(staging, "my.key"), ""), "of which its backup.json knows nothing"],
    [
      "no list of what it holds",
      (staging) => rmSync(join(staging, "backup.json")),
      "it is no backup: it holds no backup.json",
    ],
    [
      "a list of another kind",
      (staging) => writeFileSync(join(staging, "backup.json"), "{}"),
      "backup.json cannot be read",
    ],
  ])("refuses an archive with %s, and leaves nothing behind", async (_what, change, complaint) => {
    const file = forged((staging) => {
      for (const name of filesIn(staging)) chmodSync(join(staging, name), 0o644);
      change(staging);
    });
    const target = newFolder();
    const { code, stderr } = await runProgram(["restore", file, join(target, "restored")]);
    expect(code).toBe(2);
    expect(stderr).toContain(complaint.replaceAll("\\", ""));
    expect(readdirSync(target)).toEqual([]);
  });

  it("refuses paths that lead elsewhere, links, and files that are cut short or no archive", async () => {
    const target = newFolder();
    const outside = join(newFolder(), "outside.tar.gz");
    const staging = newFolder();
    mkdirSync(join(staging, "deep"));
    writeFileSync(join(staging, "secret"), "mine");
    tar.create({ sync: true, gzip: true, cwd: join(staging, "deep"), file: outside, preservePaths: true }, [
      "../secret",
    ]);
    const short = forged(() => {});
    truncateSync(short, Math.floor(statSync(short).size / 2));
    const text = join(newFolder(), "text.tar.gz");
    writeFileSync(text, "period,price\n".repeat(100));
    for (const file of [outside, short, text, join(target, "none")]) {
      const { code, stderr } = await runProgram(["restore", file, join(target, "restored")]);
      expect([code, stderr.split("\n")[0]]).toEqual([
        2,
        expect.stringMatching(/^error: .*(which no backup does|no sound backup|is no backup|no such file)/),
      ]);
      expect(existsSync(join(target, "restored"))).toBe(false);
    }
    expect(readdirSync(target)).toEqual([]);
  });
});
