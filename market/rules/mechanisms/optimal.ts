/** To be written. */
import type { Solver } from "../../ports.js";
import type { Auction } from "./mechanism.js";

export function optimal(_solver: Solver): Auction {
  return {
    kind: "auction",
    name: "optimal",
    clears: "gate",
    clear: () => {
      throw new Error("optimal is not written yet");
    },
  };
}
