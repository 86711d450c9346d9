/**
 * The supplier of last resort as plain data: what it charges and pays each participant, and the prices of imbalance.
 *
 * Prices are whole millionths of the currency per kWh. Each array holds one price per `stepMinutes` from `fromMs` on; an array of
 * length 1 holds throughout. Source: elecbay.md 0, rules 2 and 3.
 */
import type { MicroPerKwh } from "../../shared/units.js";

export interface ParticipantTariff {
  readonly participant: string;
  readonly supplier: string;
  /** What the participant pays per kWh drawn. */
  readonly importMicroPerKwh: readonly MicroPerKwh[];
  /** What the participant receives per kWh fed in. */
  readonly exportMicroPerKwh: readonly MicroPerKwh[];
}

export interface SupplierSpecification {
  /** Of the first supplier, whose system prices hold for all. */
  readonly name: string;
  readonly market: string;
  readonly fromMs: number;
  readonly stepMinutes: number;
  /** Paid by whoever is short; retail + penalty by default. */
  readonly systemBuyMicroPerKwh: readonly MicroPerKwh[];
  /** Received by whoever is long; export - penalty by default. */
  readonly systemSellMicroPerKwh: readonly MicroPerKwh[];
  readonly tariffs: readonly ParticipantTariff[];
  /** What a guest pays and receives until somebody gives it a tariff of its own. */
  readonly guestTariff: Omit<ParticipantTariff, "participant">;
  /** Milligrams of CO2 in each kWh from the grid; undefined: not known. */
  readonly carbonMilligramPerKwh: readonly number[] | undefined;
}
