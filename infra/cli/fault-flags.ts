/** The faults file of a command line, with what its flags must not be. */
import { CommanderError } from "commander";
import type { FaultPlan } from "../chaos/fault-plan.js";
import { loadFaults } from "../chaos/load-faults.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";

interface FaultFlags {
  readonly faults?: string;
  readonly broker?: string;
  /** False: `--no-journal`. */
  readonly journal?: boolean;
}

/** @throws InputError, or CommanderError where the flags do not go together */
export function faultsFor(
  { faults, journal = true, broker }: FaultFlags,
  scenario: LoadedScenario,
): FaultPlan | undefined {
  if (faults === undefined) return undefined;
  const plan = loadFaults(faults, scenario);
  if (!journal)
    throw complaint("--faults needs the journal, from which managers are made again; leave --no-journal out");
  if (broker !== undefined && plan.entries.some(({ fault }) => fault === "pause-broker"))
    throw complaint("only the embedded broker can be paused; leave --broker or pause-broker out");
  return plan;
}

function complaint(text: string): CommanderError {
  process.stderr.write(`error: ${text}\n`);
  return new CommanderError(2, "elecbay.faults", text);
}
