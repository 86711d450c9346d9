/** The inspection of a simulation: all its actors, told to a file. It changes nothing in the run. */
import type { Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import { isoUtc } from "../../shared/time.js";
import { createInspection, type Inspection } from "../inspect/inspection.js";
import { openInspectionFile } from "../inspect/inspection-file.js";
import { createLayoutDesk } from "../inspect/layout-desk.js";
import { createRedaction } from "../inspect/redaction.js";
import { layoutThreadFile } from "./inspection-side.js";
import { knownSecrets } from "./known-secrets.js";
import type { Secrets } from "./secrets.js";
import { realWorld } from "./world.js";

export interface InspectionLogOptions {
  /** Where it is written. */
  readonly path: string;
  /** Patterns of the actors that are shown. */
  readonly actors: readonly string[];
  readonly scenario: string;
  readonly terms: MarketTerms;
  readonly secrets: Secrets;
  readonly distFolder: string;
  readonly marketNow: () => number;
  readonly log: Log;
}

export interface InspectionLog extends Inspection {
  /** Writes the rest and closes the file: before the actors are stopped, so that it ends with them as they were. */
  stop(): Promise<void>;
}

/** @throws Error where the file cannot be written */
export function openInspectionLog(options: InspectionLogOptions): InspectionLog {
  const { path, actors, scenario, terms, secrets, log, marketNow } = options;
  const now = () => isoUtc(marketNow());
  const from = `elecbay simulate ${scenario}`;
  const file = openInspectionFile({
    path,
    market: terms.market,
    from,
    timezone: terms.timezone,
    now,
    onBrokenOff: log.warn,
  });
  const inspection = createInspection(
    {
      ...{ market: terms.market, wall: realWorld.wall, marketNow, sink: file, log, isLossless: true },
      redaction: createRedaction(knownSecrets(terms, secrets)),
      layouts: createLayoutDesk(layoutThreadFile(options.distFolder)),
    },
    { onTurned: () => {}, onOver: () => {} },
  );
  inspection.turn(actors, undefined);
  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    await inspection.stop();
    const { leftOut } = file.close();
    if (leftOut > 0) log.warn(`${path} is full: ${leftOut} further messages of the inspection had no room`);
  }
  return {
    ...inspection,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
