/** To be written: what a listing market makes of a flat book. */
import type { Auction } from "./mechanism.js";

export const listing: Auction = {
  kind: "auction",
  name: "listing",
  clears: "list",
  clear: () => {
    throw new Error("listing is not written yet");
  },
};
