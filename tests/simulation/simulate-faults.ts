/**
 * `npm run simulate:faults -- --seeds N`: simulated runs with faults, as many as asked, on some threads. A seed that fails is printed with
 * what broke and how to run it again; then the exit code is 1.
 */
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type FaultKind, faultKinds } from "./faults.js";
import { isPlantedBug, plantedBugs } from "./planted-bugs.js";
import { type RunResult, run } from "./simulation.js";

const help = `Usage: npm run simulate:faults -- [options]

Runs the whole market in one thread on virtual time, with faults drawn from a seed, and checks what it promises.

  --seeds N      how many seeds (default 100)
  --from S       the first seed (default 1)
  --commands N   commands of participants in each run (default 150)
  --jobs N       threads (default 2)
  --plant NAME   plants a bug that has to be found: ${Object.keys(plantedBugs).join(", ")}
  --say          prints everything said: for one seed
  --help         prints this
`;

interface Job {
  readonly seeds: readonly number[];
  readonly commands: number;
  readonly says: boolean;
  readonly plant: string | undefined;
}

if (isMainThread) await main();
else await work(workerData as Job);

async function work({ seeds, commands, says, plant }: Job): Promise<void> {
  const planted = plant !== undefined && isPlantedBug(plant) ? { plant: plantedBugs[plant] } : {};
  for (const seed of seeds) {
    const onSaid = says ? { onSaid: (line: string) => void process.stdout.write(`${line}\n`) } : {};
    parentPort?.postMessage(await run({ seed, commands, ...onSaid, ...planted }));
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "100" },
      from: { type: "string", default: "1" },
      commands: { type: "string", default: "150" },
      jobs: { type: "string", default: "2" },
      plant: { type: "string" },
      say: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const [seeds, from, commands, jobs] = [values.seeds, values.from, values.commands, values.jobs].map(wholeNumber) as [
    number,
    number,
    number,
    number,
  ];
  if (values.plant !== undefined && !isPlantedBug(values.plant)) refuse(`${values.plant} is no bug to plant`);
  const total = createTotal(seeds, commands);
  const all = Array.from({ length: seeds }, (_, place) => from + place);
  const threads = Math.min(jobs, seeds);
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      started(
        {
          seeds: all.filter((_seed, place) => place % threads === thread),
          commands,
          says: values.say,
          plant: values.plant,
        },
        total.add,
      ),
    ),
  );
  total.print();
  process.exitCode = total.failed() > 0 ? 1 : 0;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  return refuse(`${text} is no whole number above 0`);
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n\n${help}`);
  process.exit(2);
}

function started(job: Job, onResult: (result: RunResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // A run makes much that is soon of no use: with room for it the collector comes seldom.
    const worker = new Worker(new URL(import.meta.url), {
      workerData: job,
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    worker.on("message", onResult);
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}

function createTotal(seeds: number, commands: number) {
  const begunMs = performance.now();
  const sums = { runs: 0, commands: 0, deaths: 0, steps: 0, failed: 0 };
  const desks = { entries: 0, booked: 0, refused: 0, changes: 0, late: 0 };
  const struck = new Map<FaultKind, number>(faultKinds.map((kind) => [kind, 0]));
  let printedMs = begunMs;
  const line = (): string => {
    const seconds = ((performance.now() - begunMs) / 1000).toFixed(0);
    return `${sums.runs} of ${seeds} runs, ${sums.commands} commands, ${sums.deaths} deaths of the market, ${sums.steps} events, ${sums.failed} failed, ${seconds} s\n`;
  };
  return {
    failed: () => sums.failed,
    print() {
      const counts = [...struck].map(([kind, count]) => `${kind} ${count}`);
      process.stdout.write(`${line()}struck: ${counts.join(", ")}\n`);
      const { entries, booked, refused, changes, late } = desks;
      process.stdout.write(
        `${entries} entries of batches; payments: ${booked} booked, ${refused} refused; ${changes} changes of supply, ${late} periods settled before one of them was known\n`,
      );
    },
    add(result: RunResult): void {
      sums.runs += 1;
      sums.commands += result.commands;
      sums.deaths += result.deaths;
      for (const name of ["entries", "booked", "refused", "changes", "late"] as const)
        desks[name] += result.desks[name];
      sums.steps += result.steps;
      for (const [kind, count] of result.struck) struck.set(kind, (struck.get(kind) ?? 0) + count);
      if (result.failure !== undefined) {
        sums.failed += 1;
        const { what, step, atMs } = result.failure;
        const where = `seed ${result.seed} (${result.mechanism}), event ${step}, ${(atMs / 1000).toFixed(3)} s`;
        const again = `npm run simulate:faults -- --from ${result.seed} --seeds 1 --commands ${commands} --say`;
        process.stdout.write(`FAILED ${where}: ${what}\n  again: ${again}\n`);
      }
      if (performance.now() - printedMs < 5000) return;
      printedMs = performance.now();
      process.stdout.write(line());
    },
  };
}
