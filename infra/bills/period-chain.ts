/** How one period's bill came about: order, trade, contract, meter, lines, total; the same steps on every page. */
import type { OrderFate, Trade } from "../../market/facts.js";
import { kwhText } from "../results/decimal-text.js";
import { lineWords, priceText } from "./line-words.js";
import { exactText } from "./money-text.js";
import type { OwnBill } from "./read-bills.js";

export interface ChainStep {
  readonly step: "order" | "trade" | "contract" | "metered" | "line" | "total";
  readonly words: string;
}

export function chainOf(own: OwnBill, participant: string): ChainStep[] {
  const { bill, orders, trades, reading, isLate } = own;
  const steps: ChainStep[] = orders.map((order) => ({ step: "order", words: orderWords(order) }));
  for (const trade of trades) steps.push(...tradeSteps(trade, participant));
  if (bill.contractedWh !== 0) steps.push({ step: "contract", words: `${signed(bill.contractedWh)} kWh in all` });
  if (reading !== undefined) {
    const quality = reading.quality === "actual" ? "" : ` (${reading.quality})`;
    const words = `taken ${kwhText(reading.importWh)} kWh, fed in ${kwhText(reading.exportWh)} kWh${quality}`;
    steps.push({ step: "metered", words: isLate ? `${words}, told after the bill` : words });
  }
  for (const line of bill.lines) {
    const price = line.priceMicroPerKwh === 0 ? "" : ` at ${priceText(line.priceMicroPerKwh)}`;
    const energy = line.energyWh === 0 ? "" : `, ${signed(line.energyWh)} kWh${price}`;
    steps.push({ step: "line", words: `${lineWords(line)}${energy}: ${exactText(line.amountMicro)}` });
  }
  steps.push({ step: "total", words: exactText(bill.totalMicro) });
  return steps;
}

function orderWords(order: OrderFate): string {
  const { orderId, side, energyWh, limitPriceMicroPerKwh, outcome, why } = order;
  const limit = `${side === "buy" ? "at most" : "at least"} ${priceText(limitPriceMicroPerKwh)}`;
  return `${orderId} ${side} ${kwhText(energyWh)} kWh, ${limit}: ${outcome}${why === "" ? "" : `, ${why}`}`;
}

function tradeSteps(trade: Trade, participant: string): ChainStep[] {
  const { energyWh, priceMicroPerKwh, mechanism } = trade;
  const steps: ChainStep[] = [];
  const tell = (sign: 1 | -1, price: number, orderId: string): void => {
    const words = `${signed(sign * energyWh)} kWh at ${priceText(price)} for ${orderId} (${mechanism})`;
    steps.push({ step: "trade", words });
  };
  if (trade.buyer === participant) tell(-1, priceMicroPerKwh, trade.buyOrder);
  if (trade.seller === participant) tell(1, trade.sellerPriceMicroPerKwh ?? priceMicroPerKwh, trade.sellOrder);
  return steps;
}

const signed = (energyWh: number): string => `${energyWh > 0 ? "+" : ""}${kwhText(energyWh)}`;
