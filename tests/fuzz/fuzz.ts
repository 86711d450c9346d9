/** `npm run fuzz`: mutated MQTT packets and REST requests against a running market, with its figures. */
import { parseArgs } from "node:util";
import { cleanUp } from "../infra/cli/program.js";
import { runFuzz } from "./fuzz-run.js";

const { values } = parseArgs({
  options: {
    packets: { type: "string", default: "20000" },
    requests: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run fuzz -- [--packets 20000] [--requests 20000] [--seed 1]

Starts a market, sends it mutated MQTT packets and mutated REST requests, drawn from a seed, and has a participant trade meanwhile.
Exits with 1 where the market ended, a command of the participant went wrong, an answer was 500, 99 of 100 replies took longer than
250 ms, or the market's memory was at the end 50 MB above what it was before, or at any time 50 MB above the most that it was in use before.

Examples:
  $ npm run fuzz
  $ npm run fuzz -- --packets 2000 --requests 2000 --seed 7`);
  process.exit(0);
}
process.once("exit", cleanUp);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const [packets, requests, seed] = [Number(values.packets), Number(values.requests), Number(values.seed)];
const outcome = await runFuzz({
  ...{ packets, requests, seed },
  onProgress: (sentPackets, sentRequests) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r${sentPackets} of ${packets} packets, ${sentRequests} of ${requests} requests  `);
  },
});
if (process.stderr.isTTY) process.stderr.write("\n");
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const { inUseMb, beforeMb, highestMb, afterMb } = outcome;
const growth = (mb: number, fromMb: number): string =>
  `${mb.toFixed(0)} MB (${mb < fromMb ? "" : "+"}${(mb - fromMb).toFixed(0)} MB)`;
console.log(`seed ${seed}: ${packets} MQTT packets on ${outcome.connections} connections, ${requests} REST requests, in ${outcome.seconds.toFixed(0)} s
market alive: ${outcome.isAlive ? "yes" : "no"}
answers by status: ${JSON.stringify(outcome.statuses)}
a participant's ${outcome.replies} commands meanwhile: p50 ${ms(outcome.p50Ms)}, p99 ${ms(outcome.p99Ms)}, longest ${ms(outcome.longestMs)}, ${outcome.complaints.length} went wrong
resident memory: ${inUseMb.toFixed(0)} MB in use before, ${growth(highestMb, inUseMb)} at most; ${beforeMb.toFixed(0)} MB before, ${growth(afterMb, beforeMb)} after`);
for (const fault of [...outcome.complaints, ...outcome.faults].slice(0, 10)) console.log(`\nfault: ${fault}`);
const isGood =
  outcome.isAlive &&
  outcome.complaints.length + outcome.faults.length === 0 &&
  outcome.p99Ms < 250 &&
  highestMb - inUseMb < 50 &&
  afterMb - beforeMb < 50;
process.exit(isGood ? 0 : 1);
