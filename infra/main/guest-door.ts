/** Guests of a market over a broker: who comes while it is not up waits, and is tried again when somebody speaks. */
import type { guestBook } from "../actors/market-hosts.js";

export interface GuestDoor {
  /** Makes a guest known to the managers, or lets it wait. */
  join(id: string): Promise<void>;
  tryAgain(): void;
}

/** @param told resolves once the managers have heard of those who were admitted */
export function createGuestDoor(
  admit: (id: string) => ReturnType<ReturnType<typeof guestBook>>,
  told: () => Promise<unknown>,
): GuestDoor {
  const waiting = new Set<string>();
  const join = async (id: string): Promise<void> => {
    const admitted = admit(id);
    if (admitted === "later") waiting.add(id);
    if (admitted === "told") await told();
  };
  return {
    join,
    tryAgain() {
      const before = [...waiting];
      waiting.clear();
      for (const id of before) void join(id);
    },
  };
}
