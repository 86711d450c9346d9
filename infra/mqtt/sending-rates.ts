/** What each participant may send over all its connections; a new connection does not begin anew. Observers, who share a name, by address. */
import { createAllowance } from "./allowance.js";
import type { BrokerLimits } from "./limits.js";
import type { SendingRates } from "./socket-guard.js";

export type RateLimits = Pick<
  BrokerLimits,
  | "packetsPerSecond"
  | "packetsAtOnce"
  | "bytesPerSecond"
  | "bytesAtOnce"
  | "acknowledgementsPerSecond"
  | "acknowledgementsAtOnce"
>;

export function createSendingRates(limits: RateLimits, now: () => number) {
  const bySender = new Map<string, SendingRates>();
  return {
    of(sender: string): SendingRates {
      const known = bySender.get(sender);
      if (known !== undefined) return known;
      const made: SendingRates = {
        packets: createAllowance(limits.packetsPerSecond, limits.packetsAtOnce, now),
        bytes: createAllowance(limits.bytesPerSecond, limits.bytesAtOnce, now),
        acknowledgements: createAllowance(limits.acknowledgementsPerSecond, limits.acknowledgementsAtOnce, now),
      };
      bySender.set(sender, made);
      return made;
    },
    /** Forgets those of which nothing is used: who comes again begins with the same. */
    sweep(isConnected: (sender: string) => boolean): void {
      for (const [sender, { packets, bytes, acknowledgements }] of bySender)
        if (!isConnected(sender) && packets.isFull() && bytes.isFull() && acknowledgements.isFull())
          bySender.delete(sender);
    },
  };
}
