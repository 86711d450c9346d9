/**
 * Settlement of one delivery period: contracts at their price, what else was metered at each one's own tariff, deviations
 * by rules 2 and 3 of elecbay.md 0 (settlement-position.ts, imbalance.ts), then charges and tax (settlement-fees.ts).
 *
 * Each participant's supplier is counterparty of its plain supply and export and of its part of the net imbalance. What the
 * community balances within itself goes through the account `balancing`, whose remainder (the two sides are rounded each for
 * itself) is moved to `rounding`. Participants come sorted by id; entries: trades in their order, then what a truthful auction
 * leaves over, then each participant's, then the remainder. What must hold is asserted always: settlement-invariants.ts.
 * docs/settlement.md tells every line with its formula.
 */
import { type Micro, type MicroPerKwh, micro, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BillLine, Reading, SettledPrices, Trade } from "../facts.js";
import type { SettlementTerms } from "../terms.js";
import { addEnergyLine, takeLines, totalOf } from "./bill-sheet.js";
import { createEntryBook, type EntryBook, enter, otherTally, type Tally } from "./entry-book.js";
import { type Netting, netDeviations, type SystemPrices } from "./imbalance.js";
import { accounts, type EntryDraft } from "./ledger.js";
import type { PoolPrices } from "./mechanisms/mechanism.js";
import { settlePool } from "./pool-settlement.js";
import { addFees, type FeeBasis, feesOf } from "./settlement-fees.js";
import { assertSettled } from "./settlement-invariants.js";
import { addShare, enterFunder, mechanismSurplus, sharesOf } from "./settlement-mechanism.js";
import { type OwnOrder, type Party, partiesOf } from "./settlement-party.js";
import { fullPosition, type Position, promisedPosition } from "./settlement-position.js";
import { averagePrice } from "./value.js";

/** A participant's own prices with its supplier in this period. */
export interface Tariff {
  readonly supplier: string;
  readonly importMicroPerKwh: MicroPerKwh;
  readonly exportMicroPerKwh: MicroPerKwh;
}
export type Tariffs = ReadonlyMap<string, Tariff>;

export interface SettlementInput extends SystemPrices {
  readonly periodMs: number;
  readonly periodMinutes: number;
  readonly trades: readonly Trade[];
  /** One of each participant; those who did nothing may be left out. */
  readonly readings: readonly Reading[];
  readonly tariffs: Tariffs;
  /** Notified at the gate, positive = feeds in. Heard where imbalance is `full`; who is not in it keeps to its contract. */
  readonly positions: ReadonlyMap<string, Wh>;
  /** What innocents lost of their net contracts to the DSO's cuts, positive = sold; heard where imbalance is `promised`. */
  readonly lost?: ReadonlyMap<string, Wh>;
  readonly terms: SettlementTerms;
  /** Rule 6: the price pair of the pool that trades all metered energy. Undefined: there is no pool, trades are made before. */
  readonly pool?: PoolPrices;
}

export interface ParticipantSettlement {
  readonly participant: string;
  /** The ledger's. */
  readonly account: string;
  /** Positive = sold. */
  readonly contractedWh: Wh;
  /** Export less import. */
  readonly meteredWh: Wh;
  /** What it was held to: metered less all that it deviates. */
  readonly positionWh: Wh;
  /** Of the contract: fed in by a seller, taken by a buyer. Never negative. */
  readonly deliveredWh: Wh;
  readonly shortWh: Wh;
  readonly longWh: Wh;
  /** Of the contract: neither delivered nor a deviation, for the DSO's cuts are to blame. Never negative. */
  readonly takenOverWh: Wh;
  readonly lines: readonly BillLine[];
  readonly totalMicro: Micro;
}

export interface PeriodSettlement {
  readonly periodMs: number;
  readonly participants: readonly ParticipantSettlement[];
  readonly entries: readonly EntryDraft[];
  /** What the entries come to for each account that is no participant's; a participant's is its total. */
  readonly others: ReadonlyMap<string, Tally>;
  /** Sum of all shorts and longs. */
  readonly deviationWh: Wh;
  /** What of it was netted inside the community, counted once. */
  readonly matchedWh: Wh;
  /** Of a pool: what neighbours took of what neighbours fed in. Undefined where there is none. */
  readonly pooledWh?: Wh;
}

/**
 * @throws Error when someone traded but has no reading, has two of them or no tariff, or when an invariant is broken.
 */
