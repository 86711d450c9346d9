/** `elecbay up`: runs a market until Ctrl-C. */

import { join } from "node:path";
import { type Command, CommanderError, InvalidArgumentError, Option } from "commander";
import logUpdate from "log-update";
import { managerRoles } from "../journal/hosted-actor.js";
import { watchCertificate } from "../main/certificate-watch.js";
import { type RunningMarket, startMarket } from "../main/up.js";
import { makeFolder, privateMode } from "../make-folder.js";
import { readLimits } from "../mqtt/limits-file.js";
import { createLog, type LogFormat } from "../observe/logger.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { faultsFor } from "./fault-flags.js";
import { interruption } from "./interrupt.js";
import { faultLine, invariantLines } from "./invariant-lines.js";
import { addListenOptions, type ListenFlags, listeningFrom, tellListening } from "./listen-options.js";
import { liveStatus } from "./live-status.js";
import {
  actorPattern,
  botsOption,
  botsPerThreadOption,
  brokerOption,
  dataOption,
  type Folders,
  faultsOption,
  inspectSendOption,
  logOption,
  mqttPortOption,
  natsOption,
  originOption,
  refuseNatsAlone,
  type ScenarioFlags,
  scenarioOptions,
  seedOption,
  setOption,
  shadowOption,
  stateOption,
  wholeNumber,
} from "./options.js";
import { sandboxed, sandboxOverrides } from "./sandbox.js";

interface UpFlags extends ScenarioFlags, ListenFlags {
  readonly speed: number | "real" | undefined;
  readonly real?: true;
  readonly mqttPort: number;
  readonly restPort: number;
  readonly broker?: string;
  readonly nats?: string;
  readonly state: string;
  readonly fresh?: true;
  readonly sandbox?: true;
  readonly without: readonly string[];
  readonly bots: boolean | number;
  readonly botsPerThread: number;
  readonly faults?: string;
  readonly inspect?: readonly string[] | true;
  readonly inspectSend?: true;
  readonly inspectStately?: string;
  readonly limits?: string;
  readonly origin?: readonly string[];
  readonly log: LogFormat;
}

/** It must be over within 5 s, whatever hangs. */
const longestStopMs = 4500;

export function addUpCommand(program: Command, folders: Folders): void {
  const command = program
    .command("up")
    .description("Run a market: broker, clock, managers, and one bot per worker thread. Ctrl-C ends it.")
    .argument("[scenario]", "scenario file", join(folders.scenariosFolder, "thesis-microgrid.yaml"))
    .addOption(
      new Option("--speed <times>", "market time over wall time (300: a half hour in 6 s), or `real`").argParser(speed),
    )
    .option("--real", "run in real time, from now on")
    .addOption(mqttPortOption(1883))
    .addOption(
      new Option("--rest-port <port>", "port of the REST API and health checks")
        .env("ELECBAY_REST_PORT")
        .default(5001)
        .argParser(wholeNumber(0, 65_535)),
    );
  addListenOptions(command, true)
    .addOption(originOption())
    .addOption(brokerOption())
    .addOption(natsOption())
    .option("--limits <file>", "limits of the embedded broker, in the place of its own (docs: SECURITY.md)")
    .addOption(stateOption("what lasts: journals, keys and secrets; a market found there goes on"))
    .addOption(
      new Option("--without <roles>", "managers that run as processes of their own (elecbay manager)")
        .argParser(managers)
        .default([], "none"),
    )
    .option(
      "--sandbox",
      "a market to try things in, beside the real one: named sandbox in its topics, play money (XTS), MQTT on 1884, REST on 5002, state in .elecbay-sandbox",
    )
    .option("--fresh", "begin anew: the journals of an earlier market in the state folder are set aside, not deleted")
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(shadowOption())
    .addOption(botsOption())
    .option("--no-bots", "start no bots: they come from elsewhere")
    .addOption(botsPerThreadOption())
    .addOption(faultsOption())
    .addOption(
      new Option(
        "--inspect [patterns]",
        "show operators what actors do from the start on: all, or bidding/*,bot7",
      ).argParser(actorPatterns),
    )
    .addOption(inspectSendOption())
    .addOption(
      new Option("--inspect-stately [url]", "tell Stately's own inspector of the actors of this process, at its server")
        .preset("ws://127.0.0.1:8080")
        .argParser(webSocketUrl),
    )
    .addOption(logOption())
    .addHelpText(
      "after",
      `
Examples:
  $ elecbay up
  $ elecbay up scenarios/swarm.yaml --bots 50 --speed 600
  $ elecbay up --shadow pay-as-bid,mcafee,none
  $ elecbay up --faults scenarios/faults.yaml --speed 600
  $ elecbay up --inspect "bidding/*,bot1"
  $ elecbay up --real --state /var/lib/elecbay
  $ elecbay up scenarios/swarm.yaml --sandbox
  $ elecbay up --real --listen 0.0.0.0 --tls-cert market.pem --tls-key market.key
  $ elecbay up --without settlement,exchange --mqtt-port 11883
  $ elecbay up --mqtt-port 11883 --rest-port 15001 --log json
  $ elecbay up scenarios/swarm.yaml --broker mqtt://localhost:1883 --no-bots
  $ elecbay up --broker mqtt://localhost:1883 --nats nats://localhost:4222`,
    )
    .action((path: string, flags: UpFlags, itself: Command) => up(path, sandboxed(flags, itself), folders));
}

