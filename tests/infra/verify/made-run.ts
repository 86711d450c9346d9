/**
 * A run in which all goes on that settlement knows: made-up orders cleared by the uniform auction, readings estimated and corrected
 * before and after the bills, settled by the real settlement manager, written by the real results.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createActor } from "xstate";
import type { BillEntry } from "../../../infra/journal/bill-entries.js";
import { loadSecrets, sha256 } from "../../../infra/main/secrets.js";
import { createResults } from "../../../infra/results/results.js";
import type { Fact, LostEnergy, OrderFate, Reading, Trade } from "../../../market/facts.js";
import { biddingCycle, firstPeriod, timesOf } from "../../../market/managers/calendar.js";
import { settlementManager } from "../../../market/managers/settlement/settlement-manager.js";
import type { Kpis } from "../../../market/rules/kpi.js";
import { kpiSummary } from "../../../market/rules/kpi-figures.js";
import type { Pool } from "../../../market/rules/mechanisms/mechanism.js";
import { uniform } from "../../../market/rules/mechanisms/uniform.js";
import type { AuctionOrder } from "../../../market/rules/merit-order.js";
import { averagePrice, turnoverOf, valueOfEnergy } from "../../../market/rules/value.js";
import type { MarketTerms } from "../../../market/terms.js";
import { kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import { type RandomStream, stream } from "../../../shared/random-stream.js";
import { dayMs, hourMs, isoUtc, minuteMs } from "../../../shared/time.js";
import { micro, microPerKwh, wh } from "../../../shared/units.js";
import { membersMessage, recordingPorts } from "../../market/managers/recording-ports.js";
import { calendar, terms as sample } from "../../market/managers/sample-terms.js";
import { cutSome } from "./made-cuts.js";

export interface MadeRun {
  readonly periods: number;
  readonly seed?: number;
  readonly terms?: Partial<MarketTerms["settlement"]>;
  /** Bills that went out before the run was stopped; all where left out. */
  readonly billedPeriods?: number;
  /** Paid in by each before the run. */
  readonly depositMicro?: number;
  /** Instead of the auction; bill sharing has months of a day each. */
  readonly pool?: Pool;
  readonly timezone?: string;
  readonly currency?: string;
  /** The DSO cuts orders of some periods. */
  readonly cut?: boolean;
  /** Without late meters: as they all come in time. */
  readonly punctual?: boolean;
  /** Nobody trades, and in time comes nothing but zeros: what there is to bill comes late. */
  readonly quiet?: boolean;
  /** Gets what settlement heard of readings and told of bills, as its journal would hold it. */
  readonly entries?: BillEntry[];
}

const people = ["ann", "bob", "cat", "dan"];

