/**
 * Settlement of a pool (elecbay.md 0, rule 6): everyone's metered net of the period at the pool's price pair.
 *
 * Net = export less import. Who took more pays the buy price for its net, who fed in more gets the sell price: one line of kind
 * `trade` without an order, half to even (value.ts). All goes through the account `pool`, which buys what the neighbours lack
 * from their supplier at retail, and sells to it what is left over at export. There is no imbalance. What the pool has over
 * once all periods of its horizon are settled (prices and amounts are rounded) is moved to `rounding`; within a month of
 * bill sharing it may be far from 0. One retail and one export price hold for all, with one supplier.
 * Charges as everywhere (settlement-fees.ts); what counts as traded, and as drawn locally, is a participant's part of what
 * neighbours took of each other: the smaller side's sum, shared by net on each side (largest remainder, ties by id).
 */
import { wh } from "../../shared/units.js";
import { addLine, takeLines, totalOf } from "./bill-sheet.js";
import { createEntryBook, type EntryBook, enter, otherTally, type Tally, tallySum } from "./entry-book.js";
import { assertInvariant, brokenInvariant } from "./invariants.js";
import { share } from "./largest-remainder.js";
import { accounts, type EntryDraft, netFor, netOf, supplierAccount, transfer } from "./ledger.js";
import type { Pool, PoolPeriod, PoolPrices } from "./mechanisms/mechanism.js";
import type { ParticipantSettlement, PeriodSettlement, SettlementInput, Tariff } from "./settlement.js";
import { addFees, feesOf } from "./settlement-fees.js";
import { type Party, partiesOf } from "./settlement-party.js";
import { valueOfEnergy } from "./value.js";

/** A horizon settled: each period with the prices it was settled at, in the order given. */
export interface SettledHorizon {
  readonly prices: PoolPrices;
  readonly periods: readonly { readonly input: SettlementInput; readonly settlement: PeriodSettlement }[];
  /** What the pool has over or lacks: booked behind the last period's entries. */
  readonly remainder: readonly EntryDraft[];
}

/**
 * Prices and settles all periods that have one price pair: one of them, or a month.
 * @throws Error when participants of a period have different tariffs, or an invariant is broken.
 */
export function settleHorizon(pool: Pool, inputs: readonly SettlementInput[]): SettledHorizon {
  const prices = pool.prices(inputs.map(poolPeriod));
  const periods = inputs.map((unpriced) => {
    const input = { ...unpriced, pool: prices };
    return { input, settlement: settlePool(input, prices) };
  });
  let leftMicro = 0;
  for (const { settlement } of periods) leftMicro += poolLeft(settlement.entries);
  return { prices, periods, remainder: poolRemainder(leftMicro, "rounding") };
}

/** What `entries` leave on the pool's account. */
export function poolLeft(entries: readonly EntryDraft[]): number {
  return netFor(netOf(entries), accounts.pool);
}

/** Moves what is left on the pool's account; none where that is nothing. */
export function poolRemainder(leftMicro: number, reason: string): readonly EntryDraft[] {
  const left = transfer(accounts.pool, accounts.rounding, leftMicro, reason);
  return left === undefined ? [] : [left];
}

/** What a pool makes its prices of. */
export function poolPeriod({ readings, tariffs }: SettlementInput): PoolPeriod {
  let demandWh = 0;
  let supplyWh = 0;
  for (const { importWh, exportWh } of readings) {
    demandWh += Math.max(0, importWh - exportWh);
    supplyWh += Math.max(0, exportWh - importWh);
  }
  const tariff = commonTariff(tariffs.values());
  return {
    ...{ demandWh, supplyWh },
    retailMicroPerKwh: tariff?.importMicroPerKwh ?? 0,
    exportMicroPerKwh: tariff?.exportMicroPerKwh ?? 0,
  };
}

