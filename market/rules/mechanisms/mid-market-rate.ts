/** To be written. */
import type { Pool } from "./mechanism.js";

export const midMarketRate: Pool = {
  kind: "pool",
  name: "mid-market-rate",
  horizon: "period",
  prices: () => {
    throw new Error("mid-market-rate is not written yet");
  },
};
