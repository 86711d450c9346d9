/**
 * What a bot is made of: its devices and its strategy, as plain data that crosses a thread boundary.
 *
 * Series hold one whole number of Wh per delivery period, from `fromMs` on, without gaps; what lies outside is 0 unless
 * `repeats` says that the series starts again (a typical day).
 */
import type { MicroPerKwh, Watt, Wh } from "../../shared/units.js";

export interface EnergySeries {
  readonly fromMs: number;
  readonly periodMinutes: number;
  readonly energyWh: Int32Array;
  readonly repeats: boolean;
}

/** How a bot forecasts a device (elecbay.md 0, rule 9). `perfect` sees the future and is labelled foresight. */
export type ForecastMethod = "persistence" | "trend" | "perfect";

export interface LoadDevice {
  readonly kind: "load";
  readonly series: EnergySeries;
  /** Standard deviation of a factor drawn per period around 1; 0: the meter is the series. */
  readonly disturbance: number;
  readonly forecast: ForecastMethod;
}

export interface SolarDevice {
  readonly kind: "solar";
  readonly peakW: Watt;
  readonly series: EnergySeries;
  readonly disturbance: number;
  readonly forecast: ForecastMethod;
}

export interface BatteryDevice {
  readonly kind: "battery";
  readonly capacityWh: Wh;
  readonly powerW: Watt;
  /** Round trip, in (0, 1]; its square root is lost each way. */
  readonly efficiency: number;
  readonly initialWh: Wh;
}

export type Device = LoadDevice | SolarDevice | BatteryDevice;

export interface StrategySpecification {
  readonly name: "price-taker" | "zero-intelligence";
  /** Largest share of the tariff's spread that a price taker asks for itself, drawn per order in [0, margin]. */
  readonly margin: number;
  /** Lists its surplus and browses the list before it goes to the auction. */
  readonly usesList: boolean;
  /** Items of owners who have kept less of their promises than this share are not ordered: 0 to 1. */
  readonly minReliability: number;
}

export interface BotSpecification {
  readonly id: string;
  readonly market: string;
  readonly seed: number;
  readonly devices: readonly Device[];
  readonly strategy: StrategySpecification;
  /** Price band within which zero intelligence draws its quotes. */
  readonly priceFloorMicroPerKwh: MicroPerKwh;
  readonly priceCapMicroPerKwh: MicroPerKwh;
}
