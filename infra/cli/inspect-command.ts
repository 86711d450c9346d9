/** `elecbay inspect`: opens a recorded inspection in the browser, or records one of a running market. */
import { join } from "node:path";
import { type Command, CommanderError, Option } from "commander";
import { recordInspection } from "../inspect/record-inspection.js";
import { openConnection } from "../mqtt/connection.js";
import { createLog } from "../observe/logger.js";
import { serveInspectionLog } from "../rest/inspection-log-server.js";
import { interruption } from "./interrupt.js";
import { brokerOption, type Folders, inspectActorsOption, wholeNumber } from "./options.js";

interface InspectFlags {
  readonly port: number;
  readonly url?: string;
  readonly out?: string;
  readonly key?: string;
  readonly market: string;
  readonly inspectActors?: string[];
}

export function addInspectCommand(program: Command, { distFolder }: Folders): void {
  program
    .command("inspect")
    .description("Open a recorded inspection in the browser, or record what the actors of a running market do.")
    .argument("[file]", "a recorded inspection, *.inspect.ndjson")
    .addOption(
      new Option("--port <port>", "port of the page, on loopback").default(5003).argParser(wholeNumber(0, 65_535)),
    )
    .addOption(
      new Option("--url <url>", "record from this market's MQTT broker").argParser(brokerOption().parseArg ?? String),
    )
    .option("--out <file>", "where the recording goes")
    .addOption(
      new Option("--key <key>", "the operator's, from operator.key in the market's state folder").env("ELECBAY_KEY"),
    )
    .option("--market <name>", "its name in topics", "main")
    .addOption(inspectActorsOption())
    .addHelpText(
      "after",
      `
A market's own inspector is at /inspector of its REST port. Ctrl-C ends it, and a recording.

Examples:
  $ elecbay simulate scenarios/thesis-microgrid.yaml --out results/thesis --periods 4 --inspect thesis.inspect.ndjson
  $ elecbay inspect thesis.inspect.ndjson
  $ ELECBAY_KEY=$(cat operator.key) elecbay inspect --url mqtt://localhost:1883 --out now.inspect.ndjson
  $ elecbay inspect --url mqtts://market.example:8883 --out bids.inspect.ndjson --inspect-actors "bidding/*" bot7`,
    )
    .action((file: string | undefined, flags: InspectFlags) =>
      file === undefined ? record(flags) : open(file, flags, join(distFolder, "web")),
    );
}

async function open(file: string, { port }: InspectFlags, pagesFolder: string): Promise<void> {
  const interrupted = interruption();
  const served = await serveInspectionLog({ file, port, pagesFolder, log: createLog("text", "warn", "stderr") });
  process.stdout.write(`${file} is open at ${served.url}\n`);
  await interrupted;
  await served.stop();
}

async function record({ url, out, key, market, inspectActors = ["*"] }: InspectFlags): Promise<void> {
  if (url === undefined || out === undefined || key === undefined)
    throw new CommanderError(
      2,
      "elecbay.inspect",
      complain("name a FILE to open, or --url, --key and --out to record"),
    );
  const interrupted = interruption();
  const recording = await recordInspection({
    ...{ url, market, operatorKey: key, path: out, actors: inspectActors, connect: openConnection },
    onError: (error) => void process.stderr.write(`trouble with the broker: ${error.message}\n`),
    onBrokenOff(reason) {
      process.stderr.write(`${reason}\n`);
      process.exitCode = 1;
    },
  });
  process.stdout.write(`recording ${inspectActors.join(", ")} to ${out}; Ctrl-C ends it\n`);
  await interrupted;
  const { bytes, leftOut } = await recording.stop();
  process.stdout.write(
    `${recording.messages()} messages, ${(bytes / 1e6).toFixed(1)} MB; open it with elecbay inspect ${out}\n`,
  );
  if (leftOut > 0) process.stderr.write(`${out} is full: ${leftOut} further messages had no room\n`);
}

function complain(complaint: string): string {
  process.stderr.write(`error: ${complaint}\n`);
  return complaint;
}