/** Writes the results of such a run into a new folder. @returns the folder */
export async function madeRun(options: MadeRun): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "elecbay-made-"));
  const terms = termsOf(options);
  const secrets = loadSecrets(undefined);
  const { periods } = options;
  const firstPeriodMs = firstPeriod(terms.calendar);
  const results = createResults({
    ...{ directory, firstPeriodMs, periods, periodMinutes: 30 },
    terms: { scenario: "made up", market: terms, statementKey: secrets.statementKey() },
  });
  const ports = recordingPorts(terms.calendar.startMs);
  const noteEntry = (entry: Pick<BillEntry, "metered" | "facts">): void =>
    void options.entries?.push({ n: options.entries.length + 1, atMs: ports.clock.now(), ...entry });
  const record = (fact: Fact): void => {
    results.record(fact);
    if (fact.type === "settled" || fact.type === "bill" || fact.type === "billed" || fact.type === "head")
      noteEntry({ metered: undefined, facts: [fact] });
  };
  const manager = settlementManager(terms, {
    ...{ ...ports, journal: { record }, mechanism: options.pool ?? uniform, digest: sha256, sign: secrets.sign },
    statementSecret: String(terms.seed),
  });
  const actor = createActor(manager.logic, { id: "settlement", input: { calendar: terms.calendar } });
  const failures: unknown[] = [];
  actor.subscribe({ error: (error) => failures.push(error) });
  actor.start();
  actor.send({ type: "MEMBERS", message: membersMessage(terms.members) });
  actor.send({ type: "TARIFFS", message: tariffs(terms, periods, options.pool !== undefined) });
  const chance = stream(options.seed ?? 1, "run", "made");
  const ofDso = stream(options.seed ?? 1, "dso", "made");
  const late: { readonly atMs: number; readonly send: () => void }[] = [];
  const length = 30 * minuteMs;
  let n = 0;
  const meter = (periodMs: number, readings: readonly Reading[], correction: boolean): void => {
    for (const reading of readings) record({ type: "metered", periodMs, reading, correction });
    noteEntry({ metered: { periodMs, readings }, facts: [] });
    n += 1;
    const wire = readings.map(({ participant, importWh, exportWh, generationWh, quality }) => ({
      ...{ participant, importKwh: kwhFromWh(importWh), exportKwh: kwhFromWh(exportWh), quality },
      generationKwh: kwhFromWh(generationWh),
    }));
    const ts = isoUtc(ports.clock.now());
    actor.send({ type: "METERED", message: { v: 1, ts, n, period: isoUtc(periodMs), correction, readings: wire } });
  };
  const endMs = timesOf(firstPeriodMs + (periods - 1) * length, terms.calendar).billAtMs;
  const stopMs =
    options.billedPeriods === undefined
      ? endMs
      : timesOf(firstPeriodMs + (options.billedPeriods - 1) * length, terms.calendar).billAtMs;
  for (let atMs = terms.calendar.startMs; atMs <= stopMs; atMs += length) {
    ports.clock.advanceTo(atMs);
    actor.send({ type: "TICK", tsMs: atMs });
    const gatedMs = atMs + hourMs;
    const isIn = (periodMs: number) => periodMs >= firstPeriodMs && periodMs < firstPeriodMs + periods * length;
    if (isIn(gatedMs)) {
      const isTraded = options.pool === undefined && options.quiet !== true;
      const trades = isTraded ? recordGate(gatedMs, terms, chance, record, options.cut) : [];
      const message = { v: 1 as const, ts: isoUtc(atMs), n: 1, period: isoUtc(gatedMs), checked: false, limits: [] };
      actor.send({ type: "CONTRACTS", message: { ...message, trades: trades.map(wireTrade) } });
      if (options.cut === true) {
        const left = cutSome(gatedMs, trades, terms.settlement.imbalance === "full", ofDso, record);
        if (left.trades !== trades) recordContracts(gatedMs, left.trades, record, left.lost);
        const positions = left.positions.map(({ participant, energyWh }) => ({
          ...{ participant, energyKwh: kwhFromWh(energyWh) },
        }));
        const lost = left.lost.map(({ participant, energyWh }) => ({ participant, energyKwh: kwhFromWh(energyWh) }));
        const told = { trades: left.trades.map(wireTrade), positions, lost };
        const cut = left.cut && { orders: left.cut.orders, energyKwh: kwhFromWh(wh(left.cut.cutWh)) };
        const again = { ...message, n: 2, checked: true, ...told, ...(cut === undefined ? {} : { cut }) };
        actor.send({ type: "CONTRACTS", message: again });
      }
    }
    const dueMs = atMs - length - hourMs;
    if (isIn(dueMs)) {
      const missing = options.punctual ? -1 : chance.integer(0, 5);
      meter(
        dueMs,
        people.map((id, index) => {
          const reading = readingOf(id, chance, index === missing ? "estimated" : "actual");
          return options.quiet === true
            ? { ...reading, importWh: wh(0), exportWh: wh(0), generationWh: wh(0) }
            : reading;
        }),
        false,
      );
      const name = people[missing];
      // Half of the missing readings come before the bills, half after them.
      const afterMs = chance.integer(0, 1) === 0 ? 2 * hourMs : dayMs;
      if (name !== undefined) {
        const reading = readingOf(name, chance, "actual");
        late.push({ atMs: atMs + afterMs, send: () => meter(dueMs, [reading], true) });
      }
    }
    for (const { atMs: dueAtMs, send } of late) if (dueAtMs === atMs) send();
    if (failures.length > 0) throw failures[0];
  }
  await results.finish(input(terms, manager.billedKpis(), options.billedPeriods === undefined));
  return directory;
}

function termsOf({ periods, terms, pool, timezone, currency, depositMicro = 0 }: MadeRun): MarketTerms {
  const { startMs } = calendar;
  const months = Array.from({ length: 1 + Math.ceil(periods / 48) + 1 }, (_, index) => startMs + index * dayMs);
  return {
    ...sample,
    ...{ timezone: timezone ?? sample.timezone, currency: currency ?? sample.currency },
    settlement: { ...sample.settlement, ...terms },
    bidding: { ...sample.bidding, mechanism: pool?.name ?? "uniform" },
    calendar: { ...calendar, periods, ...(pool?.horizon === "month" ? { monthStartsMs: months } : {}) },
    members: people.map((id) => ({
      ...{ id, role: "prosumer", capacityW: sample.members[0]?.capacityW ?? (8000 as never), connectionPoint: null },
      ...{ phase: null, creditLimitMicro: undefined, depositMicro: micro(depositMicro) },
    })),
  };
}

/** Two suppliers, but for a pool; one's price changes from half hour to half hour. */
function tariffs(terms: MarketTerms, periods: number, isPool: boolean) {
  const steps = Array.from({ length: periods + 8 }, (_, index) => 0.14 + (index % 3) * 0.0157);
  return {
    ...{ v: 1 as const, ts: isoUtc(terms.calendar.startMs), n: 1, from: isoUtc(terms.calendar.startMs) },
    ...{ stepMinutes: 30, systemBuyPerKwh: [0.2], systemSellPerKwh: [0.02] },
    carbonIntensity: [170],
    tariffs: people.map((participant, index) => ({
      participant,
      supplier: isPool || index < 2 ? "retail1" : "retail2",
      importPerKwh: isPool || index < 2 ? [0.1457] : steps.map((price) => Math.round(price * 1e6) / 1e6),
      exportPerKwh: [0.0503],
    })),
  };
}

