/** What strangers are told of the charges that come on top of a price: those that are not 0. */
import { majorFromMicro } from "../../../shared/decimal.js";
import type { MarketInfo } from "../../../shared/messages/public.js";
import type { SettlementTerms } from "../../terms.js";

/** Millionths of a whole as percent. */
const percentOf = (millionths: number): number => millionths / 10_000;

export function feeInfo(terms: SettlementTerms) {
  const {
    serviceChargeMillionths,
    gridFeeMicroPerKwh,
    localGridFeeMicroPerKwh,
    levies,
    vatMillionths,
    standingChargeMicroPerDay,
  } = terms;
  const hasGridFee = gridFeeMicroPerKwh !== 0 || localGridFeeMicroPerKwh !== 0;
  return {
    serviceChargePerKwh: majorFromMicro(terms.serviceChargeMicroPerKwh),
    ...(serviceChargeMillionths === 0 ? {} : { serviceChargePercent: percentOf(serviceChargeMillionths) }),
    ...(hasGridFee ? { gridFeePerKwh: majorFromMicro(gridFeeMicroPerKwh) } : {}),
    ...(hasGridFee ? { localGridFeePerKwh: majorFromMicro(localGridFeeMicroPerKwh) } : {}),
    ...(levies.length === 0
      ? {}
      : { levies: levies.map(({ name, microPerKwh }) => ({ name, pricePerKwh: majorFromMicro(microPerKwh) })) }),
    ...(vatMillionths === 0 ? {} : { vatPercent: percentOf(vatMillionths) }),
    ...(standingChargeMicroPerDay === 0 ? {} : { standingChargePerDay: majorFromMicro(standingChargeMicroPerDay) }),
  } satisfies Partial<MarketInfo>;
}
