/**
 * `npm run soak`: a market with many bots for an hour or more, its memory watched from outside.
 *
 * A market remembers on purpose: replies until the bill, bills on their topics for 7 days, readings until the limit for corrections (2 days
 * here, 90 by default, so that an hour suffices). Once it has lived that long, memory must be flat.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeResultsSection } from "../processes/results-section.js";
import { killStarted, startProcess } from "../processes/started-process.js";
import { type MemoryWatch, watchMemory } from "./memory-watch.js";
import { type SoakSample, soakOutcome } from "./soak-table.js";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    bots: { type: "string", default: "100" },
    speed: { type: "string", default: "1200" },
    "bots-per-thread": { type: "string", default: "10" },
    folder: { type: "string" },
    write: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run soak -- [--minutes 60] [--bots 100] [--speed 1200] [--bots-per-thread 10] [--folder DIR] [--write docs/results.md]

Runs a market with bots and watches its memory (Linux). The folder (a new one by default) gets the market's state, soak.log, samples.csv
and soak.md, the table, written anew each minute. Exits with 1 where memory grew after the warm-up.

Examples:
  $ npm run soak
  $ npm run soak -- --minutes 5 --bots 20 --speed 6000
  $ nice npm run soak -- --folder /var/tmp/soak --write docs/results.md`);
  process.exit(0);
}

const [minutes, bots, speed] = [Number(values.minutes), Number(values.bots), Number(values.speed)];
const correctionDays = 2;
/** Days of market time after which nothing is remembered any more: a bill's day, its 7 days on the topic, and the periods in bidding. */
const remembersDays = 8.5;
const warmUpMs = (remembersDays * 86_400_000) / speed;
const sampleEveryMs = 5000;

const dist = dirname(fileURLToPath(import.meta.url));
const folder = values.folder ?? mkdtempSync(join(tmpdir(), "elecbay-soak-"));
const state = join(folder, "state");
mkdirSync(state, { recursive: true });
writeFileSync(join(folder, "soak.yaml"), scenarioText());

const samples: SoakSample[] = [];
let billedPeriods = 0;
let warnings = 0;
let watch: MemoryWatch | undefined;
const heardEarly: string[] = [];
process.once("exit", killStarted);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const market = await startProcess({
  program: join(dist, "elecbay.js"),
  nodeFlags: ["--trace-gc"],
  ready: /runs: MQTT at/,
  args: [
    "up",
    ...[join(folder, "soak.yaml"), "--bots", values.bots, "--bots-per-thread", values["bots-per-thread"]],
    ...["--speed", values.speed, "--state", state, "--mqtt-port", "0", "--rest-port", "0"],
  ],
  onLine: (line) => {
    if (watch === undefined) heardEarly.push(line);
    else hear(line);
  },
});
watch = watchMemory(market.pid);
for (const line of heardEarly.splice(0)) hear(line);
console.log(`the market runs as process ${market.pid}; what it comes to is written to ${join(folder, "soak.md")}`);

const begunAt = performance.now();
let writtenAt = 0;
while (market.isRunning()) {
  const atMs = performance.now() - begunAt;
  if (atMs >= minutes * 60_000) break;
  samples.push({ ...watch.sample(atMs), billedPeriods, journalMb: journalMb() });
  if (atMs - writtenAt >= 60_000) {
    writtenAt = atMs;
    writeOutcome(false);
  }
  await Promise.race([market.ended, new Promise((resolve) => setTimeout(resolve, sampleEveryMs))]);
}
const diedEarly = !market.isRunning();
await market.stop();
const { isFlat, text } = writeOutcome(true);
console.log(text);
if (values.write !== undefined) writeResultsSection(values.write, "soak", text);
process.exitCode = isFlat && !diedEarly ? 0 : 1;

function hear(line: string): void {
  if (watch?.hear(line) === true) return;
  if (line.includes(" billed (")) billedPeriods += 1;
  else if (line.includes('"level":"warn"')) {
    warnings += 1;
    writeFileSync(join(folder, "soak.log"), `${line}\n`, { flag: "a" });
  } else if (!line.includes("gate of")) writeFileSync(join(folder, "soak.log"), `${line}\n`, { flag: "a" });
}

function writeOutcome(isOver: boolean): { readonly isFlat: boolean; readonly text: string } {
  const { table, verdict, isFlat } = soakOutcome(samples, warmUpMs);
  const ran = ((samples.at(-1)?.atMs ?? 0) / 60_000).toFixed(0);
  const ending = diedAt(isOver);
  const text = `## Soak

${bots} bots on \`scenarios/swarm.yaml\` at ${speed} times real time for ${ran} minutes${isOver ? "" : " so far"} (Node ${process.version}, ${correctionDays} days for corrections): \`npm run soak -- --minutes ${minutes} --bots ${bots} --speed ${speed}\`. The heaps are what is live after a full collection. Lines of warning in the market's log: ${warnings}.${ending}

${table}

${verdict}
`;
  writeFileSync(join(folder, "soak.md"), text);
  writeFileSync(join(folder, "samples.csv"), samplesText());
  return { isFlat, text };
}

function diedAt(isOver: boolean): string {
  const early = (samples.at(-1)?.atMs ?? 0) < minutes * 60_000 - 2 * sampleEveryMs;
  return isOver && early ? " **The market ended by itself before the time was over.**" : "";
}

function samplesText(): string {
  const head = "seconds,periods_billed,rss_mb,market_heap_mb,other_heaps_mb,journals_mb,cpu_seconds";
  const lines = samples.map(({ atMs, rssMb, marketHeapMb, otherHeapMb, cpuSeconds, ...sample }) =>
    [
      ...[(atMs / 1000).toFixed(0), sample.billedPeriods, rssMb.toFixed(1), marketHeapMb?.toFixed(1) ?? ""],
      ...[otherHeapMb.toFixed(1), sample.journalMb.toFixed(1), cpuSeconds.toFixed(1)],
    ].join(","),
  );
  return `${[head, ...lines].join("\n")}\n`;
}

function journalMb(): number {
  const journals = join(state, "journal");
  return (
    readdirSync(journals).reduce(
      (sum, name) => sum + (statSync(join(journals, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    ) /
    2 ** 20
  );
}

/** The swarm that comes with the program, with a shorter limit for corrections. */
function scenarioText(): string {
  const scenarios = join(dist, "..", "scenarios");
  return readFileSync(join(scenarios, "swarm.yaml"), "utf8")
    .replaceAll("file: data/", `file: ${join(scenarios, "data")}/`)
    .replace("billDays: 1", `billDays: 1\n  correctionDays: ${correctionDays}`);
}
