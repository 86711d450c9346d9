/** What a bots' thread and the program tell each other. */
import type { ChargeReport } from "../../agents/prosumer/mind.js";
import type { BotSpecification } from "../../agents/prosumer/specification.js";
import type { FaultPlan } from "../chaos/fault-plan.js";
import type { ActorPatterns } from "../inspect/actor-patterns.js";
import type { Sent } from "../inspect/actor-tap.js";
import type { TellingPace, Told } from "../inspect/told.js";

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
  /** What the inspection of a bot tells. */
  | { readonly type: "told"; readonly id: string; readonly told: Told }
  | { readonly type: "sent"; readonly request: number; readonly sent: Sent }
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

export type ToBots =
  | { readonly type: "stop" }
  /** Shows the bots of these patterns and no others. `tapFile`: the bundled inspection. */
  | {
      readonly type: "show";
      readonly patterns: ActorPatterns;
      readonly pace: TellingPace;
      readonly marketNowMs: number;
      readonly tapFile: string;
    }
  /** Tells what is still to be told; answered. */
  | { readonly type: "flush"; readonly request: number }
  | {
      readonly type: "send";
      readonly request: number;
      readonly id: string;
      readonly actor: string;
      readonly event: { readonly type: string };
    };