export function settlePeriod(input: SettlementInput): PeriodSettlement {
  const { terms, pool } = input;
  if (pool !== undefined) return settlePool(input, pool);
  const book = createEntryBook();
  const parties = partiesOf(input, book);
  const shares = bearSurplus(parties, terms, book);
  const deviationsWh = parties.map((party) => deviationOf(positionOf(party, input)));
  const netting = netDeviations(deviationsWh, input, terms.imbalancePrice);
  const fees = feesOf(input);
  const participants = parties.map((party, index) => {
    const position = positionOf(party, input); // once more: keeping all of them costs more than making them
    addTradeLines(party);
    addShare(party, shares[index] ?? 0);
    addMeteredLines(party, position, netting.balancedWh[index] ?? 0, netting);
    addFees(party, fees, feeBasis(party, position));
    return settledParty(party, position);
  });
  balanceOut(book);
  const { deviationWh, matchedWh } = netting;
  const settlement = { periodMs: input.periodMs, participants, ...book, deviationWh, matchedWh };
  assertSettled(settlement, parties, book, terms);
  return settlement;
}

/** What all parties of a period were settled at, and what the grid emitted, as far as it is known. */
export function settledPrices(input: SettlementInput, carbonMilligramPerKwh: number | undefined): SettledPrices {
  const { periodMs, pool, systemBuyMicroPerKwh, systemSellMicroPerKwh } = input;
  const tariffs = [...input.tariffs].map(([participant, tariff]) => ({ participant, ...tariff }));
  return { periodMs, systemBuyMicroPerKwh, systemSellMicroPerKwh, pool, carbonMilligramPerKwh, tariffs };
}

/** In the order of the own orders' first trades. */
function addTradeLines({ lines, lastOrder }: Party): void {
  for (let order = lastOrder; order !== undefined; order = order.before) lines.push(tradeLine(order));
  if (lines.length > 1) lines.reverse();
}

/** The exact sum of an own order's trades; their average price, rounded down, is for reading. */
function tradeLine({ orderId, sold, energyWh, turnover, valueMicro }: OwnOrder): BillLine {
  const sign = sold ? 1 : -1;
  return {
    kind: "trade",
    energyWh: wh(sign * energyWh),
    priceMicroPerKwh: averagePrice(turnover, energyWh) ?? microPerKwh(0),
    amountMicro: micro(sign * valueMicro),
    orderId,
  };
}

/** @returns what each party gets of it, where all share it. */
function bearSurplus(parties: readonly Party[], { funder }: SettlementTerms, book: EntryBook): readonly number[] {
  if (funder === undefined) return [];
  const surplusMicro = mechanismSurplus(book);
  if (funder === "shared") return surplusMicro === 0 ? [] : sharesOf(surplusMicro, parties);
  enterFunder(book, funder, surplusMicro);
  return [];
}

function positionOf(
  { contractedWh, participant, reading }: Party,
  { terms, positions, lost }: SettlementInput,
): Position {
  return terms.imbalance === "full"
    ? fullPosition(contractedWh, positions.get(participant), reading)
    : promisedPosition(contractedWh, reading, lost?.get(participant));
}

/** Negative = short, positive = long. */
function deviationOf({ longWh, shortWh }: Position): number {
  return longWh - shortWh;
}

function feeBasis({ supplierAccount, tradedWh, tradedValueMicro, reading }: Party, position: Position): FeeBasis {
  const localImportWh = position.contractedWh < 0 ? position.deliveredWh : 0;
  return { supplierAccount, tradedWh, tradedValueMicro, importWh: reading.importWh, localImportWh };
}

function addMeteredLines(party: Party, position: Position, balancedWh: number, netting: Netting): void {
  const { tariff, supplierAccount } = party;
  const { plainImportWh, plainExportWh } = position;
  const imbalanceWh = deviationOf(position) - balancedWh;
  addEnergyLine(party, supplierAccount, "supply", -plainImportWh, tariff.importMicroPerKwh);
  addEnergyLine(party, supplierAccount, "export", plainExportWh, tariff.exportMicroPerKwh);
  addEnergyLine(party, accounts.balancing, "balancing", balancedWh, netting.balancingPriceMicroPerKwh);
  addEnergyLine(party, supplierAccount, "imbalance", imbalanceWh, netting.imbalancePriceMicroPerKwh);
}

function settledParty(party: Party, position: Position): ParticipantSettlement {
  const lines = takeLines(party);
  // Field by field: with thousands of participants a spread object would cost CPU time.
  return {
    participant: party.participant,
    account: party.account,
    contractedWh: position.contractedWh,
    meteredWh: position.meteredWh,
    positionWh: position.positionWh,
    deliveredWh: position.deliveredWh,
    shortWh: position.shortWh,
    longWh: position.longWh,
    takenOverWh: position.takenOverWh,
    lines,
    totalMicro: totalOf(lines),
  };
}

/** Moves what the roundings of `balancing` leave over. */
function balanceOut(book: EntryBook): void {
  const balancing = otherTally(book, accounts.balancing);
  enter(book, balancing, otherTally(book, accounts.rounding), balancing.netMicro, "rounding");
}
