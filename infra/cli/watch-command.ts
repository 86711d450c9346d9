/** `elecbay watch`: a running market in a terminal, from its topics alone. */
import { randomBytes } from "node:crypto";
import { type Command, Option } from "commander";
import { filtersOf, topicsOf } from "../../shared/topics.js";
import { drawAsForAPerson } from "../config.js";
import { openConnection } from "../mqtt/connection.js";
import { watcherOf } from "../mqtt/watcher.js";
import { createMarketWatch, hear, type MarketWatch } from "../watch/market-watch.js";
import { plainLine } from "../watch/plain-line.js";
import { interruption } from "./interrupt.js";
import { brokerOption } from "./options.js";

interface WatchFlags {
  readonly url: string;
  readonly market: string;
  readonly id?: string;
  readonly key?: string;
}

export function addWatchCommand(program: Command): void {
  program
    .command("watch")
    .description("Watch a running market in the terminal: periods, prices, energy, the item list. q ends it.")
    .addOption(
      new Option("--url <url>", "the market's MQTT broker, mqtt://host:port or mqtts://…")
        .env("ELECBAY_BROKER")
        .default("mqtt://127.0.0.1:1883")
        .argParser(brokerOption().parseArg ?? String),
    )
    .option("--market <name>", "its name in topics", "main")
    .option("--id <id>", "sign in as this participant (default: operator where there is a key, else nobody)")
    .addOption(
      new Option(
        "--key <key>",
        "the participant's key; the operator's is operator.key in the market's state folder",
      ).env("ELECBAY_KEY"),
    )
    .addHelpText(
      "after",
      `
Where standard output is no terminal it writes a line for each delivery period.
The environment's ELECBAY_KEY keeps a key out of the list of processes.

Examples:
  $ elecbay watch
  $ elecbay watch --url mqtts://market.example:8883
  $ ELECBAY_KEY=$(cat operator.key) elecbay watch     who is online, batteries
  $ elecbay watch --id p4f7c2a1 --key …                           own items and orders
  $ elecbay watch > market.log`,
    )
    .action((flags: WatchFlags) => watchMarket(flags));
}

async function watchMarket({ url, market, key, id = key === undefined ? "observer" : "operator" }: WatchFlags) {
  const watch = createMarketWatch(market, id === "operator");
  const isLive = process.stdout.isTTY === true;
  const interrupted = interruption();
  const connection = await openConnection({
    ...{ url, clientId: watcherOf(id, randomBytes(4).toString("hex")), username: id, password: key ?? "" },
    onMessage: (topic, payload) => hear(watch, topic, payload.toString("utf8"), Date.now()),
    onConnect: () => {
      watch.isConnected = true;
    },
    onDisconnect: () => {
      watch.isConnected = false;
    },
  });
  await connection.subscribe(filtersFor(market, id), 0);
  if (isLive) {
    drawAsForAPerson();
    const { showScreen } = await import("../watch/screen.js");
    await showScreen(watch, interrupted);
  } else await tellPeriods(watch, interrupted);
  await connection.end(500);
}

function filtersFor(market: string, id: string): string[] {
  const { everythingPublic } = filtersOf(market);
  const topics = topicsOf(market);
  if (id === "observer") return [everythingPublic];
  return [everythingPublic, id === "operator" ? topics.in("+", "status") : topics.private(id, "orders")];
}

/** What is retained, and what is told of a gate, comes in several messages: looked at when they are all there. */
const lookedAtEveryMs = 500;

/** A line for each delivery period that is priced, and one for the first figures. */
async function tellPeriods(watch: MarketWatch, ended: Promise<void>): Promise<void> {
  let told: string | undefined;
  const tell = (): void => {
    const period = [...watch.prices.keys()].at(-1) ?? watch.tick?.period;
    const line = plainLine(watch);
    if (line === undefined || watch.info === undefined || period === told) return;
    process.stdout.write(`${line}\n`);
    told = period;
  };
  const timer = setInterval(tell, lookedAtEveryMs);
  await ended;
  clearInterval(timer);
}
