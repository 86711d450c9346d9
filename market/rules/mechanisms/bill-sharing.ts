/** To be written. */
import type { Pool } from "./mechanism.js";

export const billSharing: Pool = {
  kind: "pool",
  name: "bill-sharing",
  horizon: "month",
  prices: () => {
    throw new Error("bill-sharing is not written yet");
  },
};
