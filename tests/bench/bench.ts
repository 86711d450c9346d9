/**
 * `npm run bench`: the market's speed beside the bare limit of the same machine in the same minutes: the same messages, sizes,
 * QoS and clients with no market behind them. Runs are paired and in turn, since a busy machine changes by the minute.
 *
 * `--quick` a few ticks of ten bots; `--only rules`; `--bots 10,100`; `--pairs 3`; `--json FILE`.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type AnyCell, figuresLine } from "./cell.js";
import { doorCell } from "./door-cells.js";
import { journalCell } from "./journal-cell.js";
import { bareLockstep, inspectedLockstep, marketLockstep, recordedLockstep } from "./lockstep-cells.js";
import { peersCell } from "./peers-cell.js";
import { type BenchPlan, benchParts, benchRows } from "./plan.js";
import { restartCell } from "./restart-cell.js";
import { continuousCell, uniformCell } from "./rules-cells.js";
import { settlementCell } from "./settlement-cell.js";
import { bareStart, marketStart } from "./start-cells.js";
import { tableOf } from "./table.js";
import { windowCell } from "./window-cell.js";

const { values } = parseArgs({
  options: {
    cell: { type: "string" },
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    bots: { type: "string", default: "10,100" },
    pairs: { type: "string", default: "3" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(`npm run bench -- [--quick] [--only rules|journal|restart|door|lockstep|start|inspect|window] [--bots 10,100] [--pairs 3] [--json FILE]

Prints the market's speed beside that of the same messages without a market: see docs/benchmarks.md.

Examples:
  $ npm run bench
  $ npm run bench -- --only rules
  $ npm run bench -- --bots 10 --pairs 5
  $ npm run bench -- --quick --json bench.json`);
  process.exit(0);
}

const only = benchParts.find((part) => part === values.only);
if (values.only !== undefined && only === undefined) {
  console.error(`--only takes one of ${benchParts.join(", ")}, not ${values.only}`);
  process.exit(2);
}

const cells = {
  record: recordedLockstep,
  "lockstep-market": marketLockstep,
  "lockstep-bare": bareLockstep,
  "inspect-none": inspectedLockstep,
  "inspect-off": inspectedLockstep,
  "inspect-on": inspectedLockstep,
  "start-market": marketStart,
  "start-bare": bareStart,
};

function run(cell: AnyCell) {
  if (cell.kind === "door") return doorCell(cell);
  if (cell.kind === "peers") return peersCell(cell);
  if (cell.kind === "window") return windowCell(cell);
  if ("homes" in cell) return restartCell(cell);
  if ("batch" in cell) return journalCell(cell);
  if ("participants" in cell) return settlementCell(cell);
  if ("orders" in cell) return cell.kind === "uniform" ? uniformCell(cell) : continuousCell(cell);
  return cells[cell.kind](cell);
}

if (values.cell === undefined) {
  const plan: BenchPlan = values.quick
    ? {
        swarms: [{ bots: 10, warmUpTicks: 5, ticks: 10 }],
        startBots: 10,
        pairs: 1,
        rules: { uniformOrders: [2000, 8000], continuousOrders: 10_000, settled: [1000, 4000], turns: 5 },
        journal: { batches: [1, 100, 1000], turns: 1 },
        restart: { homes: 10, commands: 1000 },
        door: { mqttClients: 4, restClients: 4, seconds: 0.5, peers: [4], minutes: 12, speed: 120, pairs: 1 },
        inspect: { bots: 3, warmUpTicks: 2, ticks: 4, turns: 1 },
        window: undefined, // it needs a browser
        only,
      }
    : {
        swarms: values.bots
          .split(",")
          .map(Number)
          .map((bots) => ({ bots, warmUpTicks: 30, ticks: bots > 30 ? 60 : 180 })),
        startBots: 100,
        pairs: Number(values.pairs),
        rules: {
          uniformOrders: [20_000, 200_000, 1_000_000],
          continuousOrders: 1_000_000,
          settled: [10_000, 100_000, 1_000_000],
          turns: 41,
        },
        journal: { batches: [1, 100, 1000], turns: 11 },
        restart: { homes: 100, commands: 100_000 },
        door: { mqttClients: 100, restClients: 50, seconds: 8, peers: [200, 1000], minutes: 30, speed: 30, pairs: 3 },
        inspect: { bots: 10, warmUpTicks: 15, ticks: 60, turns: 5 },
        window: { loads: 5, messagesPerSecond: 1000, seconds: 15 },
        only,
      };
  const rows = await benchRows(plan, (note) => console.error(note));
  console.log(tableOf(rows));
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`);
} else {
  console.log(figuresLine(await run(JSON.parse(values.cell) as AnyCell)));
}
