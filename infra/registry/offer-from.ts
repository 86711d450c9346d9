/** An offer as the operator writes it, as the market is told it: prices by the clock come with the clock that they go by. */
import { DateTime } from "luxon";
import type { WireOffer } from "../../shared/messages/manage.js";
import { dayMs, isoUtc, minuteMs } from "../../shared/time.js";
import type { TimeOfUse } from "../scenario/price-schema.js";
import { zoneOf } from "../scenario/run-series.js";

/** One that holds throughout, one per period from the first on, or by the clock of the market's timezone. */
export type OfferPrice = number | { readonly prices: readonly number[] } | TimeOfUse;

export interface OfferRequest {
  readonly supplier: string;
  readonly fromMs: number;
  readonly import: OfferPrice;
  readonly export: OfferPrice;
}

/** Clock changes are told that far ahead; after them the last one stands. */
const daysAhead = 20 * 366;

export function offerFrom(request: OfferRequest, timezone: string): WireOffer {
  const [paid, received] = [request.import, request.export];
  const importBands = bandsOf(paid);
  const exportBands = bandsOf(received);
  const usesClock = importBands !== undefined || exportBands !== undefined;
  return {
    ...{ supplier: request.supplier, from: isoUtc(request.fromMs) },
    ...{ importPerKwh: seriesOf(paid), exportPerKwh: seriesOf(received) },
    ...(importBands === undefined ? {} : { importBands }),
    ...(exportBands === undefined ? {} : { exportBands }),
    ...(usesClock ? { offsets: offsetsFrom(request.fromMs, timezone) } : {}),
  };
}

function seriesOf(price: OfferPrice): number[] {
  if (typeof price === "number") return [price];
  return "prices" in price ? [...price.prices] : [price.otherwise];
}

function bandsOf(price: OfferPrice): WireOffer["importBands"] {
  if (typeof price === "number" || "prices" in price) return undefined;
  return price.timeOfUse.map(({ price: pricePerKwh, ...band }) => ({ ...band, pricePerKwh }));
}

/** The distance of local time to UTC at `fromMs`, and each change of it after that. */
export function offsetsFrom(fromMs: number, timezone: string): NonNullable<WireOffer["offsets"]> {
  const zone = zoneOf(timezone);
  const offsetAt = (atMs: number): number => DateTime.fromMillis(atMs, { zone }).offset;
  const offsets = [{ from: isoUtc(fromMs), minutes: offsetAt(fromMs) }];
  let before = offsetAt(fromMs);
  for (let day = 1; day <= daysAhead; day += 1) {
    const untilMs = fromMs + day * dayMs;
    const minutes = offsetAt(untilMs);
    if (minutes === before) continue;
    let [low, high] = [untilMs - dayMs, untilMs];
    while (high - low > minuteMs) {
      const middle = low + Math.floor((high - low) / (2 * minuteMs)) * minuteMs;
      if (offsetAt(middle) === minutes) high = middle;
      else low = middle;
    }
    offsets.push({ from: isoUtc(high), minutes });
    before = minutes;
  }
  return offsets;
}
