/** The uniform-price call auction as a mechanism: see ../uniform-auction.ts. */
import { uniformAuction } from "../uniform-auction.js";
import type { Auction } from "./mechanism.js";

export const uniform: Auction = { kind: "auction", name: "uniform", clears: "gate", clear: uniformAuction };
