/** Lets messages go their ways as their fates say: not at all, later, twice, or behind the next one that goes the same way. */
import type { MessageFault } from "./fault-plan.js";

export interface MessageWays {
  /** @param way sender or receiver and direction: the messages of one way keep their order but for their fates */
  pass(way: string, fate: MessageFault | undefined, go: () => void): void;
  /** Nothing more is to be expected for the moment: who waits to be overtaken goes. */
  flush(): void;
}

/** @param later calls back after so many ticks */
export function createMessageWays(later: (ticks: number, go: () => void) => void): MessageWays {
  const held = new Map<string, () => void>();
  return {
    pass(way, fate, go) {
      const overtaken = held.get(way);
      held.delete(way);
      if (fate === undefined) go();
      else if (fate.fault === "duplicate") {
        go();
        go();
      } else if (fate.fault === "delay") later(fate.ticks, go);
      else if (fate.fault === "reorder") held.set(way, go);
      overtaken?.();
    },
    flush() {
      for (const go of held.values()) go();
      held.clear();
    },
  };
}
