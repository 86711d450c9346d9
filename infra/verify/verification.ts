/** What the check of one run works on. */
import type { Reading } from "../../market/facts.js";
import type { CutSums } from "../../market/rules/cut-figures.js";
import type { MarketQuality } from "../../market/rules/market-quality.js";
import type { Audit } from "../results/audit.js";
import type { PeriodRows } from "../results/period-rows.js";
import type { SettledTariff } from "../results/rows.js";
import type { LedgerCheck } from "./ledger-check.js";
import type { PeriodStreams } from "./period-streams.js";
import type { PoolCheck } from "./pool-check.js";
import type { ResultFolder } from "./result-folder.js";
import type { Settler } from "./settle-again.js";
import type { StatementCheck } from "./statement-check.js";

export interface Verification {
  readonly folder: ResultFolder;
  readonly streams: PeriodStreams;
  readonly settler: Settler;
  readonly pool: PoolCheck;
  /** Whether prices are made at the end of the local month. */
  readonly isPricedByMonth: boolean;
  readonly ledger: LedgerCheck;
  readonly statements: StatementCheck;
  readonly audit: Audit;
  readonly rows: PeriodRows;
  readonly quality: MarketQuality;
  readonly cuts: CutSums;
  readonly orderIds: Set<string>;
  readonly tariffs: Map<string, SettledTariff>;
  readonly correctedLater: ReadonlySet<string>;
  /** Readings that count, of periods that have later ones. */
  readonly readings: Map<number, Map<string, Reading>>;
}
