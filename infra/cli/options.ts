/** Options that several commands have alike, with their checks. */
import { type Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { isActorPattern } from "../inspect/actor-patterns.js";
import type { LogFormat } from "../observe/logger.js";
import type { LoadOptions } from "../scenario/load-scenario.js";

export interface Folders {
  readonly distFolder: string;
  /** The scenarios that come with the program. */
  readonly scenariosFolder: string;
}

export function wholeNumber(least: number, most: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`it must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

export const mqttPortOption = (port: number): Option =>
  new Option("--mqtt-port <port>", "port of the embedded MQTT broker")
    .env("ELECBAY_MQTT_PORT")
    .default(port, port === 0 ? "a free one" : String(port))
    .argParser(wholeNumber(0, 65_535));

const insteadOfEmbedded = "use this MQTT broker (mqtt://host:port or mqtts://…) instead of the embedded one";

export const brokerOption = (description = insteadOfEmbedded): Option =>
  new Option("--broker <url>", description).env("ELECBAY_BROKER").argParser(brokerUrl);

export const natsOption = (): Option =>
  new Option("--nats <url>", "where that broker, a NATS server, asks the market who may come in (nats://host:port)")
    .env("ELECBAY_NATS")
    .argParser(natsUrl);

/** @throws CommanderError where `--nats` is given without the MQTT address of the same server */
export function refuseNatsAlone({ broker, nats }: { readonly broker?: string; readonly nats?: string }): void {
  if (nats === undefined || broker !== undefined) return;
  const complaint = "error: --nats goes with --broker, the MQTT address of the same server";
  process.stderr.write(`${complaint}\n`);
  throw new CommanderError(2, "elecbay.nats", complaint);
}

export const originOption = (): Option =>
  new Option(
    "--origin <origins>",
    "further web pages that may use the dashboard's port from a browser, such as a proxy's",
  )
    .env("ELECBAY_ORIGIN")
    .argParser(origins);

/** @throws InvalidArgumentError */
function origins(text: string): string[] {
  const all = text.split(",").map((one) => one.trim().replace(/\/$/, ""));
  if (all.every((one) => URL.canParse(one) && /^https?:$/.test(new URL(one).protocol) && new URL(one).origin === one))
    return all;
  throw new InvalidArgumentError("it must be like https://market.example, with commas between several.");
}

export const stateOption = (description: string): Option =>
  new Option("--state <folder>", description).env("ELECBAY_STATE").default(".elecbay");

export const dataOption = (): Option =>
  new Option("--data <folder>", "folder of the data files that the scenario names as data:…").env("ELECBAY_DATA");

export const setOption = (): Option => new Option("--set <name>", "which of the scenario's sets");

export const seedOption = (): Option =>
  new Option("--seed <number>", "seed of all chance, instead of the scenario's").argParser(wholeNumber(0));

export const botsOption = (): Option =>
  new Option("--bots <number>", "number of bots of a scenario with a swarm")
    .env("BOTS")
    .argParser(wholeNumber(1, 1000));

export const shadowOption = (): Option =>
  new Option(
    "--shadow <names>",
    "mechanisms that clear every period's book without effect, instead of the scenario's; with commas between",
  ).argParser((text) => [...new Set(text.split(",").map((name) => name.trim()))]);

export const faultsOption = (): Option =>
  new Option("--faults <file>", "let go wrong what this file says: messages, bots, managers, broker, meters, clocks");

export const inspectActorsOption = (): Option =>
  new Option("--inspect-actors <pattern...>", "inspect these actors alone, such as bidding/* or bot7").argParser(
    (text: string, before: string[] = []) => [...before, actorPattern(text)],
  );

export const inspectSendOption = (): Option =>
  new Option("--inspect-send", "let the operator send events to actors that are inspected");

export const botsPerThreadOption = (): Option =>
  new Option("--bots-per-thread <number>", "bots that share a worker thread")
    .default(1)
    .argParser(wholeNumber(1, 1000));

export const logOption = (): Option =>
  new Option("--log <format>", "lines for people, or JSON").choices(["text", "json"]).default("text");

/** For a part of a market that runs elsewhere: where that is, and which market. @param state what is read in its state folder */
export function addElsewhereOptions(command: Command, state: string): Command {
  return command
    .addOption(brokerOption("the market's MQTT broker (mqtt://host:port or mqtts://…)").makeOptionMandatory())
    .addOption(stateOption(`the market's state folder: ${state}`))
    .addOption(dataOption())
    .addOption(setOption())
    .addOption(seedOption())
    .addOption(botsOption())
    .addOption(inspectSendOption());
}

export interface ElsewhereFlags extends ScenarioFlags {
  readonly broker: string;
  readonly state: string;
  readonly log: LogFormat;
  readonly inspectSend?: true;
}

/** @throws InvalidArgumentError for what is none */
export function actorPattern(text: string): string {
  if (isActorPattern(text)) return text;
  throw new InvalidArgumentError("it must be like *, bidding/* or bot7/x0.");
}

function brokerUrl(text: string): string {
  if (!URL.canParse(text) || !["mqtt:", "mqtts:"].includes(new URL(text).protocol)) {
    throw new InvalidArgumentError("it must be like mqtt://localhost:1883, or mqtts://market.example:8883.");
  }
  return text;
}

function natsUrl(text: string): string {
  if (!URL.canParse(text) || !["nats:", "tls:"].includes(new URL(text).protocol)) {
    throw new InvalidArgumentError("it must be like nats://localhost:4222.");
  }
  return text;
}

/** Flags that choose and change a scenario. */
export interface ScenarioFlags {
  readonly data?: string;
  readonly set?: string;
  readonly seed?: number;
  readonly periods?: number;
  /** False: `--no-bots`, which changes nothing in the scenario. */
  readonly bots?: number | boolean;
  readonly shadow?: readonly string[];
}

/** The flags as `loadScenario` wants them: what was not given is left out. */
export function scenarioOptions({ data, set, seed, periods, bots, shadow }: ScenarioFlags): LoadOptions {
  return {
    ...(data === undefined ? {} : { dataDir: data }),
    ...(set === undefined ? {} : { set }),
    overrides: {
      ...(seed === undefined ? {} : { seed }),
      ...(periods === undefined ? {} : { periods }),
      ...(typeof bots === "number" ? { bots } : {}),
      ...(shadow === undefined ? {} : { shadow }),
    },
  };
}
