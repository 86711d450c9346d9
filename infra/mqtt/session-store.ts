/**
 * What the embedded broker keeps in memory: retained messages, and sessions that outlast their connection, each with its subscriptions and
 * what waits for it. Bounded: so many sessions of one user, so many messages for each, and none for ever.
 *
 * aedes hands over all filters of a packet, those that it has refused too; kept are those that the owner may read, and when it comes back
 * those that it may read still.
 */
import { Readable } from "node:stream";
import type { Client } from "aedes";
import type { BrokerLimits } from "./limits.js";
import type { RefusalCause } from "./refusals.js";
import { createTopicTree } from "./topic-tree.js";

/** What aedes makes and numbers, as far as it matters here. */
interface Packet {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly brokerId: string;
  readonly brokerCounter: number;
  messageId: number | undefined;
}
/** The second half of a handshake at QoS 2 holds no payload. */
const bytesOf = (packet: Partial<Pick<Packet, "payload">> | undefined): number => packet?.payload?.length ?? 0;

/**
 * Goes on at once and not a turn later, as a promise would: a message that is not retained would go by one that is, and aedes gives a reader
 * of both only the later one (its `dedupe` takes a message with a lower number for one that was there).
 */
const done: PromiseLike<undefined> = {
  // biome-ignore lint/suspicious/noThenProperty: being awaited is what it is for
  then(onDone) {
    onDone?.(undefined);
    return Promise.resolve() as Promise<never>;
  },
};

/** A payload is a part of all that came with it: what is kept is kept alone. */
function ownCopy(packet: Packet): Packet {
  const { payload } = packet;
  return { ...packet, payload: typeof payload === "string" ? payload : Buffer.from(payload) };
}

type Named = Pick<Client, "id">;
interface Filter {
  readonly topic: string;
  readonly qos: number;
}

interface Session {
  readonly id: string;
  readonly owner: string;
  readonly filters: Map<string, number>;
  queue: Packet[];
  queuedBytes: number;
  /** Undefined while somebody is connected. */
  offlineSinceMs: number | undefined;
}

export interface SessionStoreOptions {
  readonly limits: Pick<
    BrokerLimits,
    | "mostSessionsOfUser"
    | "mostObserverSessions"
    | "mostQueued"
    | "mostQueuedBytes"
    | "mostQueuedBytesInAll"
    | "sessionKeptForMs"
  >;
  readonly now: () => number;
  /** Who is logged in on a connection. */
  readonly ownerOf: (client: Named) => { readonly name: string; readonly isObserver: boolean };
  readonly mayRead: (client: Named, filter: string) => boolean;
  readonly onRefused: (cause: RefusalCause, what: string, reason: string) => void;
}

export type SessionStore = ReturnType<typeof createSessionStore>;

