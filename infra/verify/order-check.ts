/** Orders against trades, cuts against both, trades that stand against contracts: of one period, from its rows. */
import type { CutOrder, LostEnergy, OrderFate, Trade } from "../../market/facts.js";
import { biddingCycle, tickLengthMs, timesOf } from "../../market/managers/calendar.js";
import { lostAfterCuts } from "../../market/rules/lost-after-cuts.js";
import type { TradesAfterCuts } from "../../market/rules/operating-cuts.js";
import { averagePrice, turnoverOf, valueOfEnergy } from "../../market/rules/value.js";
import type { CalendarTerms, SettlementTerms } from "../../market/terms.js";
import type { CsvRow } from "../results/csv-reader.js";
import { kwhText, majorText, majorTextOrEmpty } from "../results/decimal-text.js";
import { Difference } from "../results/difference.js";
import { contractRow, type ResultFile } from "../results/rows.js";
import { checkCuts } from "./cut-check.js";
import { compareRows } from "./expected-rows.js";

/** A fact with the row that it was read from. */
export interface ReadRow<T> {
  readonly row: CsvRow;
  readonly fact: T;
}

export interface OrdersOfPeriod {
  readonly folder: string;
  readonly periodMs: number;
  readonly calendar: CalendarTerms;
  /** All that comes in is stamped with the instant of a tick. */
  readonly isLockstep: boolean;
  readonly orders: readonly ReadRow<OrderFate>[];
  readonly trades: readonly ReadRow<Trade>[];
  readonly cuts: readonly ReadRow<CutOrder>[];
  readonly contracts: readonly CsvRow[];
  readonly imbalance: SettlementTerms["imbalance"];
}

/** What the DSO's cuts leave, and what innocents lost of their net contracts where that is protected. */
export interface Standing extends TradesAfterCuts {
  readonly lost: readonly LostEnergy[];
}

/** One side of a trade. */
interface Part {
  readonly energyWh: number;
  readonly priceMicroPerKwh: number;
}

/** @returns what stands of the trades @throws Difference at the first order, trade, cut or contract that does not fit the others. */
export function checkOrders(period: OrdersOfPeriod, idsSeen: Set<string>): Standing {
  const orders = new Map<string, OrderFate>();
  const differs = differenceIn(period.folder);
  for (const { row, fact } of period.orders) {
    if (idsSeen.has(fact.orderId))
      throw differs("orders", row, "orderId", "an id of its own", fact.orderId, "ids are unique");
    idsSeen.add(fact.orderId);
    orders.set(fact.orderId, fact);
  }
  for (const { row, fact } of period.trades) checkTrade(fact, row, orders, differs);
  const after = checkCuts(period);
  const parts = partsOf(after.trades);
  for (const { row, fact } of period.orders) {
    checkFate(fact, row, parts.get(fact.orderId) ?? [], differs);
    checkStamp(fact, row, period, differs);
  }
  const lost = period.imbalance === "promised" ? lostAfterCuts(after) : [];
  checkContracts(period, { ...after, lost });
  return { ...after, lost };
}

/** What each order trades, and at its own side's price. */
function partsOf(trades: readonly Trade[]): ReadonlyMap<string, readonly Part[]> {
  const parts = new Map<string, Part[]>();
  const add = (id: string, part: Part): void => {
    const known = parts.get(id);
    if (known === undefined) parts.set(id, [part]);
    else known.push(part);
  };
  for (const { buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh: got } of trades) {
    add(buyOrder, { energyWh, priceMicroPerKwh });
    add(sellOrder, { energyWh, priceMicroPerKwh: got ?? priceMicroPerKwh });
  }
  return parts;
}

type Differs = ReturnType<typeof differenceIn>;

function differenceIn(folder: string) {
  return (name: ResultFile, row: CsvRow, column: string, expected: string, found: string, meaning: string) =>
    new Difference({ file: `${folder}/${name}.csv`, line: row.line, column }, { expected, found, meaning });
}

function checkTrade(trade: Trade, row: CsvRow, orders: ReadonlyMap<string, OrderFate>, differs: Differs): void {
  const { energyWh, priceMicroPerKwh } = trade;
  if (energyWh <= 0) {
    throw differs("trades", row, "energyKwh", "more than 0", kwhText(energyWh), "a trade moves energy");
  }
  const sellerPrice = trade.sellerPriceMicroPerKwh ?? priceMicroPerKwh;
  const sides = [
    { ...{ id: trade.buyOrder, column: "buyOrder", side: "buy" }, who: trade.buyer, price: priceMicroPerKwh },
    { ...{ id: trade.sellOrder, column: "sellOrder", side: "sell" }, who: trade.seller, price: sellerPrice },
  ] as const;
  for (const { id, column, side, who, price } of sides) {
    const order = orders.get(id);
    if (order === undefined || order.side !== side || order.participant !== who) {
      const expected = `the id of a ${side} order of ${who} in this period`;
      throw differs("trades", row, column, expected, id, "orders.csv knows of no such order");
    }
    // In the continuous market a limit may have been another one when it traded: orders.csv tells the last.
    const isWorse = side === "buy" ? price > order.limitPriceMicroPerKwh : price < order.limitPriceMicroPerKwh;
    if (isWorse && trade.mechanism !== "continuous") {
      const expected = `${side === "buy" ? "at most" : "at least"} ${majorText(order.limitPriceMicroPerKwh)}`;
      throw differs("trades", row, "pricePerKwh", expected, majorText(price), `the limit of ${id} is not kept`);
    }
  }
}

