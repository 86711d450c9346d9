/** What the market's processes need of the machine that they run on: the program has the real one, the simulator its own. */
import type { Clock } from "../../market/managers/alarm.js";
import { type Connect, openConnection } from "../mqtt/connection.js";

export interface World {
  /** Wall time and timers. */
  readonly wall: Clock;
  readonly connect: Connect;
  /** Calls back once all that has come in this turn is worked. */
  readonly atEndOfTurn: (callback: () => void) => void;
}

export const realWorld: World = {
  wall: {
    now: () => Date.now(),
    setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  },
  connect: openConnection,
  atEndOfTurn: (callback) => void setImmediate(callback),
};
