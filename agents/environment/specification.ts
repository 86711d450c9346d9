/**
 * What the environment publisher knows: solar output, temperature and the typical consumption of a local day, as plain data.
 *
 * Series hold one value per delivery period from `fromMs` on; one that `repeats` starts again after its last value (a typical day),
 * outside another one the output is 0 and the temperature unknown.
 */
export interface EnvironmentSeries {
  readonly fromMs: number;
  readonly values: readonly number[];
  readonly repeats: boolean;
}

/** A day of the scenario's timezone: its date, and its first instant in UTC milliseconds. */
export interface LocalDay {
  readonly date: string;
  readonly fromMs: number;
}

export interface EnvironmentSpecification {
  readonly market: string;
  readonly seed: number;
  readonly periodMinutes: number;
  /** Global irradiance, W/m2, mean over the period. */
  readonly solarOutputWm2: EnvironmentSeries;
  /** Degrees Celsius, mean over the period; null where the scenario has none. */
  readonly temperatureC: EnvironmentSeries | null;
  /** Typical consumption of one home by local clock time, kW: one value per period, the first starts at 00:00; 24 h long. */
  readonly typicalKw: readonly number[];
  /**
   * Every local day that the run touches, ascending, and one more; a day of a clock change is 23 or 25 h long. An endless run has
   * those of its first 400 days: later ones are 24 h long each.
   */
  readonly days: readonly LocalDay[];
}
