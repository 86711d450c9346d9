/** To be written. */
import type { Auction } from "./mechanism.js";

export const vcg: Auction = {
  kind: "auction",
  name: "vcg",
  clears: "gate",
  clear: () => {
    throw new Error("vcg is not written yet");
  },
};
