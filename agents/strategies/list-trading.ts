/**
 * Trading over the list (elecbay.md 0, rule 1): who has a surplus lists it, who needs energy orders the cheapest fitting item.
 *
 * A seller lists once, early, and what nobody orders enters the auction by itself at the item's price. Ties between items: the
 * smaller id. Orders go at the own quote, lifted to the item's price where that lies within the limit.
 */
import type { Intent, Sale, Side, View, VisibleItem } from "./intent.js";

/** The same view without the items of owners who have kept less than `minReliability` of their promises. */
export function trustworthy(view: View, minReliability: number): View {
  return { ...view, visible: view.visible.filter(({ reliability }) => reliability >= minReliability) };
}

/** The tick before which the list is used: later ones are the auction's. */
export const lastListTick = 2;

/** Orders or lists up to `missingWh`. The intents cover `coveredWh` of it. */
export function listIntents(
  view: View,
  side: Side,
  missingWh: number,
  quote: number,
  drawSale: () => Sale,
): { readonly intents: Intent[]; readonly coveredWh: number } {
  if (view.ticksToGate < lastListTick || missingWh < view.minEnergyWh) return { intents: [], coveredWh: 0 };
  const item = bestItem(view, side, missingWh);
  if (item !== undefined) {
    const energyWh = Math.min(missingWh, item.energyWh);
    const priceMicroPerKwh =
      side === "buy" ? Math.max(quote, item.priceMicroPerKwh) : Math.min(quote, item.priceMicroPerKwh);
    const order: Intent = {
      action: "place",
      side,
      periodMs: view.periodMs,
      energyWh,
      priceMicroPerKwh,
      itemId: item.itemId,
    };
    return { intents: [order], coveredWh: energyWh };
  }
  // A listing late in the period would be seen by nobody before the gate.
  if (side === "buy" || view.items.length > 0 || view.ticksToGate <= lastListTick) return { intents: [], coveredWh: 0 };
  const listing: Intent = {
    action: "list",
    side,
    periodMs: view.periodMs,
    energyWh: missingWh,
    priceMicroPerKwh: quote,
    sale: drawSale(),
  };
  return { intents: [listing], coveredWh: missingWh };
}

function bestItem(view: View, side: Side, missingWh: number): VisibleItem | undefined {
  let best: VisibleItem | undefined;
  for (const item of view.visible) {
    if (item.side === side || item.energyWh < view.minEnergyWh || !withinLimit(view, side, item)) continue;
    // One order an item is enough: a second would only bid against the first.
    if (view.orders.some((order) => order.itemId === item.itemId)) continue;
    if (missingWh < Math.min(item.energyWh, item.minEnergyWh)) continue;
    if (best === undefined || isBetter(side, item, best)) best = item;
  }
  return best;
}

function withinLimit(view: View, side: Side, item: VisibleItem): boolean {
  return side === "buy"
    ? item.priceMicroPerKwh <= view.buyLimitMicroPerKwh
    : item.priceMicroPerKwh >= view.sellLimitMicroPerKwh;
}

function isBetter(side: Side, item: VisibleItem, than: VisibleItem): boolean {
  const gain = (than.priceMicroPerKwh - item.priceMicroPerKwh) * (side === "buy" ? 1 : -1);
  return gain > 0 || (gain === 0 && item.itemId < than.itemId);
}
