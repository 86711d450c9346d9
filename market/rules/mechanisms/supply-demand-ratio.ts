/** To be written. */
import type { Pool } from "./mechanism.js";

export const supplyDemandRatio: Pool = {
  kind: "pool",
  name: "supply-demand-ratio",
  horizon: "period",
  prices: () => {
    throw new Error("supply-demand-ratio is not written yet");
  },
};
