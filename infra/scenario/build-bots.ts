/** Bots and members from their entries: series read and brought onto the run, ids and capacities checked. */
import type { BatteryDevice, BotSpecification, Device, EnergySeries } from "../../agents/prosumer/specification.js";
import type { MarketTerms, MemberTerms } from "../../market/terms.js";
import { microFromMajor, wattFromKw, whFromKwh } from "../../shared/decimal.js";
import { isParticipantId } from "../../shared/participant-id.js";
import { type Watt, watt, wh } from "../../shared/units.js";
import { InputError } from "../series/input-error.js";
import { readEnergy } from "../series/read-series.js";
import type { BotEntry } from "./bot-schema.js";
import type { Path } from "./located-yaml.js";
import { columnSource, onRun, type RunContext } from "./run-series.js";

/** A bot's entry with the place it stands at. */
export interface PlacedBot {
  readonly entry: BotEntry;
  readonly path: Path;
}

export interface BuiltBot {
  readonly specification: BotSpecification;
  readonly member: MemberTerms;
  readonly trueStepMinutes: number;
  readonly endless: boolean;
}

/**
 * @param deposit in major units: paid in by each bot that names none of its own
 * @throws InputError for an id that is taken, reserved or malformed, and for whatever is wrong with a device.
 */
export function builtBots(
  bots: readonly PlacedBot[],
  market: Omit<MarketTerms, "members">,
  run: RunContext,
  deposit: number,
): BuiltBot[] {
  const known = new Set<string>();
  return bots.map((bot) => {
    checkId(bot, known, run);
    return builtBot(bot, market, run, deposit);
  });
}

function checkId({ entry, path }: PlacedBot, known: Set<string>, run: RunContext): void {
  const place = run.placeOf([...path, "id"]);
  if (!isParticipantId(entry.id)) {
    throw new InputError(place, `"${entry.id}" is a name kept for the market itself; choose another`);
  }
  if (known.has(entry.id)) throw new InputError(place, `there are two bots called "${entry.id}"; ids are unique`);
  known.add(entry.id);
}

interface EnergyDevice {
  readonly device: Exclude<Device, BatteryDevice>;
  readonly trueStepMinutes: number;
  readonly peakW: number;
}

function builtBot(
  { entry, path }: PlacedBot,
  market: Omit<MarketTerms, "members">,
  run: RunContext,
  deposit: number,
): BuiltBot {
  const load = builtLoad(entry, path, run);
  const solar = builtSolar(entry, path, run);
  const battery = builtBattery(entry, path, run);
  const measured = [load, solar].filter((device) => device !== undefined);
  const devices = [...measured.map(({ device }) => device), ...(battery === undefined ? [] : [battery])];
  if (devices.length === 0)
    throw new InputError(run.placeOf(path), `${entry.id} has no device; give it a load, solar or battery`);
  const { strategy } = entry;
  return {
    specification: {
      id: entry.id,
      market: market.market,
      seed: market.seed,
      devices,
      strategy,
      priceFloorMicroPerKwh: market.bidding.priceFloorMicroPerKwh,
      priceCapMicroPerKwh: market.bidding.priceCapMicroPerKwh,
    },
    member: {
      id: entry.id,
      role: "prosumer",
      capacityW: capacity(entry, path, measured, battery, run),
      connectionPoint: entry.connectionPoint ?? null,
      phase: entry.phase ?? null,
      creditLimitMicro: entry.creditLimit === undefined ? market.creditLimitMicro : microFromMajor(entry.creditLimit),
      depositMicro: microFromMajor(entry.deposit ?? deposit),
    },
    trueStepMinutes: Math.max(0, ...measured.map((device) => device.trueStepMinutes)),
    endless: measured.every(({ device }) => device.series.repeats),
  };
}

function builtLoad(entry: BotEntry, path: Path, run: RunContext): EnergyDevice | undefined {
  if (entry.load === undefined) return undefined;
  const { disturbance, forecast, ...reference } = entry.load;
  const at = [...path, "load"];
  const periodMinutes = run.calendar.terms.periodMinutes;
  const energy = readEnergy(columnSource(reference, at, run), periodMinutes, undefined);
  const series = energySeries(
    onRun(energy, at, run, (values) => Int32Array.from(values)),
    periodMinutes,
  );
  const device = { kind: "load", series, disturbance, forecast } as const;
  return { device, trueStepMinutes: energy.trueStepMinutes, peakW: peakOf(series) };
}

function builtSolar(entry: BotEntry, path: Path, run: RunContext): EnergyDevice | undefined {
  if (entry.solar === undefined) return undefined;
  const { disturbance, forecast, peakKw, derating, ...reference } = entry.solar;
  const at = [...path, "solar"];
  const periodMinutes = run.calendar.terms.periodMinutes;
  const peakW = wattFromKw(peakKw);
  const source = columnSource({ ...reference, scale: reference.scale * derating }, at, run);
  const energy = readEnergy(source, periodMinutes, peakW);
  const series = energySeries(
    onRun(energy, at, run, (values) => Int32Array.from(values)),
    periodMinutes,
  );
  const device = { kind: "solar", peakW, series, disturbance, forecast } as const;
  return { device, trueStepMinutes: energy.trueStepMinutes, peakW: peakOf(series) };
}

function builtBattery(entry: BotEntry, path: Path, run: RunContext): BatteryDevice | undefined {
  if (entry.battery === undefined) return undefined;
  const { capacityKwh, powerKw, efficiency, initialKwh } = entry.battery;
  if (initialKwh > capacityKwh) {
    throw new InputError(
      run.placeOf([...path, "battery", "initialKwh"]),
      `holds ${initialKwh} kWh at first, more than its ${capacityKwh} kWh`,
    );
  }
  return {
    kind: "battery",
    capacityWh: wh(whFromKwh(capacityKwh)),
    powerW: wattFromKw(powerKw),
    efficiency,
    initialWh: whFromKwh(initialKwh),
  };
}

function energySeries(
  series: { readonly fromMs: number; readonly values: Int32Array; readonly repeats: boolean },
  periodMinutes: number,
): EnergySeries {
  return { fromMs: series.fromMs, periodMinutes, energyWh: series.values, repeats: series.repeats };
}

const peakOf = (series: EnergySeries): number =>
  (series.energyWh.reduce((highest, value) => Math.max(highest, value), 0) * 60) / series.periodMinutes;

/** As given, or what the devices can draw or feed in at most, with a margin of half for disturbance, in whole kW. */
function capacity(
  entry: BotEntry,
  path: Path,
  measured: readonly EnergyDevice[],
  battery: BatteryDevice | undefined,
  run: RunContext,
): Watt {
  const peakW = Math.max(0, ...measured.map((device) => device.peakW));
  if (entry.capacityKw === undefined) return watt(Math.ceil(((peakW + (battery?.powerW ?? 0)) * 1.5) / 1000) * 1000);
  const capacityW = wattFromKw(entry.capacityKw);
  const over = measured.find((device) => device.peakW > capacityW);
  if (over !== undefined) {
    const problem = `the ${over.device.kind} of ${entry.id} reaches ${over.peakW / 1000} kW, its connection carries ${entry.capacityKw} kW`;
    throw new InputError(run.placeOf([...path, "capacityKw"]), problem);
  }
  return capacityW;
}
