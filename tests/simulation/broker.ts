/**
 * A broker in memory that behaves as MQTT 3.1.1 may, at its worst.
 *
 * A connection is two queues, each in order, each with delays of its own. What is under way when it breaks is lost; at QoS 1 the sender
 * sends again what was not acknowledged, so that it may come twice, and later than what was sent after it elsewhere. A session that is
 * kept gets what came meanwhile, one that is not has to subscribe anew. A last will goes out when the broker notices, or when the same
 * client comes back. A restart breaks all connections and may forget sessions, retained messages, or both.
 */
import { covers } from "./topic-filter.js";
import type { Wall } from "./wall.js";

export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface BrokerChance {
  /** Milliseconds that a packet takes. */
  latencyMs(): number;
  /** Whether this packet is sent once more without need. */
  repeats(): boolean;
  /** Milliseconds until the broker notices that a connection has gone. */
  noticedAfterMs(): number;
}

export interface ClientOptions {
  readonly clientId: string;
  /** True: the broker forgets the session when the connection ends. */
  readonly clean: boolean;
  readonly will?: { readonly topic: string; readonly payload: string };
  readonly onMessage: (topic: string, payload: string, retained: boolean) => void;
  /** Each time a connection stands; where `present` is false the broker holds no session of this client. */
  readonly onConnect: (present: boolean) => void;
  readonly onDisconnect: () => void;
}

export interface Client {
  isConnected(): boolean;
  publish(topic: string, payload: string, retain: boolean): void;
  /** `done` is told false where the connection broke before the broker had answered. */
  subscribe(filters: readonly string[], done: (granted: boolean) => void): void;
  unacknowledged(): number;
  /** Gone for good, as a killed process is: no more calls come. */
  vanish(): void;
}

export interface Broker {
  connect(options: ClientOptions): Client;
  /** Breaks the connection of a client; it may come back after `awayMs`. */
  breakConnection(clientId: string, awayMs: number): void;
  /** Everybody may connect again. */
  heal(): void;
  restart(how: { readonly keepsSessions: boolean; readonly keepsRetained: boolean; readonly downMs: number }): void;
  clientIds(): readonly string[];
  readonly retained: ReadonlyMap<string, string>;
}

/** One connection while it stands. */
interface Pipe {
  readonly client: ClientState;
  isOpen: boolean;
  /** When the last packet of each direction arrives: none overtakes it. */
  toBrokerMs: number;
  toClientMs: number;
}

interface Session {
  readonly clientId: string;
  clean: boolean;
  readonly filters: Set<string>;
  /** Topics that came by, and whether a filter covers them. */
  readonly known: Map<string, boolean>;
  /** Sent or to be sent, not yet acknowledged. */
  readonly outgoing: Set<Message>;
  pipe: Pipe | undefined;
  will: Message | undefined;
}

interface ClientState extends ClientOptions {
  pipe: Pipe | undefined;
  isGone: boolean;
  mayConnectAtMs: number;
  readonly unacknowledged: Set<Message>;
  readonly subscribing: Set<(granted: boolean) => void>;
}

const reconnectMs = 500;

