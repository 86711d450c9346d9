/** What the inspections of a market over a broker and of a simulation have in common. */
import { join } from "node:path";
import type { OnLife } from "../actors/market-hosts.js";
import type { Inspection } from "../inspect/inspection.js";

/** The bundled layout-thread.ts. */
export function layoutThreadFile(distFolder: string): string {
  return join(distFolder, "layout-thread.js");
}

/** Actors of processes, each life of theirs at its node. */
export function onLifeOf(inspection: Pick<Inspection, "node">): OnLife {
  return (node, seen) => inspection.node(node).add(seen);
}
