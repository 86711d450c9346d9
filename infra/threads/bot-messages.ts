/** What a bots' thread and the program tell each other. */
import type { ChargeReport } from "../../agents/prosumer/mind.js";
import type { BotSpecification } from "../../agents/prosumer/specification.js";
import type { FaultPlan } from "../chaos/fault-plan.js";

export interface BotThreadData {
  readonly url: string;
  readonly bots: readonly { readonly specification: BotSpecification; readonly password: string }[];
  /** For tests: holds messages up by random times of up to so many milliseconds, their order kept. */
  readonly delay?: { readonly seed: number; readonly mostMs: number };
  /** They say on their status how their battery stands: for whoever watches. */
  readonly tellsState?: boolean;
  /** Whose clocks go wrong and whose meters stop, where somebody asked for it. */
  readonly faults?: FaultPlan;
}

export type FromBots =
  | { readonly type: "online"; readonly id: string }
  | {
      readonly type: "note";
      readonly id: string;
      readonly level: "info" | "warn";
      readonly message: string;
      readonly values: Record<string, unknown>;
    }
  | { readonly type: "failed"; readonly id: string; readonly message: string }
  | ({ readonly type: "report"; readonly id: string } & ChargeReport);

export type ToBots = { readonly type: "stop" };