/** @param onPublished hears each message that the broker takes */
export function createBroker(wall: Wall, chance: BrokerChance, onPublished: (message: Message) => void): Broker {
  const clients = new Map<string, ClientState>();
  const sessions = new Map<string, Session>();
  const retained = new Map<string, string>();
  let upAtMs = Number.NEGATIVE_INFINITY;

  const toBroker = (pipe: Pipe, work: () => void): void => {
    pipe.toBrokerMs = Math.max(pipe.toBrokerMs, wall.now() + chance.latencyMs());
    wall.at(pipe.toBrokerMs, () => {
      if (pipe.isOpen) work();
    });
  };
  const toClient = (pipe: Pipe, work: () => void): void => {
    pipe.toClientMs = Math.max(pipe.toClientMs, wall.now() + chance.latencyMs());
    wall.at(pipe.toClientMs, () => {
      if (pipe.isOpen) work();
    });
  };

  function subscribes({ filters, known }: Session, topic: string): boolean {
    let found = known.get(topic);
    if (found === undefined) {
      found = [...filters].some((filter) => covers(filter, topic));
      known.set(topic, found);
    }
    return found;
  }

  function take(message: Message): void {
    onPublished(message);
    const { topic, payload, retain } = message;
    if (retain && payload === "") retained.delete(topic);
    else if (retain) retained.set(topic, payload);
    for (const session of sessions.values()) {
      if (subscribes(session, topic)) enqueue(session, { topic, payload, retain: false });
    }
  }

  function enqueue(session: Session, message: Message): void {
    session.outgoing.add(message);
    if (session.pipe !== undefined) deliver(session, session.pipe, message);
  }

  function deliver(session: Session, pipe: Pipe, message: Message): void {
    const arrive = (): void => {
      pipe.client.onMessage(message.topic, message.payload, message.retain);
      if (pipe.isOpen) toBroker(pipe, () => session.outgoing.delete(message));
    };
    toClient(pipe, arrive);
    // Sent again after others have gone: it comes twice, and the second time out of order.
    if (chance.repeats()) {
      wall.at(wall.now() + 2 * chance.latencyMs(), () => {
        if (pipe.isOpen) toClient(pipe, arrive);
      });
    }
  }

  function transmit(pipe: Pipe, message: Message): void {
    const arrive = (): void => {
      take(message);
      toClient(pipe, () => pipe.client.unacknowledged.delete(message));
    };
    toBroker(pipe, arrive);
    if (chance.repeats()) toBroker(pipe, arrive);
  }

  /** The broker has noticed that a connection is gone. */
  function notice(session: Session, pipe: Pipe): void {
    if (session.pipe !== pipe) return;
    session.pipe = undefined;
    const { will } = session;
    session.will = undefined;
    if (session.clean) {
      sessions.delete(session.clientId);
    }
    if (will !== undefined) take(will);
  }

  function cut(client: ClientState, awayMs: number): void {
    const { pipe } = client;
    client.mayConnectAtMs = Math.max(client.mayConnectAtMs, wall.now() + awayMs);
    if (pipe === undefined) return;
    pipe.isOpen = false;
    client.pipe = undefined;
    const session = sessions.get(client.clientId);
    if (session !== undefined) wall.at(wall.now() + chance.noticedAfterMs(), () => notice(session, pipe));
    const waiting = [...client.subscribing];
    client.subscribing.clear();
    if (client.isGone) return;
    for (const done of waiting) done(false);
    client.onDisconnect();
    dial(client);
  }

  function dial(client: ClientState): void {
    wall.at(wall.now() + reconnectMs + chance.latencyMs(), () => {
      if (client.isGone || client.pipe !== undefined) return;
      if (wall.now() < Math.max(upAtMs, client.mayConnectAtMs)) dial(client);
      else accept(client);
    });
  }

  function accept(client: ClientState): void {
    const { clientId, clean } = client;
    const known = sessions.get(clientId);
    if (known?.pipe !== undefined) {
      known.pipe.isOpen = false;
      notice(known, known.pipe);
    }
    if (clean) sessions.delete(clientId);
    const present = sessions.has(clientId);
    const session: Session = sessions.get(clientId) ?? {
      ...{
        clientId,
        clean,
        filters: new Set(),
        known: new Map(),
        outgoing: new Set(),
        pipe: undefined,
        will: undefined,
      },
    };
    session.clean = clean;
    sessions.set(clientId, session);
    const pipe: Pipe = { client, isOpen: true, toBrokerMs: wall.now(), toClientMs: wall.now() };
    session.pipe = pipe;
    session.will = client.will === undefined ? undefined : { ...client.will, retain: true };
    client.pipe = pipe;
    for (const message of session.outgoing) deliver(session, pipe, message);
    for (const message of client.unacknowledged) transmit(pipe, message);
    client.onConnect(present);
  }

  return {
    retained,
    clientIds: () => [...clients.keys()],
    connect(options) {
      const client: ClientState = {
        ...options,
        ...{ pipe: undefined, isGone: false, mayConnectAtMs: Number.NEGATIVE_INFINITY },
        ...{ unacknowledged: new Set(), subscribing: new Set() },
      };
      clients.set(options.clientId, client);
      dial(client);
      return {
        isConnected: () => client.pipe !== undefined,
        unacknowledged: () => client.unacknowledged.size,
        publish(topic, payload, retain) {
          if (client.isGone) return;
          const message = { topic, payload, retain };
          client.unacknowledged.add(message);
          if (client.pipe !== undefined) transmit(client.pipe, message);
        },
        subscribe(filters, done) {
          const { pipe } = client;
          if (pipe === undefined) return done(false);
          client.subscribing.add(done);
          toBroker(pipe, () => {
            const session = sessions.get(client.clientId);
            if (session === undefined) return;
            for (const filter of filters) session.filters.add(filter);
            session.known.clear();
            for (const [topic, payload] of retained) {
              if (filters.some((filter) => covers(filter, topic))) enqueue(session, { topic, payload, retain: true });
            }
            toClient(pipe, () => {
              if (client.subscribing.delete(done)) done(true);
            });
          });
        },
        vanish() {
          client.isGone = true;
          cut(client, 0);
          if (clients.get(client.clientId) === client) clients.delete(client.clientId);
        },
      };
    },
    breakConnection(clientId, awayMs) {
      const client = clients.get(clientId);
      if (client !== undefined) cut(client, awayMs);
    },
    heal() {
      upAtMs = Number.NEGATIVE_INFINITY;
      for (const client of clients.values()) client.mayConnectAtMs = Number.NEGATIVE_INFINITY;
    },
    restart({ keepsSessions, keepsRetained, downMs }) {
      upAtMs = Math.max(upAtMs, wall.now() + downMs);
      for (const session of sessions.values()) session.will = undefined; // who is gone himself tells nobody's will
      for (const client of [...clients.values()]) cut(client, 0);
      if (!keepsRetained) retained.clear();
      for (const session of [...sessions.values()]) {
        session.pipe = undefined;
        if (!keepsSessions || session.clean) sessions.delete(session.clientId);
      }
    },
  };
}