function readingOf(participant: string, chance: RandomStream, quality: Reading["quality"]): Reading {
  const isExport = chance.integer(0, 1) === 1;
  const energyWh = wh(chance.integer(0, 900));
  const [importWh, exportWh] = isExport ? [wh(0), energyWh] : [energyWh, wh(0)];
  return { participant, importWh, exportWh, generationWh: wh(exportWh + chance.integer(0, 50)), quality };
}

/**
 * Orders of a period, cleared: its facts are recorded.
 * @param both two of the four bid on both sides
 * @returns the trades
 */
function recordGate(
  periodMs: number,
  terms: MarketTerms,
  chance: RandomStream,
  record: (fact: Fact) => void,
  both = false,
): Trade[] {
  const times = timesOf(periodMs, terms.calendar);
  const number = (periodMs - firstPeriod(terms.calendar)) / (30 * minuteMs);
  const bidders = both ? [...people, "bob", "ann"] : people;
  const orders: AuctionOrder[] = bidders.map((participant, index) => ({
    ...{ orderId: `o${number * bidders.length + index}`, participant, side: index % 2 === 0 ? "sell" : "buy" },
    ...{ energyWh: wh(chance.integer(10, 700)), arrival: index },
    priceMicroPerKwh: microPerKwh(chance.integer(50_000, 110_000) + (index % 2) * 40_000),
  }));
  const cleared = uniform.clear(orders, terms.bidding);
  const trades = cleared.trades.map((trade): Trade => ({ ...trade, mechanism: "uniform" }));
  record({ type: "book", periodMs, orders });
  const acceptedAtMs = times.gateAtMs - chance.integer(1, 5) * 10 * minuteMs;
  for (const order of orders) {
    const { orderId, participant, side, energyWh, priceMicroPerKwh } = order;
    const own = trades.filter(({ buyOrder, sellOrder }) => buyOrder === orderId || sellOrder === orderId);
    const tradedWh = wh(own.reduce((sum, trade) => sum + trade.energyWh, 0));
    const fate: OrderFate = {
      ...{ orderId, participant, side, energyWh, limitPriceMicroPerKwh: priceMicroPerKwh, acceptedAtMs, tradedWh },
      biddingCycle: biddingCycle(acceptedAtMs, times, terms.calendar),
      outcome: tradedWh === 0 ? "unfilled" : tradedWh === energyWh ? "filled" : "partly",
      tradedPriceMicroPerKwh: averagePrice(turnoverOf(own), tradedWh),
      ...{
        why: 'made up, "as it is"',
        wouldTradeAtMicroPerKwh: tradedWh < energyWh ? microPerKwh(98_500) : null,
        rank: 1,
      },
    };
    record({ type: "fate", periodMs, fate });
  }
  for (const trade of trades) record({ type: "trade", periodMs, trade });
  const { priceMicroPerKwh, volumeWh } = cleared;
  record({ type: "cleared", price: { periodMs, priceMicroPerKwh, volumeWh } });
  recordContracts(periodMs, trades, record);
  return trades;
}

function recordContracts(
  periodMs: number,
  trades: readonly Trade[],
  record: (fact: Fact) => void,
  lost: readonly LostEnergy[] = [],
): void {
  for (const participant of people) {
    const own = trades.filter(({ buyer, seller }) => buyer === participant || seller === participant);
    if (own.length === 0) continue;
    const net = (of: (trade: Trade) => number): number =>
      own.reduce((sum, trade) => {
        const sign = Number(trade.seller === participant) - Number(trade.buyer === participant);
        return sum + sign * of(trade);
      }, 0);
    const valueMicro = micro(net(({ energyWh, priceMicroPerKwh }) => valueOfEnergy(energyWh, priceMicroPerKwh)));
    const contract = { participant, energyWh: wh(net(({ energyWh }) => energyWh)), valueMicro };
    const lostWh = lost.find((loss) => loss.participant === participant)?.energyWh;
    record({ type: "contract", periodMs, ...contract, ...(lostWh === undefined ? {} : { lostWh }) });
  }
}

function wireTrade({ energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh: _none, ...names }: Trade) {
  return { ...names, energyKwh: kwhFromWh(energyWh), pricePerKwh: majorFromMicro(priceMicroPerKwh) };
}

function input(terms: MarketTerms, kpis: Kpis, complete: boolean) {
  return {
    ...{ scenario: "made up", description: "", seed: terms.seed, programVersion: "0", nodeVersion: "0", complete },
    ...{ trueStepMinutes: 30, currency: terms.currency, mechanism: terms.bidding.mechanism, foresight: false },
    ...{ kpis: { ...kpiSummary(kpis) }, absences: [], storage: null, simulated: [] },
  };
}