/** Settles one period at the pool's prices. @throws Error where orders were traded, tariffs differ, or an invariant is broken. */
export function settlePool(input: SettlementInput, prices: PoolPrices): PeriodSettlement {
  assertInvariant(input.trades.length === 0, "a pool trades no orders");
  const book = createEntryBook();
  const parties = partiesOf(input, book);
  const nets = parties.map(({ reading }) => reading.exportWh - reading.importWh);
  const locals = localShares(nets);
  const fees = feesOf(input);
  const participants = parties.map((party, place): ParticipantSettlement => {
    const { reading, supplierAccount } = party;
    const netWh = nets[place] ?? 0;
    const localWh = locals[place] ?? 0;
    const priceMicroPerKwh = netWh < 0 ? prices.buyMicroPerKwh : prices.sellMicroPerKwh;
    if (netWh !== 0) {
      const amountMicro = valueOfEnergy(netWh, priceMicroPerKwh);
      addLine(party, accounts.pool, { kind: "trade", energyWh: wh(netWh), priceMicroPerKwh, amountMicro });
    }
    addFees(party, fees, {
      supplierAccount,
      tradedWh: localWh,
      tradedValueMicro: Math.abs(valueOfEnergy(localWh, priceMicroPerKwh)),
      importWh: reading.importWh,
      localImportWh: netWh < 0 ? localWh : 0,
    });
    return settledParty(party, netWh, localWh);
  });
  const restWh = nets.reduce((sum, netWh) => sum + netWh, 0);
  enterSupplier(book, restWh, commonTariff(input.tariffs.values()));
  const pooledWh = locals.reduce((sum, localWh) => sum + localWh, 0) / 2;
  const settlement = {
    ...{ periodMs: input.periodMs, participants, ...book },
    ...{ deviationWh: wh(0), matchedWh: wh(0), pooledWh: wh(pooledWh) },
  };
  assertPoolSettled(settlement, parties, book);
  return settlement;
}

/** Who takes part, with nothing contracted and nothing to deviate from. */
function settledParty(party: Party, netWh: number, localWh: number): ParticipantSettlement {
  const { participant, account } = party;
  const lines = takeLines(party);
  return {
    ...{ participant, account, lines, totalMicro: totalOf(lines) },
    ...{ contractedWh: wh(0), meteredWh: wh(netWh), positionWh: wh(netWh), deliveredWh: wh(localWh) },
    ...{ shortWh: wh(0), longWh: wh(0), takenOverWh: wh(0) },
  };
}

/** Each one's part of what neighbours took of each other; never negative. */
function localShares(nets: readonly number[]): number[] {
  const demands = nets.map((netWh) => Math.max(0, -netWh));
  const supplies = nets.map((netWh) => Math.max(0, netWh));
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const localWh = Math.min(total(demands), total(supplies));
  const taken = share(localWh, demands);
  const given = share(localWh, supplies);
  return nets.map((_, place) => (taken[place] ?? 0) + (given[place] ?? 0));
}

/** The supplier delivers what the pool lacks, or takes what it has over. `restWh` positive = fed in. */
function enterSupplier(book: EntryBook, restWh: number, tariff: Tariff | undefined): void {
  if (restWh === 0 || tariff === undefined) return;
  const isSupply = restWh < 0;
  const amountMicro = valueOfEnergy(restWh, isSupply ? tariff.importMicroPerKwh : tariff.exportMicroPerKwh);
  const kind = isSupply ? "supply" : "export";
  const supplier = otherTally(book, supplierAccount(tariff.supplier));
  enter(book, supplier, otherTally(book, accounts.pool), amountMicro, kind);
}

function commonTariff(tariffs: Iterable<Tariff>): Tariff | undefined {
  let common: Tariff | undefined;
  for (const tariff of tariffs) {
    common ??= tariff;
    const { supplier, importMicroPerKwh, exportMicroPerKwh } = tariff;
    assertInvariant(
      supplier === common.supplier &&
        importMicroPerKwh === common.importMicroPerKwh &&
        exportMicroPerKwh === common.exportMicroPerKwh,
      "a pool has one supplier, one retail and one export price",
    );
  }
  return common;
}

/** Lines sum to what was metered and to what was booked; all accounts sum to 0, the pool's is moved later. */
function assertPoolSettled({ participants }: PeriodSettlement, tallies: readonly Tally[], book: EntryBook): void {
  for (const [place, { participant, lines, meteredWh, totalMicro }] of participants.entries()) {
    const energyWh = lines.reduce((sum: number, line) => sum + line.energyWh, 0);
    if (energyWh !== meteredWh) brokenInvariant(`${participant} is billed ${energyWh} Wh but metered ${meteredWh} Wh`);
    const booked = tallies[place]?.netMicro;
    if (booked !== totalMicro)
      brokenInvariant(`${participant} is billed ${totalMicro} millionths but booked ${booked}`);
  }
  const sum = tallySum(tallies, book);
  assertInvariant(sum === 0, `money over all accounts sums to 0, got ${sum} millionths`);
}
