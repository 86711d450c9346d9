/**
 * A swarm's bots from its template: bot1, bot2, … each with sizes of its own.
 *
 * Every bot draws from its own seeded streams, so that bot 3 is the same bot in a swarm of 5 and of 500.
 */
import { stream } from "../../shared/random-stream.js";
import { InputError } from "../series/input-error.js";
import type { BotEntry } from "./bot-schema.js";
import type { PlacedBot } from "./build-bots.js";
import type { PlaceOf } from "./compose-scenario.js";
import type { SwarmEntry } from "./swarm-schema.js";

type Range = readonly [number, number];

/** @param count how many bots; the swarm's own number where undefined */
export function swarmBots(swarm: SwarmEntry, count: number | undefined, seed: number, placeOf: PlaceOf): PlacedBot[] {
  const { template } = swarm;
  if (swarm.loadColumns !== undefined && template.load === undefined) {
    throw new InputError(placeOf(["swarm", "loadColumns"]), "the template has no load to take another column");
  }
  return Array.from({ length: count ?? swarm.count }, (_, index) => ({
    entry: swarmBot(swarm, `${swarm.prefix}${index + 1}`, seed),
    path: ["swarm", "template"],
  }));
}

function swarmBot(swarm: SwarmEntry, id: string, seed: number): BotEntry {
  const { template } = swarm;
  const { load, solar, battery, ...rest } = template;
  const chance = (purpose: string): number => stream(seed, id, `swarm/${purpose}`).uniform();
  const drawn = (range: Range, purpose: string): number =>
    thousandths(range[0] + (range[1] - range[0]) * chance(purpose));
  const columns = swarm.loadColumns ?? [];
  const zeroIntelligence = chance("strategy") < swarm.zeroIntelligenceShare;
  return {
    ...rest,
    id,
    strategy: {
      ...template.strategy,
      name: zeroIntelligence ? "zero-intelligence" : template.strategy.name,
      usesList: template.strategy.usesList || chance("list") < swarm.listShare,
    },
    ...(load !== undefined && {
      load: {
        ...load,
        column: columns[Math.floor(chance("load-column") * columns.length)] ?? load.column,
        scale: load.scale * drawn(swarm.loadScale, "load-scale"),
      },
    }),
    ...(solar !== undefined &&
      chance("has-solar") < swarm.solarShare && {
        solar: { ...solar, peakKw: swarm.solarKw === undefined ? solar.peakKw : drawn(swarm.solarKw, "solar-size") },
      }),
    ...(battery !== undefined &&
      chance("has-battery") < swarm.batteryShare && {
        battery: sizedBattery(
          battery,
          swarm.batteryKwh === undefined ? battery.capacityKwh : drawn(swarm.batteryKwh, "battery-size"),
        ),
      }),
  };
}

/** Power and first charge grow with the capacity. */
function sizedBattery(
  battery: NonNullable<BotEntry["battery"]>,
  capacityKwh: number,
): NonNullable<BotEntry["battery"]> {
  const factor = capacityKwh / battery.capacityKwh;
  return {
    ...battery,
    capacityKwh,
    powerKw: thousandths(battery.powerKw * factor),
    initialKwh: thousandths(battery.initialKwh * factor),
  };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
