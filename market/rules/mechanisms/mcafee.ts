/** To be written. */
import type { Auction } from "./mechanism.js";

export const mcafee: Auction = {
  kind: "auction",
  name: "mcafee",
  clears: "gate",
  clear: () => {
    throw new Error("mcafee is not written yet");
  },
};
