/** `npm run kill`: `kill -9` at random moments under load, many times over; prints what was lost (nothing may be). */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { runProgram } from "../infra/cli/program.js";
import { isMosquittoInstalled } from "../processes/mosquitto.js";
import { markdownTable, writeResultsSection } from "../processes/results-section.js";
import { killStarted } from "../processes/started-process.js";
import { type RoundsOutcome, runRounds } from "./rounds.js";
import { type StageMode, stageModes } from "./stage.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    mode: { type: "string", default: "all" },
    folder: { type: "string" },
    write: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run kill -- [--rounds 200] [--seed 1] [--mode all|${stageModes.join("|")}] [--folder DIR] [--write docs/results.md]

Kills a running market at random moments while six traders send commands without a pause, starts it again, and compares in the end
what they were told with what the journals hold. Modes: the market with its own broker; the market and Mosquitto, each killed in turn;
Mosquitto, the market and three managers as processes of their own. The rounds are shared among the modes. Exits with 1 where anything
was lost or done twice; then the folder is kept.

Examples:
  $ npm run kill
  $ npm run kill -- --rounds 20 --mode embedded --seed 7
  $ npm run kill -- --rounds 600 --write docs/results.md`);
  process.exit(0);
}

const mode = stageModes.find((name) => name === values.mode);
if (mode === undefined && values.mode !== "all") {
  console.error(`--mode takes all, ${stageModes.join(", ")}, not ${values.mode}`);
  process.exit(2);
}
const hasMosquitto = isMosquittoInstalled();
if (!hasMosquitto && mode !== "embedded")
  console.error("mosquitto is not installed: only the embedded broker is tried");
const modes: readonly StageMode[] = !hasMosquitto ? ["embedded"] : mode === undefined ? stageModes : [mode];
const rounds = Number(values.rounds);
const distFolder = dirname(fileURLToPath(import.meta.url));
const folder = values.folder ?? mkdtempSync(join(tmpdir(), "elecbay-kill-"));
process.once("exit", killStarted);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const begunAt = performance.now();
const outcomes: [StageMode, RoundsOutcome, string][] = [];
for (const [at, each] of modes.entries()) {
  // The first modes get what does not divide evenly.
  const share = Math.floor(rounds / modes.length) + (at < rounds % modes.length ? 1 : 0);
  const own = join(folder, each);
  const outcome = await runRounds({
    ...{ mode: each, rounds: share, seed: Number(values.seed), folder: own, distFolder },
    onRound: (round, victim) =>
      process.stderr.write(`\r${each}: round ${round} of ${share}, ${victim} killed and back   `),
    onWarning: (line) => writeFileSync(join(own, "warnings.log"), `${line}\n`, { flag: "a" }),
  });
  process.stderr.write("\n");
  const verified = await runProgram(["verify", join(own, "state")]);
  outcomes.push([each, outcome, verified.code === 0 ? "passes" : `exits with ${verified.code}`]);
  for (const complaint of outcome.complaints) console.error(`${each}: ${complaint}`);
  if (verified.code !== 0) console.error(verified.stdout + verified.stderr);
}

const text = report();
console.log(text);
if (values.write !== undefined) writeResultsSection(values.write, "kill", text);
const isClean = outcomes.every(
  ([, { complaints, ledgerSumMicro }, verified]) =>
    complaints.length === 0 && ledgerSumMicro === 0 && verified === "passes",
);
if (isClean && values.folder === undefined) rmSync(folder, { recursive: true, force: true });
else console.error(`the state folders are in ${folder}`);
process.exitCode = isClean ? 0 : 1;

function report(): string {
  const row = (name: string, of: (outcome: RoundsOutcome, verified: string) => string | number): string[] => [
    name,
    ...outcomes.map(([, outcome, verified]) => String(of(outcome, verified))),
  ];
  const victims = [...new Set(outcomes.flatMap(([, { killsOf }]) => Object.keys(killsOf)))];
  const rows = [
    row("rounds", ({ rounds: number }) => number),
    ...victims.map((name) =>
      row(
        `kills of ${name === "market" || name === "broker" ? `the ${name}` : name}`,
        ({ killsOf }) => killsOf[name] ?? 0,
      ),
    ),
    row("killed again while starting", ({ killsWhileStarting }) => killsWhileStarting),
    row("kills between journal and reply", ({ killsBeforeReply }) => killsBeforeReply),
    row("kills between sending and journal", ({ killsBeforeJournal }) => killsBeforeJournal),
    row("commands", ({ commands }) => commands),
    row("accepted", ({ accepted }) => accepted),
    row("rejected", ({ rejected }) => rejected),
    row("sent more than once", ({ repeated }) => repeated),
    row("lost", ({ lost }) => lost),
    row("doubled", ({ doubled }) => doubled),
    row("ledger entries", ({ ledgerEntries }) => ledgerEntries),
    row("ledger sum", ({ ledgerSumMicro }) => ledgerSumMicro),
    row("periods billed", ({ billedPeriods }) => billedPeriods),
    row("`elecbay verify`", (_, verified) => verified),
    row("mean restart, ms", ({ meanRestartMs }) => meanRestartMs.toFixed(0)),
    row("longest restart, ms", ({ longestRestartMs }) => longestRestartMs.toFixed(0)),
  ];
  const minutes = ((performance.now() - begunAt) / 60_000).toFixed(1);
  return `## Killed at random moments

\`npm run kill -- --rounds ${rounds} --seed ${values.seed}\` in ${minutes} minutes, Node ${process.version}.

${markdownTable(["", ...outcomes.map(([name]) => name)], rows)}
`;
}
