/** To be written. */
import type { Auction } from "./mechanism.js";

export const payAsBid: Auction = {
  kind: "auction",
  name: "pay-as-bid",
  clears: "gate",
  clear: () => {
    throw new Error("pay-as-bid is not written yet");
  },
};