export function createSessionStore({ limits, now, ownerOf, mayRead, onRefused }: SessionStoreOptions) {
  const retained = createTopicTree<Packet>();
  const sessions = new Map<string, Session>();
  /** By filter: the sessions that want it, with their QoS. */
  const wanted = createTopicTree<Map<string, number>>();
  /** Ids of messages at QoS 2 whose handshake is not over: what they hold was delivered when they came. */
  const halfDone = new Map<string, Set<number>>();
  const wills = new Map<string, object>();
  let queuedBytesInAll = 0;
  let broker: { readonly id: string } | undefined;

  function want(session: Session, filter: string, qos: number): void {
    session.filters.set(filter, qos);
    const own = wanted.get(filter) ?? new Map<string, number>();
    if (qos > 0) own.set(session.id, qos);
    else own.delete(session.id);
    if (own.size > 0) wanted.set(filter, own);
    else wanted.delete(filter);
  }

  function forget(session: Session): void {
    for (const filter of session.filters.keys()) want(session, filter, 0);
    sessions.delete(session.id);
    halfDone.delete(session.id);
    queuedBytesInAll -= session.queuedBytes;
  }

  /** @throws Error where its user has too many, all of them connected */
  function sessionOf(client: Named): Session {
    const known = sessions.get(client.id);
    if (known !== undefined) return known;
    const { name, isObserver } = ownerOf(client);
    const most = isObserver ? limits.mostObserverSessions : limits.mostSessionsOfUser;
    const own = [...sessions.values()].filter(({ owner }) => owner === name);
    if (own.length >= most) {
      const oldest = own
        .filter(({ offlineSinceMs }) => offlineSinceMs !== undefined)
        .reduce<Session | undefined>(
          (first, one) => ((first?.offlineSinceMs ?? Infinity) <= (one.offlineSinceMs ?? 0) ? first : one),
          undefined,
        );
      const reason = `${name} has ${most} sessions that outlast their connections`;
      onRefused("session", `a session of ${client.id}`, oldest === undefined ? reason : `${reason}: ${oldest.id} goes`);
      if (oldest === undefined) throw new Error(reason);
      forget(oldest);
    }
    const made: Session = {
      ...{ id: client.id, owner: name, filters: new Map(), queue: [] },
      ...{ queuedBytes: 0, offlineSinceMs: undefined },
    };
    sessions.set(client.id, made);
    return made;
  }

  function enqueue(session: Session, packet: Packet): void {
    const bytes = bytesOf(packet);
    const { mostQueued, mostQueuedBytes, mostQueuedBytesInAll } = limits;
    if (
      session.queue.length >= mostQueued ||
      session.queuedBytes + bytes > mostQueuedBytes ||
      queuedBytesInAll + bytes > mostQueuedBytesInAll
    ) {
      onRefused("queue", `a message for ${session.id}`, `${session.queue.length} wait for it already`);
      return;
    }
    session.queue.push({ ...packet, messageId: undefined });
    session.queuedBytes += bytes;
    queuedBytesInAll += bytes;
  }

  function keepReadable(session: Session, client: Named): void {
    for (const filter of [...session.filters.keys()]) {
      if (mayRead(client, filter)) continue;
      want(session, filter, 0);
      session.filters.delete(filter);
    }
    const isReadable = ({ topic }: Partial<Packet>): boolean => topic === undefined || mayRead(client, topic);
    for (const packet of session.queue) if (!isReadable(packet)) free(session, bytesOf(packet));
    session.queue = session.queue.filter(isReadable);
  }

  function takeFrom(session: Session, place: number): Packet | undefined {
    const [taken] = session.queue.splice(place, 1);
    free(session, bytesOf(taken));
    return taken;
  }

  function free(session: Session, bytes: number): void {
    session.queuedBytes -= bytes;
    queuedBytesInAll -= bytes;
  }

  return {
    /** What aedes asks of a persistence. */
    persistence: {
      async setup(of: { readonly id: string }): Promise<void> {
        broker = of;
      },
      storeRetained(packet: Packet): PromiseLike<undefined> {
        if (packet.payload.length === 0) retained.delete(packet.topic);
        else retained.set(packet.topic, ownCopy(packet));
        return done;
      },
      createRetainedStreamCombi: (filters: readonly string[]) =>
        Readable.from(filters.flatMap((filter) => retained.ofFilter(filter))),
      async addSubscriptions(client: Named, filters: readonly Filter[]): Promise<void> {
        const session = sessionOf(client);
        for (const { topic, qos } of filters) if (mayRead(client, topic)) want(session, topic, qos);
      },
      async removeSubscriptions(client: Named, filters: readonly string[]): Promise<void> {
        const session = sessions.get(client.id);
        for (const filter of filters) {
          if (session?.filters.has(filter) !== true) continue;
          want(session, filter, 0);
          session.filters.delete(filter);
        }
      },
      async subscriptionsByClient(client: Named): Promise<Filter[]> {
        return [...(sessions.get(client.id)?.filters ?? [])].map(([topic, qos]) => ({ topic, qos }));
      },
      async subscriptionsByTopic(topic: string) {
        const found = new Map<string, number>();
        for (const own of wanted.ofTopic(topic))
          for (const [id, qos] of own) found.set(id, Math.max(qos, found.get(id) ?? 0));
        return [...found].map(([clientId, qos]) => ({ clientId, topic, qos }));
      },
      async cleanSubscriptions(client: Named): Promise<void> {
        const session = sessions.get(client.id);
        if (session !== undefined) forget(session);
      },
      async outgoingEnqueue({ clientId }: { readonly clientId: string }, packet: Packet): Promise<void> {
        const session = sessions.get(clientId);
        if (session !== undefined) enqueue(session, ownCopy(packet));
      },
      async outgoingEnqueueCombi(subscribers: readonly { readonly clientId: string }[], packet: Packet): Promise<void> {
        if (subscribers.length === 0) return;
        const copy = ownCopy(packet); // one for all
        for (const { clientId } of subscribers) {
          const session = sessions.get(clientId);
          if (session !== undefined) enqueue(session, copy);
        }
      },
      /** Sent: numbered, or at the next step of its handshake. @throws Error where it was not kept */
      async outgoingUpdate(client: Named, packet: Packet): Promise<void> {
        const session = sessions.get(client.id);
        for (const [place, one] of session?.queue.entries() ?? []) {
          if (one.brokerId === packet.brokerId && one.brokerCounter === packet.brokerCounter) {
            one.messageId = packet.messageId;
            return;
          }
          if (session !== undefined && one.brokerId !== packet.brokerId && one.messageId === packet.messageId) {
            session.queue[place] = packet;
            return free(session, bytesOf(one) - bytesOf(packet));
          }
        }
        throw new Error("no such packet");
      },
      async outgoingClearMessageId(client: Named, packet: Packet): Promise<Packet | undefined> {
        const session = sessions.get(client.id);
        const place = session?.queue.findIndex(({ messageId }) => messageId === packet.messageId) ?? -1;
        return session === undefined || place < 0 ? undefined : takeFrom(session, place);
      },
      outgoingStream: (client: Named) => Readable.from([...(sessions.get(client.id)?.queue ?? [])]),
      async incomingStorePacket(client: Named, { messageId }: Packet): Promise<void> {
        const ids = halfDone.get(client.id) ?? new Set();
        if (messageId !== undefined) halfDone.set(client.id, ids.add(messageId));
      },
      /** @throws Error where it is new */
      async incomingGetPacket(client: Named, packet: Packet): Promise<Packet> {
        if (packet.messageId !== undefined && halfDone.get(client.id)?.has(packet.messageId) === true) return packet;
        throw new Error("no such packet");
      },
      /** @throws Error where it is over */
      async incomingDelPacket(client: Named, packet: Packet): Promise<void> {
        const ids = halfDone.get(client.id);
        if (packet.messageId === undefined || ids?.delete(packet.messageId) !== true) throw new Error("no such packet");
        if (ids.size === 0) halfDone.delete(client.id);
      },
      async cleanIncoming(client: Named): Promise<void> {
        halfDone.delete(client.id);
      },
      async putWill(client: Named, will: object): Promise<void> {
        wills.set(client.id, Object.assign(will, { brokerId: broker?.id, clientId: client.id }));
      },
      async delWill(client: Named): Promise<object | undefined> {
        const will = wills.get(client.id);
        wills.delete(client.id);
        return will;
      },
      /** Of other brokers: there are none. */
      streamWill: () => Readable.from([]),
      async destroy(): Promise<void> {},
    },
    /** What is kept of the topics of a filter. */
    retainedOf: (filter: string): Packet[] => retained.ofFilter(filter),
    /** Somebody has logged in again, who may be allowed less than when its session was made: what it may not read any more goes. */
    loggedIn(client: Named): void {
      const session = sessions.get(client.id);
      if (session !== undefined) keepReadable(session, client);
    },
    cameOnline(id: string): void {
      const session = sessions.get(id);
      if (session !== undefined) session.offlineSinceMs = undefined;
    },
    /** A connection has ended. */
    wentOffline(id: string): void {
      const session = sessions.get(id);
      if (session === undefined) halfDone.delete(id);
      else session.offlineSinceMs = now();
    },
    /** Forgets the sessions that nobody has come back to. */
    sweep(): void {
      const before = now() - limits.sessionKeptForMs;
      for (const session of [...sessions.values()])
        if (session.offlineSinceMs !== undefined && session.offlineSinceMs < before) forget(session);
    },
    counts: () => ({ sessions: sessions.size, queuedBytes: queuedBytesInAll }),
  };
}
