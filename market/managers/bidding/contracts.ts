/**
 * Everybody's contract of one period, with a receipt for each order: told at the gate, and again once the DSO has checked.
 *
 * At the gate nobody has checked yet (`checked: false`), and one's limits are those of one's own connection.
 */
import { kwFromWatt, kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import type { ManageLimits } from "../../../shared/messages/manage.js";
import { isoUtc } from "../../../shared/time.js";
import { type MicroPerKwh, micro, wh } from "../../../shared/units.js";
import type { LostEnergy, NotifiedPosition, OrderFate, Trade } from "../../facts.js";
import type { PeriodCut } from "../../rules/cut-figures.js";
import type { PeriodQuality } from "../../rules/market-quality.js";
import { qualityMessage } from "../../rules/quality-message.js";
import { valueOfEnergy } from "../../rules/value.js";
import type { BiddingDesk } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";
import { majorOrNull } from "./publish.js";

/** What was contracted, as far as it stands. */
export interface Contracted {
  readonly trades: readonly Trade[];
  readonly fates: readonly OrderFate[];
  /** At which the auction cleared at the gate (rules/auction-price.ts). */
  readonly clearingPriceMicroPerKwh: MicroPerKwh | null;
  /** Undefined: no DSO has checked it. */
  readonly limits: ManageLimits["limits"] | undefined;
  /** What innocents lost to the DSO's cuts, where imbalance is `promised` (rules/lost-after-cuts.ts). */
  readonly lost?: readonly LostEnergy[];
  /** Undefined: the DSO took nothing. */
  readonly cut?: PeriodCut | undefined;
  /** How well `trades` use the book that came to the gate. */
  readonly quality: PeriodQuality;
}

interface Net {
  energyWh: number;
  valueMicro: number;
}

/** Each one's trades together, positive = sold and received, by participant in the ids' order. */
function netsOf(trades: readonly Trade[]): Map<string, Net> {
  const nets = new Map<string, Net>();
  const add = (id: string, energyWh: number, valueMicro: number): void => {
    const net = nets.get(id) ?? { energyWh: 0, valueMicro: 0 };
    net.energyWh += energyWh;
    net.valueMicro += valueMicro;
    nets.set(id, net);
  };
  for (const { buyer, seller, energyWh, priceMicroPerKwh: paid, sellerPriceMicroPerKwh: received } of trades) {
    add(buyer, -energyWh, -valueOfEnergy(energyWh, paid));
    add(seller, energyWh, valueOfEnergy(energyWh, received ?? paid));
  }
  return new Map([...nets].sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** @returns those to whom it was told, in the ids' order, each with the fates of its orders */
export function publishContracts(
  desk: BiddingDesk,
  period: PeriodDesk,
  contracted: Contracted,
): ReadonlyMap<string, readonly OrderFate[]> {
  const nets = netsOf(contracted.trades);
  const clearingPricePerKwh = majorOrNull(contracted.clearingPriceMicroPerKwh);
  const limitOf = new Map(contracted.limits?.map((limit) => [limit.participant, limit]));
  const fatesOf = new Map<string, OrderFate[]>();
  for (const id of limitedBelowCapacity(desk, contracted.limits)) fatesOf.set(id, []);
  for (const fate of contracted.fates) {
    const fates = fatesOf.get(fate.participant);
    if (fates === undefined) fatesOf.set(fate.participant, [fate]);
    else fates.push(fate);
  }
  const told = new Map([...fatesOf].sort(([left], [right]) => (left < right ? -1 : 1)));
  for (const [participant, fates] of told) {
    const { energyWh, valueMicro } = nets.get(participant) ?? { energyWh: 0, valueMicro: 0 };
    const capacityKw = capacityOf(desk, participant);
    const limit = limitOf.get(participant);
    period.contractHolders.add(participant);
    desk.ports.outbox.publish(
      desk.topics.privatePeriod(participant, "contracts", period.times.periodMs),
      {
        v: 1,
        ts: isoUtc(desk.ports.clock.now()),
        period: isoUtc(period.times.periodMs),
        energyKwh: kwhFromWh(wh(energyWh)),
        value: majorFromMicro(micro(valueMicro)),
        maxImportKw: Math.min(capacityKw, limit?.maxImportKw ?? capacityKw),
        maxExportKw: Math.min(capacityKw, limit?.maxExportKw ?? capacityKw),
        checked: contracted.limits !== undefined,
        orders: fates.map((fate) => receipt(fate, clearingPricePerKwh)),
      },
      true,
    );
  }
  return told;
}

function limitedBelowCapacity(desk: BiddingDesk, limits: ManageLimits["limits"] = []): string[] {
  return limits.flatMap(({ participant, maxImportKw, maxExportKw }) =>
    Math.min(maxImportKw, maxExportKw) < capacityOf(desk, participant) ? [participant] : [],
  );
}

function capacityOf(desk: BiddingDesk, participant: string): number {
  return kwFromWatt(desk.reception.members.get(participant)?.capacityW ?? 0);
}

function receipt(fate: OrderFate, clearingPricePerKwh: number | null) {
  return {
    orderId: fate.orderId,
    outcome: fate.outcome,
    energyKwh: kwhFromWh(fate.tradedWh),
    pricePerKwh: majorOrNull(fate.tradedPriceMicroPerKwh),
    why: fate.why,
    wouldTradeAtPerKwh: majorOrNull(fate.wouldTradeAtMicroPerKwh),
    rank: fate.rank,
    clearingPricePerKwh,
  };
}

export function recordContracts(
  desk: BiddingDesk,
  period: PeriodDesk,
  { trades, lost = [] }: Pick<Contracted, "trades" | "lost">,
): void {
  const { periodMs } = period.times;
  const nets = netsOf(trades);
  const lostBy = new Map(lost.map(({ participant, energyWh }) => [participant, energyWh]));
  for (const [participant, { energyWh, valueMicro }] of nets) {
    const lostWh = lostBy.get(participant);
    const contract = { participant, energyWh: wh(energyWh), valueMicro: micro(valueMicro) };
    desk.ports.journal.record({
      ...{ type: "contract", periodMs, ...contract },
      ...(lostWh === undefined ? {} : { lostWh }),
    });
  }
  period.contractCount = nets.size;
}

/** To exchange and settlement. What is told of a period later takes the place of what was told before. */
export function handContracts(
  desk: BiddingDesk,
  periodMs: number,
  { trades, limits, lost = [], cut, quality }: Omit<Contracted, "fates" | "clearingPriceMicroPerKwh">,
  positions: readonly NotifiedPosition[],
): void {
  desk.ports.link.hand({
    kind: "contracts",
    periodMs,
    body: {
      period: isoUtc(periodMs),
      checked: limits !== undefined,
      trades: trades.map(wireTrade),
      ...(positions.length === 0 ? {} : { positions: positions.map(wirePosition) }),
      ...(lost.length === 0 ? {} : { lost: lost.map(wirePosition) }),
      ...(cut === undefined ? {} : { cut: { orders: cut.orders, energyKwh: kwhFromWh(wh(cut.cutWh)) } }),
      quality: qualityMessage(quality),
      limits: limits === undefined ? [] : [...limits],
    },
  });
}

function wirePosition({ participant, energyWh }: NotifiedPosition | LostEnergy): {
  participant: string;
  energyKwh: number;
} {
  return { participant, energyKwh: kwhFromWh(energyWh) };
}

/** The seller's price is told only where it is not the buyer's. */
function wireTrade({ energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh: received, ...names }: Trade) {
  return {
    ...names,
    energyKwh: kwhFromWh(energyWh),
    pricePerKwh: majorFromMicro(priceMicroPerKwh),
    ...(received === undefined || received === priceMicroPerKwh ? {} : { sellerPricePerKwh: majorFromMicro(received) }),
  };
}
