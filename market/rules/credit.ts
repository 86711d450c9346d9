/**
 * Credit: what an order may cost at worst is held from its owner's funds while it is open (elecbay.md 0, rule 5).
 *
 * A buyer's hold is limit price x energy with the fees that come on top; a seller's is what it loses where it delivers nothing,
 * (SBP - ask) x energy, with the service charge. A negative ask costs its seller at least itself. Tax on a seller's shortfall is
 * not held: what a meter brings may take a balance below the limit. A negative limit, or fee, lowers no hold.
 * Stages: held at placement; held anew after each change; at the gate, or when filled, what was traded is captured at its own
 * price and the rest released; captured holds end when settlement tells the funds that contain the period.
 * Free = funds + limit - all holds. Units: millionths; every part of a hold is rounded up.
 */
import { majorFromMicro } from "../../shared/decimal.js";
import { type Micro, type MicroPerKwh, micro, type Wh } from "../../shared/units.js";
import type { Side, Trade } from "../facts.js";
import type { SettlementTerms } from "../terms.js";
import { assertInvariant } from "./invariants.js";
import type { Item } from "./item.js";
import { type Order, openWh } from "./order.js";
import { type PeriodBook, type Rejection, rejected } from "./period-book.js";
import { shareRoundedUp, valueRoundedUp } from "./value.js";

/** What an order, item or trade exposes one side to. */
export interface Exposure {
  readonly side: Side;
  /** What is open, or was traded. */
  readonly energyWh: Wh;
  /** The own limit, or the own price of a trade. */
  readonly priceMicroPerKwh: MicroPerKwh;
}

export type FeeTerms = Pick<
  SettlementTerms,
  "serviceChargeMicroPerKwh" | "serviceChargeMillionths" | "localGridFeeMicroPerKwh" | "levies" | "vatMillionths"
>;

/** What a hold depends on besides the order itself. */
export interface HoldTerms {
  readonly fees: FeeTerms;
  /** SBP of the order's period. */
  readonly systemBuyMicroPerKwh: MicroPerKwh;
}

/** Refuses what the sender's free funds do not cover; asked where `credit-exceeded` stands in the list of codes. */
export type CreditCheck = (exposure: Exposure) => Rejection | undefined;

/** The hold of one order, item or trade. Never negative. */
export function holdFor(exposure: Exposure, { fees, systemBuyMicroPerKwh }: HoldTerms): Micro {
  const { side, energyWh, priceMicroPerKwh: price } = exposure;
  const perKwh = (priceMicroPerKwh: number) => valueRoundedUp(energyWh, Math.max(0, priceMicroPerKwh));
  let charges: number = perKwh(fees.serviceChargeMicroPerKwh);
  if (side === "sell") {
    charges += shareRoundedUp(perKwh(Math.abs(price)), fees.serviceChargeMillionths);
    const atRisk = perKwh(Math.max(systemBuyMicroPerKwh - price, -price));
    return micro(atRisk + charges + shareRoundedUp(charges, fees.vatMillionths));
  }
  const value = perKwh(price);
  charges += shareRoundedUp(value, fees.serviceChargeMillionths) + perKwh(fees.localGridFeeMicroPerKwh);
  for (const { microPerKwh } of fees.levies) charges += perKwh(microPerKwh);
  return micro(value + charges + shareRoundedUp(value + charges, fees.vatMillionths));
}

/** The hold of what is open of an item or order. */
export function openHold(object: Item | Order, terms: HoldTerms): Micro {
  return holdFor(object.kind === "order" ? { ...object, energyWh: openWh(object) } : object, terms);
}

/** What all open items and orders of a participant in one period hold. */
export function openHolds(book: PeriodBook, participant: string, terms: HoldTerms): Micro {
  let heldMicro = 0;
  for (const id of book.liveOf.get(participant) ?? []) {
    const object = book.items.get(id) ?? book.orders.get(id);
    if (object !== undefined) heldMicro += openHold(object, terms);
  }
  return micro(heldMicro);
}

