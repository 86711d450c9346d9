/**
 * Which mechanism has which property: what docs/mechanisms.md says. A test tries every "yes" on many books and looks for a counterexample to
 * every "no", so that neither can be wrong in silence.
 *
 * Whatever is not named here is a "yes".
 */
import type { MechanismName } from "../../../market/rules/mechanisms/mechanism.js";
import type { PropertyName } from "./property.js";

/** `no`: false on some book, and why. `-`: it cannot be asked. */
export interface Exception {
  readonly answer: "no" | "-";
  readonly why: string;
}

const no = (why: string): Exception => ({ answer: "no", why });
const cannot = (why: string): Exception => ({ answer: "-", why });

const pairsOthers = no("its interval is from the lowest to the highest price traded, and one order more pairs others");
const noPoint = cannot("it has a price pair, no interval");
const pool: Partial<Record<PropertyName, Exception>> = {
  limits: no("it takes all metered energy at its price, whatever the limit"),
  welfare: cannot("it asks nobody's limit"),
  interval: noPoint,
  truth: cannot("it asks nobody's limit"),
};

const leaver = no("one order more can take the place of the price setters, who then stay");
const nobody = cannot("nobody trades");

export const exceptions: Readonly<Record<MechanismName, Partial<Record<PropertyName, Exception>>>> = {
  listing: {
    welfare: no("who comes first takes the cheapest item, though another would pay more for it"),
    arrivals: no("first come, first served is its rule"),
    interval: pairsOthers,
    truth: no("a seller is paid its own price, so it gains by asking more"),
  },
  uniform: {
    truth: no("whoever's limit is an end of the interval moves the price by it"),
  },
  "pay-as-bid": {
    interval: pairsOthers,
    truth: no("each trade is priced by its own bid and ask, so shading pays"),
  },
  continuous: {
    welfare: no("fills are final: an early order can take what a later one would have paid more for"),
    arrivals: no("time is its rule: the earlier order makes the price"),
    interval: pairsOthers,
    truth: no("the resting order makes the price, so it gains by asking more or bidding less"),
  },
  mcafee: {
    balanced: no("buyers pay more than sellers get where the price setters leave: a surplus, never a deficit"),
    "no-surplus": no("where the price setters leave, their spread on the rest is the named funder's"),
    welfare: no("the trade that sets the prices is given up"),
    arrivals: no("which of equal orders sets the prices and leaves, their arrival says"),
    splitting: no("whole orders leave: of a split price setter only a part does"),
    interval: leaver,
  },
  vcg: {
    balanced: no("buyers pay less than sellers get: a deficit, never a surplus"),
    "no-deficit": no("its deficit is the price of truth; the named funder bears it"),
  },
  "mid-market-rate": pool,
  "supply-demand-ratio": pool,
  "bill-sharing": pool,
  optimal: {
    truth: no("its price is in uniform's interval: whoever's limit is an end of it moves the price"),
  },
  none: {
    welfare: no("nobody trades"),
    interval: nobody,
  },
};
