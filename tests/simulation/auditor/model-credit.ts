/**
 * Credit counted anew for each question: what somebody's open orders and unsettled trades may cost, and what is left of its funds.
 *
 * A buyer's hold is limit price x energy, a seller's (system buy price - ask, if positive) x energy, both with the service charge; each part
 * rounded up to a millionth. Source: docs/contract.md, "Credit".
 */
import type { Side, Trade } from "../../../market/facts.js";
import { type NaiveBook, openOf } from "../../market/rules/naive/naive-book.js";

export interface ModelCredit {
  readonly serviceChargeMicroPerKwh: number;
  readonly systemBuyMicroPerKwh: number;
  /** As settlement granted them last. */
  readonly fundsMicro: Map<string, number>;
  /** Held for payouts that settlement has not decided. */
  readonly payouts: Map<string, { readonly participant: string; readonly amountMicro: number }>;
  /** Traded and not settled yet, by period. */
  readonly traded: Map<number, readonly Trade[]>;
}

const valueUp = (energyWh: number, microPerKwh: number): number => Math.ceil((energyWh * microPerKwh) / 1000 - 1e-9);

export function holdOf(credit: ModelCredit, side: Side, energyWh: number, microPerKwh: number): number {
  const { serviceChargeMicroPerKwh, systemBuyMicroPerKwh } = credit;
  const risk = side === "buy" ? microPerKwh : Math.max(systemBuyMicroPerKwh - microPerKwh, -microPerKwh);
  return valueUp(energyWh, Math.max(0, risk)) + valueUp(energyWh, serviceChargeMicroPerKwh);
}

/** All that a participant holds, but one order. */
export function heldBy(credit: ModelCredit, books: Iterable<NaiveBook>, participant: string, but?: string): number {
  let heldMicro = 0;
  for (const { items, orders } of books) {
    for (const object of [...items, ...orders]) {
      if (!object.live || object.participant !== participant || object.id === but) continue;
      const energyWh = object.kind === "order" ? openOf(object) : object.energyWh;
      heldMicro += holdOf(credit, object.side, energyWh, object.priceMicroPerKwh);
    }
  }
  for (const payout of credit.payouts.values()) if (payout.participant === participant) heldMicro += payout.amountMicro;
  for (const trades of credit.traded.values()) {
    for (const { buyer, seller, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh } of trades) {
      if (buyer === participant) heldMicro += holdOf(credit, "buy", energyWh, priceMicroPerKwh);
      if (seller !== participant) continue;
      heldMicro += holdOf(credit, "sell", energyWh, sellerPriceMicroPerKwh ?? priceMicroPerKwh);
    }
  }
  return heldMicro;
}