/** What its contracts of one period hold of each of those who have `limited` funds. */
export function capturedHolds(
  trades: readonly Trade[],
  terms: HoldTerms,
  limited: (participant: string) => boolean,
): Map<string, Micro> {
  const held = new Map<string, Micro>();
  const capture = (participant: string, exposure: Exposure): void => {
    if (!limited(participant)) return;
    held.set(participant, micro((held.get(participant) ?? 0) + holdFor(exposure, terms)));
  };
  for (const { buyer, seller, energyWh, priceMicroPerKwh, sellerPriceMicroPerKwh } of trades) {
    capture(buyer, { side: "buy", energyWh, priceMicroPerKwh });
    capture(seller, { side: "sell", energyWh, priceMicroPerKwh: sellerPriceMicroPerKwh ?? priceMicroPerKwh });
  }
  return held;
}

/** What one participant may hold, and holds: by period, while it is open and once it is contracted. */
export interface CreditAccount {
  /** What settlement granted last: the balance, deposit included. Undefined before the first grant. */
  fundsMicro: Micro | undefined;
  readonly open: Map<number, Micro>;
  readonly captured: Map<number, Micro>;
  /** By payment, until settlement's funds contain it. */
  readonly payouts: Map<string, Micro>;
  /** Sum of all holds. */
  heldMicro: Micro;
}

export function createCreditAccount(): CreditAccount {
  return { fundsMicro: undefined, open: new Map(), captured: new Map(), payouts: new Map(), heldMicro: micro(0) };
}

/** Puts one period's hold of a stage in the place of the one before; 0 ends it. */
export function setHold(
  account: CreditAccount,
  stage: "open" | "captured",
  periodMs: number,
  holdMicro: Micro | undefined,
): void {
  const hold = holdMicro ?? micro(0);
  assertInvariant(hold >= 0, `a hold is never negative, got ${hold} millionths`);
  account.heldMicro = micro(account.heldMicro - (account[stage].get(periodMs) ?? 0) + hold);
  if (hold === 0) account[stage].delete(periodMs);
  else account[stage].set(periodMs, hold);
}

/** Holds what is to be paid out; held once, however often it is asked for. */
export function holdPayout(account: CreditAccount, paymentId: string, amountMicro: Micro): void {
  assertInvariant(amountMicro > 0, `a payout is more than 0, got ${amountMicro} millionths`);
  releasePayout(account, paymentId);
  account.payouts.set(paymentId, amountMicro);
  account.heldMicro = micro(account.heldMicro + amountMicro);
}

/** Once the funds contain it, or it was refused. */
export function releasePayout(account: CreditAccount, paymentId: string): void {
  account.heldMicro = micro(account.heldMicro - (account.payouts.get(paymentId) ?? 0));
  account.payouts.delete(paymentId);
}

/** Whether the free funds bear `holdMicro` in the place of `insteadMicro`; what does not hold more is always borne. */
export function creditExceeded(
  account: CreditAccount | undefined,
  limitMicro: Micro,
  holdMicro: Micro,
  insteadMicro: Micro,
): Rejection | undefined {
  if (holdMicro <= insteadMicro) return undefined;
  if (account?.fundsMicro === undefined) {
    return rejected("credit-exceeded", "Your funds are not known yet: nothing may be held from them.");
  }
  const freeMicro = account.fundsMicro + limitMicro - account.heldMicro + insteadMicro;
  if (holdMicro <= freeMicro) return undefined;
  const [hold, free, funds, limit, held] = [
    holdMicro,
    freeMicro,
    account.fundsMicro,
    limitMicro,
    account.heldMicro - insteadMicro,
  ].map(majorFromMicro);
  const sum = `funds ${funds} + limit ${limit} - ${held} held already`;
  return rejected("credit-exceeded", `This would hold ${hold}, ${free} are free: ${sum}.`);
}
