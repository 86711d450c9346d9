/** The mechanisms by name. `optimal` needs a solver, which only infra can make: it comes in as an argument. */
import type { Solver } from "../../ports.js";
import { billSharing } from "./bill-sharing.js";
import { continuous } from "./continuous.js";
import { listing } from "./listing.js";
import { mcafee } from "./mcafee.js";
import type { Mechanism, MechanismName } from "./mechanism.js";
import { midMarketRate } from "./mid-market-rate.js";
import { none } from "./none.js";
import { optimal } from "./optimal.js";
import { payAsBid } from "./pay-as-bid.js";
import { supplyDemandRatio } from "./supply-demand-ratio.js";
import { uniform } from "./uniform.js";
import { vcg } from "./vcg.js";

/** All but `optimal`. */
export const mechanismsWithoutSolver: Readonly<Record<Exclude<MechanismName, "optimal">, Mechanism>> = {
  listing,
  uniform,
  "pay-as-bid": payAsBid,
  continuous,
  mcafee,
  vcg,
  "mid-market-rate": midMarketRate,
  "supply-demand-ratio": supplyDemandRatio,
  "bill-sharing": billSharing,
  none,
};

export function mechanismNamed(name: MechanismName, solver: () => Solver): Mechanism {
  return name === "optimal" ? optimal(solver()) : mechanismsWithoutSolver[name];
}
