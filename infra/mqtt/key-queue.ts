/**
 * Keys are hashed off the broker's thread, a few at once, and who waits for it waits in a queue with an end: a thousand wrong passwords
 * keep nobody waiting who trades. An address that brought wrong ones waits before the next is looked at; one that is known already does not.
 */
import { isLoopback } from "./counted-address.js";
import type { BrokerLimits } from "./limits.js";

/** Too many wait already. */
export class BusyError extends Error {}

export interface KeyQueue {
  /** Resolves with what `compare` finds, in its turn. @throws BusyError at once where too many wait */
  compare(address: string, compare: () => Promise<boolean>): Promise<boolean>;
  /** A wrong password came from there. */
  failed(address: string): void;
  /** Resolves when the address has waited for its failures. @throws BusyError at once where too many wait */
  penance(address: string): Promise<void>;
}

export type KeyQueueLimits = Pick<
  BrokerLimits,
  | "mostHashedAtOnce"
  | "mostLoginsWaiting"
  | "mostLoginsWaitingOfAddress"
  | "freeFailures"
  | "delayPerFailureMs"
  | "longestDelayMs"
  | "failuresKeptForMs"
  | "mostAddressesKept"
>;

export interface KeyQueueClock {
  readonly now: () => number;
  readonly wait: (delayMs: number) => Promise<void>;
}

export function createKeyQueue(limits: KeyQueueLimits, { now, wait }: KeyQueueClock): KeyQueue {
  const failures = new Map<string, { count: number; lastMs: number }>();
  const waitingOf = new Map<string, number>();
  let waiting = 0;
  let hashing = 0;
  const next: (() => void)[] = [];

  async function waitingHere<T>(address: string, work: () => Promise<T>): Promise<T> {
    const own = waitingOf.get(address) ?? 0;
    const isFull = own >= limits.mostLoginsWaitingOfAddress && !isLoopback(address);
    if (waiting >= limits.mostLoginsWaiting || isFull)
      throw new BusyError("too many logins at once: come again in a moment");
    waiting += 1;
    waitingOf.set(address, own + 1);
    try {
      return await work();
    } finally {
      waiting -= 1;
      const left = (waitingOf.get(address) ?? 1) - 1;
      if (left > 0) waitingOf.set(address, left);
      else waitingOf.delete(address);
    }
  }

  function failuresOf(address: string): number {
    const known = failures.get(address);
    return known === undefined || now() - known.lastMs > limits.failuresKeptForMs ? 0 : known.count;
  }

  function delayOf(address: string): number {
    const beyond = Math.max(0, failuresOf(address) - limits.freeFailures);
    return Math.min(limits.longestDelayMs, beyond * limits.delayPerFailureMs);
  }

  async function inTurn(compare: () => Promise<boolean>): Promise<boolean> {
    if (hashing >= limits.mostHashedAtOnce) await new Promise<void>((resolve) => next.push(resolve));
    else hashing += 1;
    try {
      return await compare();
    } finally {
      const following = next.shift();
      if (following === undefined) hashing -= 1;
      else following(); // in its place
    }
  }

  return {
    compare: (address, compare) =>
      waitingHere(address, async () => {
        const delayMs = delayOf(address);
        if (delayMs > 0) await wait(delayMs);
        return inTurn(compare);
      }),
    failed(address) {
      const count = failuresOf(address) + 1;
      failures.delete(address); // so that it comes last, and is the last to be forgotten
      failures.set(address, { count, lastMs: now() });
      const [oldest] = failures.keys();
      if (failures.size > limits.mostAddressesKept && oldest !== undefined) failures.delete(oldest);
    },
    async penance(address) {
      const delayMs = delayOf(address);
      if (delayMs > 0) await waitingHere(address, () => wait(delayMs));
    },
  };
}
