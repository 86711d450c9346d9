/**
 * The market's own connections to its embedded broker, which is a thread of the same program: the same topics, the same access list and the
 * same order as over a socket, but messages go from thread to thread, those of a turn in one piece, and nobody takes MQTT packets apart.
 *
 *   connected ── the broker's thread ends ──► away ── another one has started ──► logged in and subscribed again ──► connected
 *
 * What was published and not acknowledged when the thread ended is published again, as MQTT clients do at QoS 1. Last wills are not left
 * with the broker: it ends with the program that they would tell of.
 */
import { type Connect, type Connection, type ConnectionOptions, refusedFilters } from "./connection.js";
import { heardInTurns } from "./heard-in-turns.js";
import type { FromInside, HeardBatch, ToInside } from "./inside-messages.js";

export interface InsideConnections {
  readonly connect: Connect;
  /** A broker's thread has started. */
  attach(tell: (message: ToInside) => void): void;
  /** It has ended. */
  detach(): void;
  take(message: FromInside): void;
}

interface Own {
  readonly id: number;
  readonly options: ConnectionOptions;
  readonly filters: Set<string>;
  isConnected: boolean;
  isEnding: boolean;
  /** Published and not acknowledged. */
  outstanding: number;
  /** Published while the broker was away. */
  waiting: Sent[];
  whenFlushed: (() => void)[];
  /** Of the first login. */
  opened: ((refusal: string | undefined) => void) | undefined;
}

