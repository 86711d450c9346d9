/**
 * Where the community's energy came from and where it went, as links for a Sankey drawing: pure.
 *
 * What is known are sums (kWh): generation, import, export, what neighbours took of each other, and of batteries what they took and gave
 * where that is told. Who used which kWh is nobody's knowledge; it is shared out in a fixed order: batteries charge from generation (they
 * never do from the grid), what is exported is generation as far as it reaches, neighbours' trade likewise, and the rest is used at home.
 */
export interface EnergySums {
  readonly generationKwh: number;
  readonly importKwh: number;
  readonly exportKwh: number;
  /** Taken of neighbours against contracts. */
  readonly localKwh: number;
  readonly chargedKwh: number;
  readonly dischargedKwh: number;
}

/** Top to bottom as they are drawn. */
export const flowNodes = [
  ...["generation", "battery-out", "supplier", "neighbours", "export", "battery-in", "load"],
] as const satisfies readonly string[];
export type FlowNode = "generation" | "battery-out" | "supplier" | "neighbours" | "export" | "battery-in" | "load";

export interface FlowLink {
  readonly source: FlowNode;
  readonly target: FlowNode;
  readonly energyKwh: number;
}

/** Less is what rounding leaves. */
const leastKwh = 0.0005;

/** In an order in which no two of them cross, where batteries export nothing. */
export function flowLinks(sums: EnergySums): readonly FlowLink[] {
  const { generationKwh, importKwh, exportKwh, localKwh, chargedKwh } = sums;
  const chargedFromSun = Math.min(chargedKwh, generationKwh);
  const exportedFromSun = Math.min(exportKwh, generationKwh - chargedFromSun);
  const left = generationKwh - chargedFromSun - exportedFromSun;
  const tradedFromSun = Math.min(localKwh, left);
  // What neither sun nor grid can have given came out of stores, be it told or not.
  const fromStores = Math.max(0, exportKwh - exportedFromSun) + Math.max(0, localKwh - tradedFromSun);
  const dischargedKwh = Math.max(sums.dischargedKwh, fromStores);
  const exportedFromStores = exportKwh - exportedFromSun;
  const tradedFromStores = localKwh - tradedFromSun;
  const link = (source: FlowNode, target: FlowNode, energyKwh: number): FlowLink => ({ source, target, energyKwh });
  return [
    link("generation", "export", exportedFromSun),
    link("battery-out", "export", exportedFromStores),
    link("generation", "battery-in", chargedFromSun),
    link("generation", "load", left - tradedFromSun),
    link("generation", "neighbours", tradedFromSun),
    link("neighbours", "load", localKwh),
    link("battery-out", "neighbours", tradedFromStores),
    link("battery-out", "load", dischargedKwh - exportedFromStores - tradedFromStores),
    link("supplier", "load", importKwh),
  ].filter(({ energyKwh }) => energyKwh >= leastKwh);
}

/** What went in and out altogether. */
export function totalOf(links: readonly FlowLink[], node: FlowNode): number {
  const sum = (key: "source" | "target") =>
    links.reduce((total, link) => total + (link[key] === node ? link.energyKwh : 0), 0);
  return Math.max(sum("source"), sum("target"));
}
