/** Guests of a market over a broker: who comes while it is not up waits, and is tried again when somebody speaks. */
import type { KeyHash } from "../../market/rules/account.js";
import type { guestBook } from "../actors/market-hosts.js";
import { hashPassword } from "../registry/keys.js";
import type { Outcome } from "../registry/registry.js";

export interface GuestDoor {
  /** Who has logged in at the broker: known to the market when this resolves, or it waits. @throws Error saying why it may not come in */
  logIn(id: string, password: string): Promise<void>;
  /** Who says that it is online, member or guest. */
  hear(id: string): void;
  tryAgain(): void;
}

/** @returns `market-closed` where it is to be tried again */
export type AdmitGuest = (id: string, key: KeyHash | null) => Promise<Outcome>;

/** @param onRefused hears of guests who were let in before the market was there, and may not take part */
export function createGuestDoor(admit: AdmitGuest, onRefused: (id: string, reason: string) => void): GuestDoor {
  const waiting = new Map<string, KeyHash | null>();

  async function join(id: string, key: KeyHash | null): Promise<Outcome> {
    const outcome = await admit(id, key);
    if (!outcome.ok && outcome.code === "market-closed") waiting.set(id, key ?? waiting.get(id) ?? null);
    return outcome;
  }

  function joinLate(id: string, key: KeyHash | null): void {
    join(id, key).then(
      (outcome) => {
        if (!outcome.ok && !quiet.has(outcome.code)) onRefused(id, outcome.reason);
      },
      (error: unknown) => onRefused(id, String(error)),
    );
  }

  return {
    async logIn(id, password) {
      const outcome = await join(id, await hashPassword(password));
      if (!outcome.ok && outcome.code !== "market-closed") throw new Error(outcome.reason);
    },
    hear: (id) => joinLate(id, null),
    tryAgain() {
      if (waiting.size === 0) return; // as at nearly every message
      const before = [...waiting];
      waiting.clear();
      for (const [id, key] of before) joinLate(id, key);
    },
  };
}

/** It waits; it is no guest. */
const quiet = new Set<string>(["market-closed", "id-taken"]);

/** Guests of a market without a registrar. @param told resolves once the managers have heard of those who were admitted */
export function admittedBy(
  book: (id: string) => ReturnType<ReturnType<typeof guestBook>>,
  told: () => Promise<unknown>,
): AdmitGuest {
  return async (id) => {
    const admitted = book(id);
    if (admitted === "later") return { ok: false, code: "market-closed", reason: "a part of the market is away" };
    if (admitted === "no") return { ok: false, code: "id-taken", reason: `${id} is no guest` };
    await told();
    return { ok: true };
  };
}
