/** Terms of an auction for tests: the middle of the interval, pro rata, any energy, the default price band. */
import type { AuctionTerms } from "../../../market/rules/mechanisms/mechanism.js";
import { microPerKwh, wh } from "../../../shared/units.js";

export const plainAuction: AuctionTerms = {
  k: 0.5,
  tie: "pro-rata",
  minEnergyWh: wh(1),
  priceFloorMicroPerKwh: microPerKwh(-100_000_000),
  priceCapMicroPerKwh: microPerKwh(100_000_000),
};
