/** Trades and cuts made up for the tests of the DSO's cuts. */
import fc from "fast-check";
import type { Trade } from "../../../market/facts.js";
import type { OperatingCut } from "../../../market/rules/operating-cuts.js";
import { microPerKwh, wh } from "../../../shared/units.js";

/** `b1 s1 5 @100`: the order b1 buys 5 Wh of s1 at 100 millionths; `list b1 s1 …`: on the list; `@100/90`: the seller gets 90. */
export function tradesFrom(...lines: readonly string[]): Trade[] {
  return lines.map((line) => {
    const words = line.split(" ");
    const ofList = words[0] === "list";
    const [buyOrder = "", sellOrder = "", energy = "", price = ""] = ofList ? words.slice(1) : words;
    const [paid, got] = price.slice(1).split("/").map(Number);
    return {
      ...{ buyer: `p${buyOrder}`, seller: `p${sellOrder}`, buyOrder, sellOrder, energyWh: wh(Number(energy)) },
      priceMicroPerKwh: microPerKwh(paid ?? 0),
      ...(got === undefined ? {} : { sellerPriceMicroPerKwh: microPerKwh(got) }),
      mechanism: ofList ? "listing" : "uniform",
    };
  });
}

/** The inverse of `tradesFrom`. */
export function linesOf(trades: readonly Trade[]): string[] {
  return trades.map(({ mechanism, buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh }) => {
    const price = [priceMicroPerKwh, ...(sellerPriceMicroPerKwh === undefined ? [] : [sellerPriceMicroPerKwh])];
    return `${mechanism === "listing" ? "list " : ""}${buyOrder} ${sellOrder} ${energyWh} @${price.join("/")}`;
  });
}

export function cut(orderId: string, cutWh: number, element = "line R3-R11"): OperatingCut {
  return { orderId, cutWh: wh(cutWh), element, limit: 100, value: 112.5 };
}

const anyTrade = fc
  .record({
    buy: fc.integer({ min: 1, max: 5 }),
    sell: fc.integer({ min: 1, max: 5 }),
    energyWh: fc.integer({ min: 1, max: 6 }),
    price: fc.constantFrom("@100", "@110", "@110/90"),
    ofList: fc.boolean(),
  })
  .map(({ buy, sell, energyWh, price, ofList }) => {
    // An auction's order and an item's may be one and the same: what the list leaves goes to the auction.
    return `${ofList ? "list " : ""}b${buy} s${sell} ${energyWh} ${ofList ? "@100" : price}`;
  });

export interface CutCase {
  readonly trades: readonly Trade[];
  readonly arrivals: ReadonlyMap<string, number>;
  readonly asked: readonly OperatingCut[];
}

const ids = ["b1", "b2", "b3", "b4", "b5", "s1", "s2", "s3", "s4", "s5"];

/** Few orders with small energies, so that they meet in several trades; some cuts ask for more than was traded, or name one twice. */
export const anyCutCase: fc.Arbitrary<CutCase> = fc
  .record({
    lines: fc.array(anyTrade, { maxLength: 9 }),
    order: fc.shuffledSubarray(ids, { minLength: ids.length }),
    asked: fc.array(fc.tuple(fc.constantFrom(...ids, "o99"), fc.integer({ min: 0, max: 12 })), { maxLength: 5 }),
  })
  .map(({ lines, order, asked }) => ({
    trades: tradesFrom(...lines),
    arrivals: new Map(order.map((id, place) => [id, place + 1])),
    asked: asked.map(([id, energyWh], place) => cut(id, energyWh, `element ${place}`)),
  }));
