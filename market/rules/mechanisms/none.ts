/**
 * No market: everyone buys from and sells to the supplier at its own tariff. The reference that every other mechanism is measured by.
 *
 * No order is taken, nothing is traded, so nothing is tied, rounded or left over.
 */
import type { NoMarket } from "./mechanism.js";

export const none: NoMarket = { kind: "none", name: "none" };
