/** The DSO's cuts as slowly and plainly as the rule can be told: one Wh at a time. The specification of operating-cuts.ts. */
import type { Trade } from "../../../../market/facts.js";
import type { OperatingCut } from "../../../../market/rules/operating-cuts.js";

interface Unit {
  readonly orderId: string;
  readonly side: "buy" | "sell";
  readonly pot: string;
  lost: "no" | "asked" | "other";
}

/** @returns by order, what it lost as asked and because of the other side */
export function naiveCuts(
  trades: readonly Trade[],
  arrivals: ReadonlyMap<string, number>,
  asked: readonly OperatingCut[],
): Map<string, { asked: number; other: number }> {
  const units: Unit[] = [];
  const pots: { name: string; ofList: boolean; latest: number }[] = [];
  for (const [place, trade] of trades.entries()) {
    const { mechanism, priceMicroPerKwh, sellerPriceMicroPerKwh, buyOrder, sellOrder } = trade;
    const ofList = mechanism === "listing";
    const name = ofList ? `${place}` : JSON.stringify([priceMicroPerKwh, sellerPriceMicroPerKwh ?? priceMicroPerKwh]);
    const latest = Math.max(arrivals.get(buyOrder) ?? 0, arrivals.get(sellOrder) ?? 0);
    if (!pots.some((pot) => pot.name === name)) pots.unshift({ name, ofList, latest });
    for (let wh = 0; wh < trade.energyWh; wh += 1) {
      units.push({ orderId: buyOrder, side: "buy", pot: name, lost: "no" });
      units.push({ orderId: sellOrder, side: "sell", pot: name, lost: "no" });
    }
  }
  pots.sort((one, other) => Number(one.ofList) - Number(other.ofList) || (one.ofList ? other.latest - one.latest : 0));
  const isNamed = (orderId: string) => asked.some((cut) => cut.orderId === orderId && cut.cutWh > 0);
  const stillAsked = (orderId: string) => {
    const sum = asked.reduce((total, cut) => total + (cut.orderId === orderId ? cut.cutWh : 0), 0);
    return sum - units.filter((unit) => unit.orderId === orderId && unit.lost === "asked").length > 0;
  };
  const latestOf = (pot: string, side: Unit["side"], fits: (orderId: string) => boolean): Unit | undefined =>
    units
      .filter((unit) => unit.pot === pot && unit.side === side && unit.lost === "no" && fits(unit.orderId))
      .sort((one, other) => (arrivals.get(other.orderId) ?? 0) - (arrivals.get(one.orderId) ?? 0))[0];
  // One Wh that both sides of a pot are asked for.
  const oneForBoth = (): boolean => {
    for (const { name } of pots) {
      const buy = latestOf(name, "buy", stillAsked);
      const sell = latestOf(name, "sell", stillAsked);
      if (buy === undefined || sell === undefined) continue;
      buy.lost = "asked";
      sell.lost = "asked";
      return true;
    }
    return false;
  };
  const oneForOne = (): boolean => {
    for (const { name } of pots) {
      for (const [own, other] of [["buy", "sell"] as const, ["sell", "buy"] as const]) {
        const unit = latestOf(name, own, stillAsked);
        if (unit === undefined) continue;
        unit.lost = "asked";
        const innocent = latestOf(name, other, (id) => !isNamed(id)) ?? latestOf(name, other, () => true);
        if (innocent === undefined) throw new Error("a pot has two equal sides");
        innocent.lost = "other";
        return true;
      }
    }
    return false;
  };
  while (oneForBoth());
  while (oneForOne());
  const losses = new Map<string, { asked: number; other: number }>();
  for (const { orderId, lost } of units) {
    const loss = losses.get(orderId) ?? { asked: 0, other: 0 };
    if (lost !== "no") {
      loss[lost] += 1;
      losses.set(orderId, loss);
    }
  }
  return losses;
}