function checkFate(fate: OrderFate, row: CsvRow, parts: readonly Part[], differs: Differs): void {
  const { orderId, energyWh, outcome } = fate;
  const tradedWh = parts.reduce((sum, part) => sum + part.energyWh, 0);
  if (tradedWh !== fate.tradedWh) {
    const meaning = `the trades of ${orderId} say otherwise`;
    throw differs("orders", row, "tradedKwh", kwhText(tradedWh), kwhText(fate.tradedWh), meaning);
  }
  const price = averagePrice(turnoverOf(parts), tradedWh);
  if (price !== fate.tradedPriceMicroPerKwh) {
    const [expected, found] = [majorTextOrEmpty(price), majorTextOrEmpty(fate.tradedPriceMicroPerKwh)];
    throw differs("orders", row, "pricePerKwh", expected, found, `this is not the average price of its trades`);
  }
  if (tradedWh > energyWh) {
    const expected = `at least the ${kwhText(tradedWh)} that were traded`;
    throw differs("orders", row, "energyKwh", expected, kwhText(energyWh), `${orderId} traded more than it ordered`);
  }
  const fits = {
    filled: tradedWh === energyWh,
    partly: tradedWh > 0 && tradedWh < energyWh,
    unfilled: tradedWh === 0,
    ...{ lapsed: tradedWh < energyWh, cancelled: true, withdrawn: true },
  };
  if (fits[outcome]) return;
  const meaning = `${kwhText(tradedWh)} of ${kwhText(energyWh)} kWh were traded`;
  throw differs("orders", row, "outcome", "an outcome that fits what was traded", outcome, meaning);
}

function checkStamp(
  fate: OrderFate,
  row: CsvRow,
  { periodMs, calendar, isLockstep }: OrdersOfPeriod,
  differs: Differs,
): void {
  const times = timesOf(periodMs, calendar);
  const cycle = biddingCycle(fate.acceptedAtMs, times, calendar);
  if (cycle !== fate.biddingCycle) {
    const meaning = "the instant of acceptance lies in another tick";
    throw differs("orders", row, "biddingCycle", String(cycle), String(fate.biddingCycle), meaning);
  }
  if (isLockstep && (fate.acceptedAtMs - calendar.startMs) % tickLengthMs(calendar) !== 0) {
    throw differs(
      "orders",
      row,
      "acceptedAt",
      "the instant of a tick",
      row.cells[7] ?? "",
      "in lockstep all goes by ticks",
    );
  }
  if (fate.acceptedAtMs <= times.gateAtMs) return;
  throw differs("orders", row, "acceptedAt", "an instant before the gate", row.cells[7] ?? "", "the gate was closed");
}

/** The net of each one's trades that stand, and what it lost to cuts, sorted by id, as contracts.csv tells them. */
function checkContracts({ folder, periodMs, contracts }: OrdersOfPeriod, { trades, lost }: Standing): void {
  const lostBy = new Map(lost.map(({ participant, energyWh }) => [participant, energyWh]));
  const nets = new Map<string, { energyWh: number; valueMicro: number }>();
  const add = (participant: string, energyWh: number, valueMicro: number): void => {
    const net = nets.get(participant) ?? { energyWh: 0, valueMicro: 0 };
    nets.set(participant, { energyWh: net.energyWh + energyWh, valueMicro: net.valueMicro + valueMicro });
  };
  for (const { buyer, seller, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh: got } of trades) {
    add(buyer, -energyWh, -valueOfEnergy(energyWh, priceMicroPerKwh));
    add(seller, energyWh, valueOfEnergy(energyWh, got ?? priceMicroPerKwh));
  }
  const expected = [...nets]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([participant, { energyWh, valueMicro }]) =>
      contractRow(periodMs, participant, energyWh, valueMicro, lostBy.get(participant)),
    );
  const meaning = "a contract is the net of a participant's trades, less what the DSO's cuts took";
  compareRows({ path: `${folder}/contracts.csv`, name: "contracts", meaning }, contracts, expected);
}
