/**
 * The lines of one participant's bill for one period, and the entries behind them.
 *
 * Energy positive = fed in, money positive = received. A line's amount is its energy at its price, but for two kinds:
 * `trade` (one line for each own order: the exact sum of its trades' values, the price being their average rounded down)
 * and `service-charge` (energy 0, for it moves none; its price times all energy the participant traded, bought and sold).
 * Lines of no energy and no money are left out, so that energy over all lines is export less import.
 */
import { type Micro, type MicroPerKwh, micro, microPerKwh, type Wh, wh } from "../../shared/units.js";
import type { BillLine, Trade } from "../facts.js";
import { accounts, type EntryDraft, participantAccount, transfer } from "./ledger.js";
import { averagePrice, turnoverOf, valueOfEnergy } from "./value.js";

/** One trade seen from one of its sides. */
export interface OwnTrade {
  readonly orderId: string;
  readonly sold: boolean;
  readonly trade: Trade;
}

/** The trades of each participant, in their order, the buying side of a trade first. */
export function ownTradesOf(trades: readonly Trade[]): Map<string, OwnTrade[]> {
  const own = new Map<string, OwnTrade[]>();
  const add = (participant: string, trade: OwnTrade): void => {
    const list = own.get(participant);
    if (list === undefined) own.set(participant, [trade]);
    else list.push(trade);
  };
  for (const trade of trades) {
    add(trade.buyer, { orderId: trade.buyOrder, sold: false, trade });
    add(trade.seller, { orderId: trade.sellOrder, sold: true, trade });
  }
  return own;
}

/** One line for each own order, in the order of their first trades. */
export function tradeLines(own: readonly OwnTrade[]): BillLine[] {
  const byOrder = new Map<string, OwnTrade[]>();
  for (const part of own) {
    const key = `${part.sold ? "sell" : "buy"} ${part.orderId}`;
    const parts = byOrder.get(key);
    if (parts === undefined) byOrder.set(key, [part]);
    else parts.push(part);
  }
  return [...byOrder.values()].map(tradeLine);
}

function tradeLine(parts: readonly OwnTrade[]): BillLine {
  const trades = parts.map((part) => part.trade);
  const energyWh = trades.reduce((sum, trade) => sum + trade.energyWh, 0);
  const value = trades.reduce((sum, trade) => sum + valueOfEnergy(trade.energyWh, trade.priceMicroPerKwh), 0);
  const sign = parts[0]?.sold === true ? 1 : -1;
  return {
    kind: "trade",
    energyWh: wh(sign * energyWh),
    priceMicroPerKwh: averagePrice(turnoverOf(trades), energyWh) ?? microPerKwh(0),
    amountMicro: micro(sign * value),
    orderId: parts[0]?.orderId ?? "",
  };
}

/** The buyer pays the seller; where the price is negative, the seller the buyer. None for a trade with oneself. */
export function tradeEntry(trade: Trade): EntryDraft | undefined {
  const amountMicro = valueOfEnergy(trade.energyWh, trade.priceMicroPerKwh);
  return transfer(participantAccount(trade.buyer), participantAccount(trade.seller), amountMicro, "trade");
}

/** Who is on the other side of each kind of line but `trade`. */
const counterparty = {
  supply: accounts.supplier,
  export: accounts.supplier,
  imbalance: accounts.supplier,
  balancing: accounts.balancing,
  "service-charge": accounts.market,
} as const;

export type MeteredLineKind = "supply" | "export" | "imbalance" | "balancing";

/** A line of `energyWh` at a price, or none where there is no energy. */
export function meteredLine(kind: MeteredLineKind, energyWh: Wh, priceMicroPerKwh: MicroPerKwh): BillLine[] {
  if (energyWh === 0) return [];
  return [{ kind, energyWh, priceMicroPerKwh, amountMicro: valueOfEnergy(energyWh, priceMicroPerKwh) }];
}

/** The charge on all energy traded by one participant, or none where it comes to nothing. */
export function serviceChargeLine(own: readonly OwnTrade[], priceMicroPerKwh: MicroPerKwh): BillLine[] {
  const tradedWh = own.reduce((sum, part) => sum + part.trade.energyWh, 0);
  const amountMicro = micro(-valueOfEnergy(tradedWh, priceMicroPerKwh));
  return amountMicro === 0 ? [] : [{ kind: "service-charge", energyWh: wh(0), priceMicroPerKwh, amountMicro }];
}

/** The entries behind lines; trades have their own, for each of them is on two bills. */
export function lineEntries(participant: string, lines: readonly BillLine[]): EntryDraft[] {
  return lines.flatMap(({ kind, amountMicro }) => {
    if (!Object.hasOwn(counterparty, kind)) return [];
    const other = counterparty[kind as keyof typeof counterparty];
    return transfer(other, participantAccount(participant), amountMicro, kind) ?? [];
  });
}

/** Sum of the lines' amounts. */
export function totalOf(lines: readonly BillLine[]): Micro {
  return micro(lines.reduce((sum, line) => sum + line.amountMicro, 0));
}
