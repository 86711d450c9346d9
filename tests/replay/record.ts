/** `npm run record:replay -- NAME`: records journals of this version that later ones must replay. docs/replay.md tells when. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeBackup } from "../../infra/backup/make-backup.js";
import { programVersion } from "../../infra/version.js";
import { type Recipe, recipes, scenarioOf } from "./recipes.js";
import { archiveOf, noteOf, outcomeOf, type Recording, recordingsFolder } from "./recording.js";

const known = Object.entries(recipes).map(([name, { holds }]) => `  ${name.padEnd(15)} ${holds}`);
const usage = `usage: npm run record:replay -- NAME\n\n${known.join("\n")}\n`;

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["dist/elecbay.js", ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** @throws Error where it fails */
async function simulated(scenario: string, folder: string): Promise<void> {
  const code = await endOf(start(["simulate", scenario, "--out", folder, "--bots-per-thread", "3"]));
  if (code !== 0) throw new Error(`the simulation failed with ${code}`);
}

/** Two lives of a market, each ended by SIGKILL. */
async function killed(scenario: string, folder: string, afterPeriods: number): Promise<void> {
  for (const _life of ["first", "second"]) {
    const speed = ["--speed", "6000", "--bots-per-thread", "3", "--log", "json"];
    const market = start(["up", scenario, "--state", folder, "--mqtt-port", "0", "--rest-port", "0", ...speed]);
    let billed = 0;
    market.stdout?.setEncoding("utf8").on("data", (text: string) => {
      billed += text.match(/ billed \(/g)?.length ?? 0;
      if (billed >= afterPeriods) market.kill("SIGKILL");
    });
    await endOf(market);
  }
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

function run({ killedAfter }: Recipe, scenario: string, folder: string): Promise<void> {
  return killedAfter === undefined ? simulated(scenario, folder) : killed(scenario, folder, killedAfter);
}

async function record(name: string, recipe: Recipe): Promise<void> {
  const recording = `${name}-${programVersion}`;
  const archive = archiveOf(recording);
  if (existsSync(archive)) {
    throw new Error(
      `${archive} is there: a recording is never made again, for it is what older journals are held against`,
    );
  }
  const scenario = scenarioOf(recipe);
  const folder = join(dirname(scenario), "out");
  try {
    await run(recipe, scenario, folder);
    mkdirSync(recordingsFolder, { recursive: true });
    makeBackup({ stateFolder: folder, file: archive, force: false, nowMs: Date.now() });
  } finally {
    rmSync(dirname(scenario), { recursive: true });
  }
  const note: Recording = { holds: recipe.holds, madeBy: programVersion, comesTo: await outcomeOf(archive) };
  writeFileSync(noteOf(recording), `${JSON.stringify(note, undefined, 2)}\n`);
  process.stdout.write(`recorded ${archive}: ${recipe.holds}\n`);
}

const name = process.argv[2] ?? "";
const recipe = Object.hasOwn(recipes, name) ? recipes[name] : undefined;
if (recipe === undefined) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  await record(name, recipe);
}
