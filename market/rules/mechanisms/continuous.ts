/** To be written. */
import type { Auction } from "./mechanism.js";

export const continuous: Auction = {
  kind: "auction",
  name: "continuous",
  clears: "arrival",
  clear: () => {
    throw new Error("continuous is not written yet");
  },
};
