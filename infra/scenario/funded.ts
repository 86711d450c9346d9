/** A live market must know who bears what a truthful auction leaves over or lacks (elecbay.md 0, rule 7); a simulation need not. */
import type { MarketTerms } from "../../market/terms.js";
import { InputError } from "../series/input-error.js";

/** Mechanisms whose buyers and sellers have two prices. */
const truthful: readonly string[] = ["mcafee", "vcg"];

/** @throws InputError where the scenario's mechanism needs a funder and has none. */
export function assertFunded({ path, terms }: { readonly path: string; readonly terms: MarketTerms }): void {
  const { mechanism } = terms.bidding;
  if (!truthful.includes(mechanism) || terms.settlement.funder !== undefined) return;
  throw new InputError(
    { file: path, column: "mechanism.funder" },
    `buyers and sellers of ${mechanism} have two prices, so a live market needs somebody who bears the difference: name a funder, or shared; elecbay simulate runs without`,
  );
}
