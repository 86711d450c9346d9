/**
 * Connections of the embedded broker, counted in all, by address and by user. When there is no room the oldest that has not logged in makes
 * it: idle sockets keep nobody out.
 *
 * Loopback is not counted by address: the market's own processes and a swarm of bots come from there.
 */
import type { Standing } from "./access.js";
import { isLoopback } from "./counted-address.js";
import type { BrokerLimits } from "./limits.js";
import type { RefusalCause } from "./refusals.js";
import type { SocketGuard } from "./socket-guard.js";

export interface Visitor {
  readonly address: string;
  readonly guard: SocketGuard;
}

export type ConnectionBook = ReturnType<typeof createConnectionBook>;

export type ConnectionLimits = Pick<
  BrokerLimits,
  | "mostConnections"
  | "mostConnectionsOfAddress"
  | "mostConnectionsOfUser"
  | "mostObservers"
  | "mostUnreadBytesInAll"
  | "unreadForMs"
>;

export function createConnectionBook(limits: ConnectionLimits, now: () => number) {
  const visitors = new Set<Visitor>();
  /** In the order of coming. */
  const strangers = new Set<Visitor>();
  const byAddress = new Map<string, number>();
  /** Client ids by user. */
  const byUser = new Map<string, Map<Visitor, string>>();
  const userOf = new WeakMap<Visitor, string>();
  /** Of who has something waiting: what it had taken when that was looked at, and since when no more. */
  const unreadSince = new WeakMap<Visitor, { readonly takenBytes: number; readonly sinceMs: number }>();

  const mostOf = (standing: Standing): number => {
    if (standing.kind === "participant") return limits.mostConnectionsOfUser;
    return standing.kind === "observer" ? limits.mostObservers : Number.POSITIVE_INFINITY;
  };

  return {
    /** @returns why it may not come in; undefined: it is in the book */
    enter(visitor: Visitor): { readonly cause: RefusalCause; readonly reason: string } | undefined {
      const { address } = visitor;
      const own = byAddress.get(address) ?? 0;
      if (!isLoopback(address) && own >= limits.mostConnectionsOfAddress)
        return { cause: "connections-of-address", reason: `${own} connections from ${address} already` };
      if (visitors.size >= limits.mostConnections) {
        const [oldest] = strangers;
        const reason = `${visitors.size} connections already`;
        if (oldest === undefined) return { cause: "connections", reason };
        this.leave(oldest);
        oldest.guard.breach("connections", `${reason}, and no login on this one yet`);
      }
      visitors.add(visitor);
      strangers.add(visitor);
      byAddress.set(address, own + 1);
      return undefined;
    },
    /** @returns why it may not log in; undefined: it is counted as this user's. A client id that is taken over counts once. */
    logIn(visitor: Visitor, user: string, clientId: string, standing: Standing): string | undefined {
      const own = byUser.get(user) ?? new Map<Visitor, string>();
      if (own.size >= mostOf(standing) && ![...own.values()].includes(clientId))
        return `${own.size} connections of ${user} already`;
      if (!visitors.has(visitor)) return undefined; // it has ended meanwhile
      byUser.set(user, own.set(visitor, clientId));
      userOf.set(visitor, user);
      strangers.delete(visitor);
      return undefined;
    },
    leave(visitor: Visitor): void {
      if (!visitors.delete(visitor)) return;
      strangers.delete(visitor);
      const left = (byAddress.get(visitor.address) ?? 1) - 1;
      if (left > 0) byAddress.set(visitor.address, left);
      else byAddress.delete(visitor.address);
      const user = userOf.get(visitor) ?? "";
      const own = byUser.get(user);
      own?.delete(visitor);
      if (own?.size === 0) byUser.delete(user);
    },
    /** Cuts off who does not read: for too long, or, of all, the longest backlogs while they are too much together. */
    sweep(): void {
      let unread = 0;
      for (const visitor of visitors) {
        const bytes = visitor.guard.unreadBytes();
        unread += bytes;
        const takenBytes = visitor.guard.takenBytes();
        const before = unreadSince.get(visitor);
        if (bytes === 0) unreadSince.delete(visitor);
        else if (before?.takenBytes !== takenBytes) unreadSince.set(visitor, { takenBytes, sinceMs: now() });
        else if (now() - before.sinceMs > limits.unreadForMs)
          visitor.guard.breach("unread", `${bytes} bytes wait for a reader that does not read`);
      }
      if (unread <= limits.mostUnreadBytesInAll) return;
      const longestFirst = [...visitors].sort((one, other) => other.guard.unreadBytes() - one.guard.unreadBytes());
      for (const { guard } of longestFirst) {
        if (unread <= limits.mostUnreadBytesInAll) return;
        unread -= guard.unreadBytes();
        guard.breach("unread", `${guard.unreadBytes()} bytes wait for it, ${unread} more for others`);
      }
    },
    count: () => visitors.size,
    has: (user: string) => byUser.has(user),
  };
}
