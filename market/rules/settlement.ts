/**
 * Settlement of one delivery period: contracts at their price, what else was metered at each one's own tariff, deviations
 * by rules 2 and 3 of elecbay.md 0 (`promised`; see settlement-position.ts and imbalance.ts).
 *
 * Buyers pay sellers directly. What the community balances within itself goes through the account `balancing`, whose
 * remainder (the two sides are rounded each for itself) is moved to `rounding`. The supplier is counterparty of plain
 * supply and export and of the net imbalance. Participants come sorted by id; entries: trades in their order, then each
 * participant's, then the remainder. What must hold is asserted always: settlement-invariants.ts.
 */
import { type Micro, type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BillLine, Reading, Trade } from "../facts.js";
import type { SettlementTerms } from "../terms.js";
import { type Deviation, type NettedDeviation, type Netting, netDeviations, type SystemPrices } from "./imbalance.js";
import { assertInvariant } from "./invariants.js";
import { accounts, type EntryDraft, netOf, transfer } from "./ledger.js";
import { assertSettled } from "./settlement-invariants.js";
import {
  lineEntries,
  meteredLine,
  type OwnTrade,
  ownTradesOf,
  serviceChargeLine,
  totalOf,
  tradeEntry,
  tradeLines,
} from "./settlement-lines.js";
import { contractsOf, type Position, positionOf } from "./settlement-position.js";

/** A participant's own prices with its supplier in this period. */
export interface Tariff {
  readonly importMicroPerKwh: MicroPerKwh;
  readonly exportMicroPerKwh: MicroPerKwh;
}
export type Tariffs = ReadonlyMap<string, Tariff>;

export interface SettlementInput extends SystemPrices {
  readonly periodMs: number;
  readonly trades: readonly Trade[];
  /** One of each participant; those who did nothing may be left out. */
  readonly readings: readonly Reading[];
  readonly tariffs: Tariffs;
  readonly terms: SettlementTerms;
}

export interface ParticipantSettlement {
  readonly participant: string;
  /** Positive = sold. */
  readonly contractedWh: Wh;
  /** Export less import. */
  readonly meteredWh: Wh;
  /** Of the contract: fed in by a seller, taken by a buyer. Never negative. */
  readonly deliveredWh: Wh;
  readonly shortWh: Wh;
  readonly longWh: Wh;
  readonly lines: readonly BillLine[];
  readonly totalMicro: Micro;
}

export interface PeriodSettlement {
  readonly periodMs: number;
  readonly participants: readonly ParticipantSettlement[];
  readonly entries: readonly EntryDraft[];
  /** Sum of all shorts and longs. */
  readonly deviationWh: Wh;
  /** What of it was netted inside the community, counted once. */
  readonly matchedWh: Wh;
}

/**
 * @throws Error when someone traded but has no reading, has two of them or no tariff, or when an invariant is broken.
 */
export function settlePeriod(input: SettlementInput): PeriodSettlement {
  const cases = casesOf(input);
  const netting = netDeviations(cases, input, input.terms.imbalancePrice);
  const participants = netting.parts.map((part) => settleCase(part, netting, input.terms));
  const entries = [
    ...input.trades.flatMap((trade) => tradeEntry(trade) ?? []),
    ...participants.flatMap(({ participant, lines }) => lineEntries(participant, lines)),
  ];
  const leftOver = transfer(
    accounts.balancing,
    accounts.rounding,
    netOf(entries).get(accounts.balancing) ?? 0,
    "rounding",
  );
  const settlement = {
    periodMs: input.periodMs,
    participants,
    entries: leftOver === undefined ? entries : [...entries, leftOver],
    deviationWh: wh(cases.reduce((sum, { deviationWh }) => sum + Math.abs(deviationWh), 0)),
    matchedWh: netting.matchedWh,
  };
  assertSettled(settlement);
  return settlement;
}

/** All that concerns one participant, before netting. */
interface Case extends Deviation {
  readonly participant: string;
  readonly position: Position;
  readonly tariff: Tariff;
  readonly own: readonly OwnTrade[];
}

function casesOf(input: SettlementInput): Case[] {
  const contracts = contractsOf(input.trades);
  const own = ownTradesOf(input.trades);
  const readings = new Map(input.readings.map((reading) => [reading.participant, reading]));
  assertInvariant(readings.size === input.readings.length, "a participant has one reading a period");
  for (const participant of contracts.keys()) {
    assertInvariant(readings.has(participant), `who traded has a reading, ${participant} has none`);
  }
  return [...readings.values()].sort(byParticipant).map((reading) => {
    const { participant } = reading;
    const tariff = input.tariffs.get(participant);
    assertInvariant(tariff !== undefined, `who has a meter has a tariff, ${participant} has none`);
    const position = positionOf(contracts.get(participant) ?? wh(0), reading);
    const deviationWh = wh(position.longWh - position.shortWh);
    return { participant, position, deviationWh, tariff, own: own.get(participant) ?? [] };
  });
}

/** By id, in code units: the same on every machine. */
function byParticipant(a: Reading, b: Reading): number {
  return a.participant < b.participant ? -1 : 1;
}

function settleCase(
  part: Case & NettedDeviation,
  netting: Netting<Case>,
  terms: SettlementTerms,
): ParticipantSettlement {
  const { participant, position, tariff, own, balancedWh, imbalanceWh } = part;
  const { contractedWh, meteredWh, deliveredWh, shortWh, longWh } = position;
  const lines = [
    ...tradeLines(own),
    ...meteredLine("supply", wh(-position.plainImportWh), tariff.importMicroPerKwh),
    ...meteredLine("export", position.plainExportWh, tariff.exportMicroPerKwh),
    ...meteredLine("balancing", balancedWh, netting.balancingPriceMicroPerKwh),
    ...meteredLine("imbalance", imbalanceWh, netting.imbalancePriceMicroPerKwh),
    ...serviceChargeLine(own, terms.serviceChargeMicroPerKwh),
  ];
  const totalMicro = totalOf(lines);
  return { participant, contractedWh, meteredWh, deliveredWh, shortWh, longWh, lines, totalMicro };
}
