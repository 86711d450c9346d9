/** The operator's switch of the inspection. */
import type { InspectionState } from "./inspection.js";

export interface InspectionSwitch {
  state(): InspectionState & {
    readonly allowsSending: boolean;
    /** Nodes of the program that is asked. */
    readonly nodes: readonly string[];
  };
  /** Turns it on or off in every program of the market. @param request `actors`: all by default; `forMinutes`: 60 */
  turn(request: {
    readonly on: boolean;
    readonly actors?: readonly string[] | undefined;
    readonly forMinutes?: number | undefined;
  }): void;
}
