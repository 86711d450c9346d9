/**
 * Supply while the market runs: what a supplier offers its customers, and who is with which supplier, each from a delivery period on.
 *
 * A change is for a period to come, never for one that has begun: what was begun at a price is settled at it. Of two for the same period the
 * later word holds. Prices lie within the market's band. A participant goes to a supplier whose offer is known by then: the market's own, or
 * one that the operator has told. In a pool all have one supplier and one tariff for good (elecbay.md 0, rule 6). Nothing is rounded.
 */
import { majorFromMicro } from "../../shared/decimal.js";
import type { WireCustomer, WireOffer } from "../../shared/messages/manage.js";
import { instantFromIso } from "../../shared/time.js";
import type { MicroPerKwh } from "../../shared/units.js";
import type { Account, AccountRefusal } from "./account.js";

export interface SupplySetting {
  /** Of the market, whose offer holds for newcomers; undefined: suppliers stay as they are. */
  readonly supplier: string | undefined;
  /** As told so far. */
  readonly offers: readonly WireOffer[];
  readonly nowMs: number;
  /** Whether an instant is the start of a delivery period of this run. */
  readonly isPeriod: (instantMs: number) => boolean;
  readonly priceFloorMicroPerKwh: MicroPerKwh;
  readonly priceCapMicroPerKwh: MicroPerKwh;
}

/** Changes are kept for good. */
export const mostChanges = 10_000;

/** @returns why an offer is not taken; undefined: it is */
export function refusedOffer(offer: WireOffer, setting: SupplySetting): AccountRefusal | undefined {
  const refusal = refusedChange(offer, setting);
  if (refusal !== undefined) return refusal;
  const [floor, cap] = [setting.priceFloorMicroPerKwh, setting.priceCapMicroPerKwh].map(majorFromMicro);
  const out = pricesOf(offer).find((price) => price < (floor ?? 0) || price > (cap ?? 0));
  if (out !== undefined)
    return refused(`${out} lies outside the market's band of ${floor} to ${cap}: nobody could trade at it`);
  if (setting.offers.length >= mostChanges) return refused(`there are ${mostChanges} offers already`);
  const usesClock = offer.importBands !== undefined || offer.exportBands !== undefined;
  return usesClock && offer.offsets === undefined ? refused("bands need the clock that they go by") : undefined;
}

/** @returns why somebody does not go to a supplier; undefined: it does */
export function refusedCustomer(
  customer: WireCustomer,
  account: Account,
  setting: SupplySetting & { readonly changes: number },
): AccountRefusal | undefined {
  const refusal = refusedChange(customer, setting);
  if (refusal !== undefined) return refusal;
  if (account.role !== "prosumer") return refused(`${account.id} is a ${account.role}: it has no supplier`);
  if (setting.changes >= mostChanges) return refused(`there are ${mostChanges} changes of suppliers already`);
  const fromMs = instantFromIso(customer.from) ?? 0;
  const isKnown =
    customer.supplier === setting.supplier ||
    setting.offers.some(
      ({ supplier, from }) => supplier === customer.supplier && (instantFromIso(from) ?? 0) <= fromMs,
    );
  if (isKnown) return undefined;
  const reason = `no offer of ${customer.supplier} holds at ${customer.from}: tell its tariff first`;
  return { code: "unknown-supplier", reason };
}

function refusedChange({ from }: { readonly from: string }, setting: SupplySetting): AccountRefusal | undefined {
  if (setting.supplier === undefined) return refused("in this market all have one supplier and one tariff for good");
  const fromMs = instantFromIso(from);
  if (fromMs === undefined || !setting.isPeriod(fromMs)) return refused(`${from} is no delivery period of this market`);
  if (fromMs > setting.nowMs) return undefined;
  return { code: "period-begun", reason: `the period of ${from} has begun: a change is for one to come` };
}

function pricesOf({ importPerKwh, exportPerKwh, importBands = [], exportBands = [] }: WireOffer): number[] {
  const ofBands = [...importBands, ...exportBands].map(({ pricePerKwh }) => pricePerKwh);
  return [...importPerKwh, ...exportPerKwh, ...ofBands];
}

const refused = (reason: string): AccountRefusal => ({ code: "tariff-refused", reason });
