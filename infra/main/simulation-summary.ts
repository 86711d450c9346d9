/** What a simulation's summary tells beside its results: who was absent, what batteries held, what was made up. */
import type { Kpis } from "../../market/rules/kpi.js";
import { kpiSummary } from "../../market/rules/kpi-figures.js";
import type { FaultSummary } from "../chaos/fault-summary.js";
import type { LockstepRun } from "../lockstep/lockstep-run.js";
import type { SummaryInput } from "../results/summary.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import type { BatteryReport } from "../threads/swarm.js";
import { programVersion } from "../version.js";
import { simulatedInput } from "./run-about.js";

export interface SimulationOutcome {
  readonly kpis: Kpis;
  /** As they were noted, side by side. */
  readonly absences: LockstepRun["absences"];
  readonly batteries: readonly BatteryReport[];
  /** Undefined where nothing went wrong on purpose. */
  readonly faults: FaultSummary | undefined;
  /** False: it was stopped early. */
  readonly complete: boolean;
}

export function simulationSummary(
  scenario: LoadedScenario,
  { kpis, absences, batteries, faults, complete }: SimulationOutcome,
): SummaryInput {
  const { terms } = scenario;
  return {
    scenario: scenario.name,
    description: scenario.description,
    seed: terms.seed,
    ...{ programVersion, nodeVersion: process.version, complete },
    trueStepMinutes: scenario.trueStepMinutes,
    ...{ currency: terms.currency, mechanism: terms.bidding.mechanism, foresight: scenario.foresight },
    kpis: { ...kpiSummary(kpis) },
    absences: [...absences].sort((one, other) => one.seq - other.seq || (one.participant < other.participant ? -1 : 1)),
    storage: storageOf(scenario, batteries),
    simulated: simulatedInput(scenario),
    ...(faults === undefined ? {} : { faults }),
  };
}

/** All batteries together; null where no bot has one. */
function storageOf(scenario: LoadedScenario, reports: readonly BatteryReport[]) {
  const hasBattery = scenario.bots.some(({ devices }) => devices.some(({ kind }) => kind === "battery"));
  if (!hasBattery) return null;
  const sum = (of: (report: BatteryReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  return {
    startWh: sum(({ initialWh }) => initialWh),
    endWh: sum(({ socWh }) => socWh),
    chargedFromOwnWh: sum(({ origin }) => origin.chargedWh.own),
    chargedFromGridWh: sum(({ origin }) => origin.chargedWh.grid),
    endFromGridWh: sum(({ origin }) => origin.storedWh.grid),
  };
}
