/** A scenario from its file to plain data ready to run. Everything that can be wrong with the input is found here, before anything starts. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { RegistrationPolicy } from "../../market/rules/registration.js";
import type { MarketTerms } from "../../market/terms.js";
import { microFromMajor, microPerKwhFromMajor, wattFromKw, whFromKwh } from "../../shared/decimal.js";
import { InputError } from "../series/input-error.js";
import { builtBots, type PlacedBot } from "./build-bots.js";
import { builtEnvironment } from "./build-environment.js";
import { builtSupplier, isFlat } from "./build-supplier.js";
import { runCalendar } from "./calendar.js";
import { type ComposedScenario, composeScenario } from "./compose-scenario.js";
import { withGateways } from "./gateways.js";
import type { LoadedScenario } from "./loaded-scenario.js";
import { checkMagnitudes } from "./magnitudes.js";
import { checkPoolTariffs } from "./pool-tariffs.js";
import { type RunContext, zoneOf } from "./run-series.js";
import type { ScenarioEntry } from "./scenario-schema.js";
import { settlementTerms } from "./settlement-terms.js";
import { swarmBots } from "./swarm.js";

export interface LoadOptions {
  /** Folder that `data:` paths are relative to; the scenario's `dataDir` where it is not given. */
  readonly dataDir?: string | undefined;
  /** Name of a set; the scenario's `defaultSet` where it is not given. */
  readonly set?: string | undefined;
  readonly overrides?: {
    readonly seed?: number | undefined;
    readonly periods?: number | undefined;
    /** Number of a swarm's bots. */
    readonly bots?: number | undefined;
    /** Another name in topics, and another currency: a sandbox's. */
    readonly market?: string | undefined;
    readonly currency?: string | undefined;
    /** Names of mechanisms that clear without effect. */
    readonly shadow?: readonly string[] | undefined;
  };
}

/** @throws InputError for the first thing wrong with the scenario or its data, with file, line and key or column. */
export function loadScenario(path: string, options: LoadOptions = {}): LoadedScenario {
  const { overrides = {} } = options;
  const composed = renamed(composeScenario(path, textOf(path), options.set), overrides);
  const { entry, placeOf } = composed;
  const seed = overrides.seed ?? entry.seed;
  const calendar = runCalendar(entry, overrides.periods, placeOf);
  const run: RunContext = {
    scenarioFile: path,
    dataDir: dataFolder(path, entry, options.dataDir, composed),
    zone: zoneOf(entry.timezone),
    calendar,
    placeOf,
    cache: new Map(),
  };
  const placed = placedBots(composed, overrides.bots, seed);
  const rules = marketRules(entry, seed, run);
  const bots = builtBots(placed, rules, run, entry.credit?.deposit ?? 0);
  const supplier = builtSupplier(entry, placed, run);
  checkPoolTariffs(entry, supplier, placed, run);
  const homes = bots.map((bot) => bot.member);
  const terms: MarketTerms = { ...rules, members: withGateways(homes, entry.gateways, placeOf) };
  checkMagnitudes(terms, run);
  const specifications = bots.map((bot) => bot.specification);
  return {
    name: entry.name,
    description: entry.description,
    path,
    set: composed.set,
    terms,
    bots: specifications,
    shadow: entry.shadow,
    supplier,
    environment: builtEnvironment(entry, seed, run),
    firstPeriodMs: calendar.firstPeriodMs,
    defaultPeriods: entry.periods,
    endless: bots.every((bot) => bot.endless) && isFlat(supplier),
    trueStepMinutes: Math.max(0, ...bots.map((bot) => bot.trueStepMinutes)) || entry.calendar.periodMinutes,
    foresight: specifications.some((bot) =>
      bot.devices.some((device) => device.kind !== "battery" && device.forecast === "perfect"),
    ),
    guests: entry.guests,
    registration: registrationPolicy(entry),
    speed: entry.speed,
  };
}

function renamed(
  composed: ComposedScenario,
  { market, currency, shadow }: NonNullable<LoadOptions["overrides"]>,
): ComposedScenario {
  const { entry } = composed;
  const changed = { market: market ?? entry.market, currency: currency ?? entry.currency };
  return { ...composed, entry: { ...entry, ...changed, shadow: [...(shadow ?? entry.shadow)] } };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new InputError({ file: path }, "the scenario cannot be read; check the path");
  }
}

function dataFolder(
  path: string,
  entry: ScenarioEntry,
  given: string | undefined,
  composed: ComposedScenario,
): string | undefined {
  const own = entry.dataDir === undefined ? undefined : resolve(dirname(path), entry.dataDir);
  const folder = given ?? own;
  if (folder !== undefined && !(existsSync(folder) && statSync(folder).isDirectory())) {
    const place = given === undefined ? composed.placeOf(["dataDir"]) : { file: path };
    throw new InputError(
      place,
      `there is no data folder ${folder}; name the folder that holds the data with --data DIR`,
    );
  }
  return folder;
}

function placedBots({ entry, placeOf }: ComposedScenario, count: number | undefined, seed: number): PlacedBot[] {
  const named = entry.bots.map((bot, index): PlacedBot => ({ entry: bot, path: ["bots", index] }));
  if (entry.swarm === undefined && count !== undefined) {
    throw new InputError(
      placeOf([]),
      "the scenario has no swarm, so the number of its bots cannot be chosen; leave BOTS out",
    );
  }
  const swarm = entry.swarm === undefined ? [] : swarmBots(entry.swarm, count, seed, placeOf);
  const othersCome = entry.guests || entry.registration.mode !== "closed";
  if (named.length + swarm.length === 0 && !othersCome)
    throw new InputError(placeOf(["bots"]), "there is nobody to trade; give bots or a swarm");
  return [...named, ...swarm];
}

function registrationPolicy({ registration, settlement }: ScenarioEntry): RegistrationPolicy {
  const { mode, capacityKw, maxParticipants } = registration;
  return { mode, capacityW: wattFromKw(capacityKw), maxParticipants, disputeDays: settlement.disputeDays };
}

function marketRules(entry: ScenarioEntry, seed: number, run: RunContext): Omit<MarketTerms, "members"> {
  const { mechanism, limits, settlement } = entry;
  if (limits.priceFloor >= limits.priceCap) {
    throw new InputError(
      run.placeOf(["limits", "priceFloor"]),
      `${limits.priceFloor} is not below the cap of ${limits.priceCap}`,
    );
  }
  return {
    market: entry.market,
    currency: entry.currency,
    timezone: entry.timezone,
    seed,
    bidding: {
      mechanism: mechanism.name,
      k: mechanism.k,
      tie: mechanism.tie,
      minEnergyWh: whFromKwh(limits.minEnergyKwh),
      maxOrdersPerPeriod: limits.maxOrdersPerPeriod,
      priceFloorMicroPerKwh: microPerKwhFromMajor(limits.priceFloor),
      priceCapMicroPerKwh: microPerKwhFromMajor(limits.priceCap),
    },
    settlement: settlementTerms(settlement, mechanism.funder),
    calendar: run.calendar.terms,
    creditLimitMicro: entry.credit === undefined ? undefined : microFromMajor(entry.credit.limit),
    guestCapacityW: entry.guests ? wattFromKw(entry.guestCapacityKw) : undefined,
    maxCommandsPerTick: limits.maxCommandsPerTick,
  };
}
