/** A scenario read, checked and ready to run: everything the composition root hands to the market and its actors, as plain data. */
import type { EnvironmentSpecification } from "../../agents/environment/specification.js";
import type { BotSpecification } from "../../agents/prosumer/specification.js";
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import type { RegistrationPolicy } from "../../market/rules/registration.js";
import type { MarketTerms } from "../../market/terms.js";

export interface LoadedScenario {
  readonly name: string;
  readonly description: string;
  /** The scenario's file, as it was given. */
  readonly path: string;
  /** Name of the chosen set; null where the scenario has none. */
  readonly set: string | null;
  readonly terms: MarketTerms;
  /** Names of mechanisms that clear every period's book without effect. */
  readonly shadow: readonly string[];
  readonly bots: readonly BotSpecification[];
  readonly supplier: SupplierSpecification;
  readonly environment: EnvironmentSpecification;
  /** The first delivery period of the run: the first whose gate lies at least four ticks after the clock's start. */
  readonly firstPeriodMs: number;
  /** The scenario's own number of periods, whatever the command line says; `terms.calendar.periods` is what will be run. */
  readonly defaultPeriods: number;
  /** Every series repeats: the market may go on after its periods (then `terms.calendar.periods` may be taken as undefined). */
  readonly endless: boolean;
  /** Longest own step of the load and solar data, in minutes. */
  readonly trueStepMinutes: number;
  /** A bot forecasts with the data itself (elecbay.md 0, rule 9). */
  readonly foresight: boolean;
  /** A stranger may take a free id. */
  readonly guests: boolean;
  /** Who may register while the market runs. */
  readonly registration: RegistrationPolicy;
  /** Market time over wall time in scaled mode. */
  readonly speed: number;
}
