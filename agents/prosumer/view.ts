/**
 * What the strategy is shown: each open period near its gate, earliest first, with the home's position in it.
 *
 * Periods are shown one after another, each view made when it is asked for, so that what was just offered in an earlier period
 * already counts as committed in the next (elecbay.md 0, rule 10). Limits allow for the service charge, which both sides pay.
 */
import { microPerKwhFromMajor, whFromKwh } from "../../shared/decimal.js";
import type { ClockTick } from "../../shared/messages/clock.js";
import type { MarketInfo } from "../../shared/messages/public.js";
import { dayMs, minuteMs, periodContaining } from "../../shared/time.js";
import type { View, VisibleItem } from "../strategies/intent.js";
import { expectedNetWh, type Household } from "./household.js";
import type { Knowledge } from "./knowledge.js";
import { positionWh } from "./outlook.js";
import { offeredWh, ownsItem, standing } from "./own-orders.js";
import { type OwnTariff, priceAt } from "./price-series.js";
import type { BotSpecification } from "./specification.js";

interface Beholder {
  readonly specification: BotSpecification;
  readonly knowledge: Knowledge;
}

export interface Look {
  readonly periodMs: number;
  readonly view: () => View;
}

/** The periods whose gate lies 1 to `ticks` ticks ahead and whose bidding has opened. */
export function viewsFor(
  mind: Beholder,
  household: Household,
  info: MarketInfo,
  tick: ClockTick,
  nowMs: number,
  ticks: number,
): Look[] {
  const { tariff } = mind.knowledge;
  if (tariff === undefined) return [];
  const lengthMs = info.periodMinutes * minuteMs;
  const tickMs = lengthMs / tick.rounds;
  const gateMs = info.gateMinutes * minuteMs;
  const presentMs = periodContaining(nowMs, info.periodMinutes);
  const expected = expectation(mind, household, presentMs);
  const looks: Look[] = [];
  for (let periodMs = periodContaining(nowMs + gateMs, info.periodMinutes) + lengthMs; ; periodMs += lengthMs) {
    const leftMs = periodMs - gateMs - nowMs;
    if (leftMs > ticks * tickMs || leftMs > info.openMinutes * minuteMs) return looks;
    const ticksToGate = Math.ceil(leftMs / tickMs);
    const view = (): View => {
      const position = expected(periodMs);
      return viewOf(mind, info, tariff, { periodMs, ticksToGate, rounds: tick.rounds, positionWh: position });
    };
    looks.push({ periodMs, view });
  }
}

/** The position in a period; what is expected of the devices is worked out once a tick, and only as far as it is asked for. */
function expectation(mind: Beholder, household: Household, presentMs: number): (periodMs: number) => number {
  const { knowledge } = mind;
  const lengthMs = household.periodMinutes * minuteMs;
  const periodsPerDay = dayMs / lengthMs;
  const netWh: number[] = [];
  return (periodMs) => {
    if (household.battery === undefined) return expectedNetWh(household, knowledge.trends, periodMs);
    const index = (periodMs - presentMs) / lengthMs;
    while (netWh.length <= index + periodsPerDay) {
      netWh.push(expectedNetWh(household, knowledge.trends, presentMs + netWh.length * lengthMs));
    }
    const { periodMinutes, battery, socWh } = household;
    return positionWh(
      { periodMinutes, battery, socWh, netWh, committedWh: committed(knowledge, presentMs, lengthMs) },
      index,
    );
  };
}

/** Per period from the present on: a contract counts as it is, live offers as if all were sold, bids as if none were. */
function committed(knowledge: Knowledge, presentMs: number, lengthMs: number): number[] {
  const energyWh: number[] = [];
  const put = (periodMs: number, committedWh: number): void => {
    const index = (periodMs - presentMs) / lengthMs;
    if (index < 0) return;
    while (energyWh.length <= index) energyWh.push(0);
    energyWh[index] = committedWh;
  };
  for (const periodMs of knowledge.orders.periods.keys()) put(periodMs, offeredWh(knowledge.orders, periodMs));
  for (const [periodMs, { contractWh }] of knowledge.contracts) put(periodMs, contractWh);
  return energyWh;
}

interface Moment {
  readonly periodMs: number;
  readonly ticksToGate: number;
  readonly rounds: number;
  readonly positionWh: number;
}

function viewOf(mind: Beholder, info: MarketInfo, tariff: OwnTariff, moment: Moment): View {
  const { specification, knowledge } = mind;
  const { fromMs, stepMs } = tariff;
  const charge = microPerKwhFromMajor(info.serviceChargePerKwh);
  const capacityWh = Math.floor((tariff.capacityW * info.periodMinutes) / 60);
  return {
    ...moment,
    positionWh: Math.max(-capacityWh, Math.min(capacityWh, moment.positionWh)),
    buyLimitMicroPerKwh: priceAt(tariff.importMicroPerKwh, fromMs, stepMs, moment.periodMs) - charge,
    sellLimitMicroPerKwh: priceAt(tariff.exportMicroPerKwh, fromMs, stepMs, moment.periodMs) + charge,
    marketFloorMicroPerKwh: microPerKwhFromMajor(info.priceFloor),
    marketCapMicroPerKwh: microPerKwhFromMajor(info.priceCap),
    bandLowMicroPerKwh: specification.priceFloorMicroPerKwh,
    bandHighMicroPerKwh: specification.priceCapMicroPerKwh,
    minEnergyWh: Math.max(1, whFromKwh(info.minEnergyKwh)),
    visible: specification.strategy.usesList ? visibleItems(knowledge, moment.periodMs) : [],
    ...standing(knowledge.orders, moment.periodMs),
    lastPriceMicroPerKwh: knowledge.lastPriceMicroPerKwh,
  };
}

function visibleItems(knowledge: Knowledge, periodMs: number): VisibleItem[] {
  const items = knowledge.lists.get(periodMs)?.items ?? [];
  return items
    .filter(({ itemId }) => !ownsItem(knowledge.orders, periodMs, itemId))
    .map(({ itemId, side, energyKwh, minEnergyKwh, pricePerKwh, reliability }) => ({
      itemId,
      side,
      energyWh: whFromKwh(energyKwh),
      minEnergyWh: whFromKwh(minEnergyKwh),
      priceMicroPerKwh: microPerKwhFromMajor(pricePerKwh),
      reliability,
    }));
}
