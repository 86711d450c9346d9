/** A pool has one supplier, one retail and one export price in a period: scenarios that say otherwise are refused. */
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import { mechanismsWithoutSolver } from "../../market/rules/mechanisms/catalogue.js";
import { InputError } from "../series/input-error.js";
import type { PlacedBot } from "./build-bots.js";
import type { RunContext } from "./run-series.js";
import type { ScenarioEntry } from "./scenario-schema.js";

type Offer = Omit<SupplierSpecification["tariffs"][number], "participant">;

/** @throws InputError naming the first bot whose supplier or tariff is another, where the mechanism, or a shadow, is one of our pools. */
export function checkPoolTariffs(
  entry: ScenarioEntry,
  { tariffs, guestTariff }: SupplierSpecification,
  bots: readonly PlacedBot[],
  { placeOf }: RunContext,
): void {
  const kinds = new Map<string, { kind: string }>(Object.entries(mechanismsWithoutSolver));
  const name = [entry.mechanism.name, ...entry.shadow].find((each) => kinds.get(each)?.kind === "pool");
  const [first] = tariffs;
  if (name === undefined || first === undefined) return;
  const one = `the pool ${name} has one supplier, one retail and one export price for all`;
  for (const [place, tariff] of tariffs.entries()) {
    if (isSame(tariff, first)) continue;
    const bot = bots[place];
    const key = bot?.entry.tariff === undefined ? "supplier" : "tariff";
    const problem = `${one}; ${tariff.participant} has not what ${first.participant} has`;
    throw new InputError(placeOf(bot === undefined ? [] : [...bot.path, key]), problem);
  }
  const takesNewcomers = entry.registration.mode !== "closed";
  if ((entry.guests || takesNewcomers) && !isSame(guestTariff, first)) {
    const who = entry.guests ? "guests" : "newcomers";
    const problem = `${one}; ${who} would have the first supplier's, ${first.participant} has not`;
    throw new InputError(placeOf([entry.guests ? "guests" : "registration"]), problem);
  }
}

function isSame(one: Offer, other: Offer): boolean {
  return (
    one.supplier === other.supplier &&
    isSameEverywhere(one.importMicroPerKwh, other.importMicroPerKwh) &&
    isSameEverywhere(one.exportMicroPerKwh, other.exportMicroPerKwh)
  );
}

/** An array of length 1 holds throughout. */
function isSameEverywhere(one: readonly number[], other: readonly number[]): boolean {
  const at = (prices: readonly number[], step: number): number | undefined =>
    prices.length === 1 ? prices[0] : prices[step];
  const steps = Math.max(one.length, other.length);
  for (let step = 0; step < steps; step += 1) if (at(one, step) !== at(other, step)) return false;
  return true;
}
