/** What the journals of a run tell of it beside its terms, so that it can be replayed without its scenario. */
import { dirname } from "node:path";
import type { RunAbout } from "../journal/run-record.js";
import { ownMechanismCode } from "../mechanisms/own-mechanism.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import type { Secrets } from "./secrets.js";

/** @throws InputError where a mechanism of one's own cannot be compiled */
export async function aboutRun(scenario: LoadedScenario, secrets: Secrets): Promise<RunAbout> {
  const { terms, path, description, trueStepMinutes, foresight } = scenario;
  const mechanismCode = await ownMechanismCode(terms.bidding.mechanism, dirname(path));
  return {
    ...{ description, trueStepMinutes, foresight, simulated: simulatedInput(scenario) },
    statementKey: secrets.statementKey(),
    ...(mechanismCode === undefined ? {} : { mechanismCode }),
  };
}

/** What of the input is made up rather than measured. */
export function simulatedInput({ bots }: LoadedScenario): string[] {
  const devices = bots.flatMap((bot) => bot.devices);
  const disturbed = (["load", "solar"] as const).filter((kind) =>
    devices.some((device) => device.kind === kind && device.disturbance > 0),
  );
  const hasBattery = devices.some(({ kind }) => kind === "battery");
  return [...disturbed.map((kind) => `disturbance of ${kind}`), ...(hasBattery ? ["batteries"] : [])];
}