interface Sent {
  readonly own: Own;
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

interface Asked {
  readonly own: Own;
  answer(refused: readonly string[]): void;
  fail(error: Error): void;
}

const isAway = (username: string): Error => new Error(`${username} cannot reach the MQTT broker: it is being started`);

export function createInsideConnections(): InsideConnections {
  const owns = new Map<number, Own>();
  let tell: ((message: ToInside) => void) | undefined;
  let hear = (_batch: HeardBatch): void => {};
  let gathered: Sent[] = [];
  let isFlushAsked = false;
  const posted = new Map<number, readonly Sent[]>();
  const asked = new Map<number, Asked>();
  let [lastId, lastBatch, lastAsk] = [0, 0, 0];

  /** With what it hears: all are told of before anything is published, so that nobody misses what another publishes again. */
  function login({ id, filters, options: { username, password, clientId } }: Own): void {
    tell?.({ type: "inside-open", id, username, password, clientId, filters: [...filters] });
  }

  function gather(sent: Sent): void {
    gathered.push(sent);
    if (isFlushAsked) return;
    isFlushAsked = true;
    setImmediate(flush);
  }

  function flush(): void {
    isFlushAsked = false;
    const batch = gathered;
    if (batch.length === 0 || tell === undefined) return;
    gathered = [];
    lastBatch += 1;
    posted.set(lastBatch, batch);
    tell({
      ...{ type: "inside-sent", batch: lastBatch, ids: batch.map(({ own }) => own.id) },
      ...{ topics: batch.map(({ topic }) => topic), payloads: batch.map(({ payload }) => payload) },
      retain: batch.map(({ retain }) => retain),
    });
  }

  function acknowledge(own: Own): void {
    own.outstanding -= 1;
    if (own.outstanding > 0) return;
    for (const resolve of own.whenFlushed.splice(0)) resolve();
  }

  function ask(own: Own, type: "inside-subscribe" | "inside-unsubscribe", filters: readonly string[]) {
    return new Promise<readonly string[]>((answer, fail) => {
      if (tell === undefined || !own.isConnected) return fail(isAway(own.options.username));
      lastAsk += 1;
      asked.set(lastAsk, { own, answer, fail });
      flush(); // what was published before comes before
      tell({ type, id: own.id, ask: lastAsk, filters });
    });
  }

  /** Logged in: the first time, or to a broker that has forgotten it. */
  function opened(own: Own, refusal: string | undefined): void {
    if (refusal !== undefined) {
      if (own.opened === undefined) own.options.onError?.(new Error(refusal));
      else owns.delete(own.id);
      own.opened?.(refusal);
      return;
    }
    own.isConnected = true;
    for (const sent of own.waiting.splice(0)) gather(sent);
    own.options.onConnect?.();
    own.opened?.(undefined);
    own.opened = undefined;
  }

  /** Of one thread: what it sent is told to it alone. */
  const hearing = (thread: (message: ToInside) => void): typeof hear =>
    heardInTurns(
      (id, topic, payload, retained) => owns.get(id)?.options.onMessage(topic, payload, retained),
      ({ ids, bytes }) => thread({ type: "inside-heard", messages: ids.length, bytes: bytes.length }),
    );

  function connectionOf(own: Own): Connection {
    const { username, url } = own.options;
    const flushed = (): Promise<void> =>
      own.outstanding === 0 ? Promise.resolve() : new Promise((resolve) => own.whenFlushed.push(resolve));
    return {
      publish(topic, payload, retain) {
        if (own.isEnding) return;
        own.outstanding += 1;
        const sent: Sent = { own, topic, payload, retain };
        if (own.isConnected) gather(sent);
        else own.waiting.push(sent);
      },
      async subscribe(filters) {
        if (filters.length === 0) return;
        const refused = await ask(own, "inside-subscribe", filters);
        for (const filter of filters) if (!refused.includes(filter)) own.filters.add(filter);
        if (refused.length > 0) throw refusedFilters(refused, { url, username });
      },
      async unsubscribe(filters) {
        for (const filter of filters) own.filters.delete(filter);
        if (filters.length > 0) await ask(own, "inside-unsubscribe", filters);
      },
      isConnected: () => own.isConnected,
      unacknowledged: () => own.outstanding,
      flushed,
      async end(withinMs = 2000) {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, withinMs);
        });
        await Promise.race([flushed(), late]);
        clearTimeout(timer);
        [own.isEnding, own.isConnected] = [true, false];
        owns.delete(own.id);
        tell?.({ type: "inside-close", id: own.id });
      },
    };
  }

  return {
    connect: (options) =>
      new Promise((resolve, reject) => {
        if (tell === undefined) return reject(isAway(options.username));
        lastId += 1;
        const own: Own = {
          ...{ id: lastId, options, filters: new Set<string>(), isConnected: false, isEnding: false },
          ...{ outstanding: 0, waiting: [], whenFlushed: [] },
          opened: (refusal) =>
            refusal === undefined
              ? resolve(connectionOf(own))
              : reject(new Error(`${options.username} cannot connect to the MQTT broker: ${refusal}`)),
        };
        owns.set(own.id, own);
        login(own);
      }),
    attach(given) {
      tell = given;
      hear = hearing(given);
      for (const own of owns.values()) login(own);
    },
    detach() {
      tell = undefined;
      const lost = [...posted.values()].flat();
      posted.clear();
      for (const sent of [...lost, ...gathered.splice(0)]) if (!sent.own.isEnding) sent.own.waiting.push(sent);
      for (const { own, fail } of asked.values()) fail(isAway(own.options.username));
      asked.clear();
      for (const own of [...owns.values()]) {
        if (own.opened !== undefined) opened(own, "it ended");
        if (!own.isConnected) continue;
        own.isConnected = false;
        own.options.onDisconnect?.();
      }
    },
    take(message) {
      switch (message.type) {
        case "inside-messages":
          return hear(message);
        case "inside-taken": {
          const batch = posted.get(message.batch) ?? [];
          posted.delete(message.batch);
          for (const { own } of batch) acknowledge(own);
          return;
        }
        case "inside-answered":
          asked.get(message.ask)?.answer(message.refused);
          return void asked.delete(message.ask);
        case "inside-opened": {
          const own = owns.get(message.id);
          // What a thread has said may come after the news of its end.
          if (own !== undefined && tell !== undefined) opened(own, message.refusal);
        }
      }
    },
  };
}
