/**
 * The order of facts-in-order.ts for actors that are worked together: what one says is told when another that leads has taken it.
 * A sender's facts wait for settlement to take what they were handed over with.
 */
import type { Fact } from "../../market/facts.js";
import type { HostedRole } from "../journal/hosted-actor.js";

export interface FactsHeld {
  /** @param handed number of the last hand-over that went out with them; undefined: none did */
  said(role: HostedRole, facts: readonly Fact[], handed: number | undefined): void;
  /** Settlement takes hand-over `n` of `sender`. */
  taken(sender: HostedRole, n: number): void;
  end(): void;
}

export function createFactsHeld(tell: (fact: Fact) => void): FactsHeld {
  const waiting = new Map<HostedRole, { facts: Fact[]; handed: number | undefined }[]>();

  function release(sender: HostedRole, n: number): void {
    const batches = waiting.get(sender) ?? [];
    const last = batches.findLastIndex(({ handed }) => handed !== undefined && handed <= n);
    for (const { facts } of batches.splice(0, last + 1)) for (const fact of facts) tell(fact);
  }

  return {
    said(role, facts, handed) {
      if (role === "settlement") {
        for (const fact of facts) tell(fact);
        return;
      }
      const batches = waiting.get(role) ?? [];
      waiting.set(role, batches);
      if (facts.length > 0 || handed !== undefined) batches.push({ facts: [...facts], handed });
    },
    taken: release,
    end() {
      for (const batches of waiting.values())
        for (const { facts } of batches.splice(0)) for (const fact of facts) tell(fact);
    },
  };
}
