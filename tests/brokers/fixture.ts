/** A kind of broker as the conformance suite needs it: opened for one market, made to fail, and stopped. */
import type { Secrets } from "../../infra/main/secrets.js";
import type { UpOptions } from "../../infra/main/up.js";
import type { LoadedScenario } from "../../infra/scenario/loaded-scenario.js";

export interface BrokerFixture {
  readonly name: string;
  /** Why it cannot run here; undefined: it can. */
  readonly missing: string | undefined;
  open(market: MarketOfBroker): Promise<OpenBroker>;
}

export interface MarketOfBroker {
  readonly scenario: LoadedScenario;
  readonly secrets: Secrets;
  /** Where the broker's files go. */
  readonly folder: string;
}

export interface OpenBroker {
  readonly settings: Pick<UpOptions, "brokerUrl" | "natsUrl" | "distFolder">;
  /** How an observer logs in. */
  readonly observer: { readonly username: string; readonly password?: string };
  /** Whether a participant may have a second connection, as `<id>/<anything>`. */
  readonly takesSecondConnection: boolean;
  /** As `kill -9`, and started again. */
  fail(): Promise<void>;
  stop(): Promise<void>;
}
