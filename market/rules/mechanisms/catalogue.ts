/** The mechanisms by name, but `optimal`: it needs a solver, which only infra can make. */
import { billSharing } from "./bill-sharing.js";
import { continuous } from "./continuous.js";
import { listing } from "./listing.js";
import { mcafee } from "./mcafee.js";
import type { Mechanism, MechanismName } from "./mechanism.js";
import { midMarketRate } from "./mid-market-rate.js";
import { none } from "./none.js";
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
