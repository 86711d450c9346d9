/**
 * The receipt of an order after the DSO's cut: what it still trades at which average price, and why it lost the rest.
 *
 * A filled order is partly filled then, or unfilled where it lost all; how its owner or its minimum ended it is not changed. The
 * average price of what stands is rounded down to a millionth, as on every receipt. The price that would have traded more, and the
 * rank, stay those of the gate. Conventions of the cut: operating-cuts.ts. Source: elecbay.md 0, rule 4.
 */
import { kwhFromWh } from "../../shared/decimal.js";
import { type Wh, wh } from "../../shared/units.js";
import type { CutOrder, OrderFate, OrderOutcome, Trade } from "../facts.js";
import { assertInvariant } from "./invariants.js";
import { averagePrice, turnoverOf } from "./value.js";

/** The fates of a period after its cuts, in their order; those that lost nothing as they were. @param standing the trades left */
export function fatesAfterCuts(
  fates: readonly OrderFate[],
  standing: readonly Trade[],
  cuts: readonly CutOrder[],
): OrderFate[] {
  const cutOf = new Map(cuts.map((cut) => [cut.orderId, cut]));
  const parts = new Map(cuts.map(({ orderId }) => [orderId, [] as { energyWh: number; priceMicroPerKwh: number }[]]));
  for (const { buyOrder, sellOrder, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh: got } of standing) {
    parts.get(buyOrder)?.push({ energyWh, priceMicroPerKwh });
    parts.get(sellOrder)?.push({ energyWh, priceMicroPerKwh: got ?? priceMicroPerKwh });
  }
  return fates.map((fate) => {
    const cut = cutOf.get(fate.orderId);
    if (cut === undefined) return fate;
    const tradedWh = wh(fate.tradedWh - cut.cutWh);
    const left = parts.get(fate.orderId) ?? [];
    const leftWh = left.reduce((sum, { energyWh }) => sum + energyWh, 0);
    assertInvariant(
      leftWh === tradedWh,
      `${fate.orderId} trades ${tradedWh} Wh after its cut, its trades say ${leftWh}`,
    );
    return {
      ...fate,
      outcome: outcomeAfter(fate.outcome, tradedWh),
      tradedWh,
      tradedPriceMicroPerKwh: averagePrice(turnoverOf(left), tradedWh),
      why: `${whyCut(fate.tradedWh, cut)}; at the gate: ${fate.why}`,
      cutWh: cut.cutWh,
    };
  });
}

function outcomeAfter(outcome: OrderOutcome, tradedWh: number): OrderOutcome {
  if (outcome !== "filled" && outcome !== "partly") return outcome;
  return tradedWh === 0 ? "unfilled" : "partly";
}

/** How the receipt begins of an order that had traded `tradedWh` at the gate. */
export function whyCut(tradedWh: Wh, { cutWh, askedWh, cause }: CutOrder): string {
  const lost = `lost ${kwhFromWh(cutWh)} of ${kwhFromWh(tradedWh)} kWh`;
  if (cause === undefined) {
    return `cut by the DSO: the other side was cut; ${lost}, which its supplier takes over at plain prices`;
  }
  const { element, limit, value } = cause;
  const because = cutWh === askedWh ? "" : `, ${kwhFromWh(wh(cutWh - askedWh))} of it because the other side was cut`;
  return `cut by the DSO: ${element}, limit ${limit}, would be ${value}; ${lost}${because}`;
}
