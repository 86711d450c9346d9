/** What came out of a period's gate, for everybody: prices, sums, and the merit order without names; again after the DSO's cuts. */
import { kwhFromWh, majorFromMicro } from "../../../shared/decimal.js";
import { isoUtc } from "../../../shared/time.js";
import { type Wh, wh } from "../../../shared/units.js";
import type { Trade } from "../../facts.js";
import { energyOf } from "../../rules/cut-figures.js";
import type { Closing } from "../../rules/period-book-closing.js";
import type { BiddingDesk } from "./desk.js";
import { majorOrNull } from "./publish.js";

/** `standing`: the trades that are left. The price stays the one that was cleared. */
export function publishResults(
  desk: BiddingDesk,
  periodMs: number,
  closing: Closing,
  standing: readonly Trade[] = closing.trades,
): void {
  const { auction } = closing;
  const steps = (side: readonly (readonly [number, number])[]) =>
    side.map(([price, energyWh]) => [majorFromMicro(price), kwhFromWh(energyWh)]);
  const volumeWh = wh(energyOf(standing));
  desk.ports.outbox.publish(
    desk.topics.publicPeriod("results", periodMs),
    {
      v: 1,
      ts: isoUtc(desk.ports.clock.now()),
      period: isoUtc(periodMs),
      mechanism: desk.ports.mechanism.name,
      ...sumsOf(closing, standing.length, volumeWh),
      priceLow: majorOrNull(auction.lowMicroPerKwh),
      priceHigh: majorOrNull(auction.highMicroPerKwh),
      cutKwh: kwhFromWh(wh(closing.volumeWh - volumeWh)),
      bids: steps(auction.bids),
      asks: steps(auction.asks),
    },
    true,
  );
}

export function publishPrice(desk: BiddingDesk, periodMs: number, closing: Closing): void {
  const sums = sumsOf(closing, closing.trades.length, closing.volumeWh);
  const message = { v: 1, ts: isoUtc(desk.ports.clock.now()), period: isoUtc(periodMs), ...sums };
  desk.ports.outbox.publish(desk.topics.public("price"), message, true);
}

function sumsOf({ priceMicroPerKwh, offeredWh, wantedWh }: Closing, tradeCount: number, volumeWh: Wh) {
  return {
    pricePerKwh: majorOrNull(priceMicroPerKwh),
    volumeKwh: kwhFromWh(volumeWh),
    offeredKwh: kwhFromWh(offeredWh),
    wantedKwh: kwhFromWh(wantedWh),
    tradeCount,
  };
}