async function up(path: string, flags: UpFlags, { distFolder }: Folders): Promise<void> {
  const listening = listeningFrom(flags, (text) => process.stderr.write(text));
  const options = scenarioOptions(flags);
  const inSandbox = flags.sandbox === true ? sandboxOverrides : {};
  const scenario = await loadScenario(path, { ...options, overrides: { ...options.overrides, ...inSandbox } });
  const live = process.stdout.isTTY === true && flags.log === "text";
  const logFile = join(flags.state, "elecbay.log");
  if (live) makeFolder(flags.state, privateMode);
  const log = createLog(flags.log, "info", live ? { file: logFile } : "stdout");
  const isReal = flags.real === true || flags.speed === "real";
  if (flags.real === true && typeof flags.speed === "number") {
    const complaint = "error: --real runs at the speed of time; leave --speed out";
    process.stderr.write(`${complaint}\n`);
    throw new CommanderError(2, "elecbay.speed", complaint);
  }
  refuseNatsAlone(flags);
  if (scenario.shadow.length > 0 && flags.without.length > 0) {
    const complaint = "error: shadows need all managers in this process: leave --without out, or the scenario's shadow";
    process.stderr.write(`${complaint}\n`);
    throw new CommanderError(2, "elecbay.shadow", complaint);
  }
  const faults = faultsFor(flags, scenario);
  const limits = flags.limits === undefined ? undefined : readLimits(flags.limits);
  const print = (text: string): void => void process.stderr.write(`${text}\n`);
  tellListening(listening, live ? { info: print, warn: print } : log, Date.now()); // a log file is not looked at now
  const interrupted = interruption(); // while it starts, too
  void interrupted.then(() => endInTime().unref());
  const running = await startMarket({
    ...{ scenario, distFolder, log, brokerUrl: flags.broker, natsUrl: flags.nats },
    ...{ host: listening.host, tls: listening.tls },
    stateFolder: flags.state,
    ...{ mqttPort: flags.mqttPort, restPort: flags.restPort, botsPerThread: flags.botsPerThread },
    mode: isReal ? "real" : "scaled",
    speed: isReal ? 1 : typeof flags.speed === "number" ? flags.speed : scenario.speed,
    withBots: flags.bots !== false,
    fresh: flags.fresh === true,
    ...{ limits, origins: flags.origin },
    ...{ without: new Set(flags.without), faults },
    inspect: {
      actors: flags.inspect === true ? ["*"] : flags.inspect,
      allowsSending: flags.inspectSend === true,
      statelyUrl: flags.inspectStately,
    },
  });
  const greeting = `${scenario.name} runs: MQTT at ${running.publicMqttUrl}, health at ${running.restUrl}/healthz, REST at ${running.restUrl}/swagger/, dashboard at ${running.restUrl}/`;
  if (live) process.stdout.write(`${greeting}, log in ${logFile}\n`);
  else log.info(greeting);
  const { tls, files } = listening;
  const unwatch =
    tls === undefined || files === undefined
      ? () => {}
      : watchCertificate({ ...files, current: tls, onNew: running.setCertificate, log });
  await untilOver(running, interrupted, live);
  unwatch();
  if (running.chaos !== undefined) tellChaos(running.chaos);
  if (!live) log.info("stopped");
}

function tellChaos(chaos: NonNullable<RunningMarket["chaos"]>): void {
  for (const line of chaosLines(chaos, process.stdout.isTTY === true)) process.stdout.write(`${line}\n`);
  if (chaos.watch.report(false).some(({ holds }) => !holds)) process.exitCode = 1;
}

function chaosLines({ record, watch }: NonNullable<RunningMarket["chaos"]>, colour: boolean): string[] {
  return [faultLine(record.counts()), ...invariantLines(watch.report(false), colour)];
}

async function untilOver(running: RunningMarket, interrupted: Promise<void>, live: boolean): Promise<void> {
  const { view, chaos } = running;
  const show = (): void => {
    const more = chaos === undefined ? [] : ["", ...chaosLines(chaos, true)];
    logUpdate([liveStatus(view, Date.now()), ...more].join("\n"));
  };
  const timer = live ? setInterval(show, 250) : undefined;
  try {
    await Promise.race([interrupted, running.ended]);
  } finally {
    clearInterval(timer);
    if (live) logUpdate.done();
    await stopInTime(running);
  }
}

/** From now on the program ends in time, be it still starting. */
function endInTime(): NodeJS.Timeout {
  return setTimeout(() => process.exit(process.exitCode ?? 0), longestStopMs);
}

async function stopInTime(running: RunningMarket): Promise<void> {
  const forced = endInTime();
  await running.stop();
  clearTimeout(forced);
}

function speed(text: string): number | "real" {
  if (text === "real") return text;
  const times = Number(text);
  if (!(times > 0) || times > 100_000) throw new InvalidArgumentError("it must be a number above 0, or `real`.");
  return times;
}

function actorPatterns(text: string): string[] {
  if (/\.ya?ml$/.test(text))
    throw new InvalidArgumentError("name the scenario before --inspect, or write --inspect=*.");
  return text.split(",").map((pattern) => actorPattern(pattern.trim()));
}

function webSocketUrl(text: string): string {
  if (URL.canParse(text) && ["ws:", "wss:"].includes(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("it must be like ws://localhost:8080.");
}

function managers(text: string): string[] {
  const roles = text.split(",").map((role) => role.trim());
  const unknown = roles.find((role) => !managerRoles.some((known) => known === role));
  if (unknown === undefined) return roles;
  throw new InvalidArgumentError(
    `"${unknown}" is none of ${managerRoles.join(", ")}; several are written with commas.`,
  );
}
