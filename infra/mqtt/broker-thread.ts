/** The embedded broker's thread: aedes behind the access list, with guards on every connection. */
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import { mayPublish, mayRetain, maySubscribe, type Standing } from "./access.js";
import { Accounts, type LoginResult } from "./accounts.js";
import { openBrokerDoors } from "./broker-doors.js";
import type { BrokerThreadData, FromBroker, ToBroker } from "./broker-messages.js";
import { createConnectionBook, type Visitor } from "./connection-book.js";
import { countedAddress, isLoopback } from "./counted-address.js";
import { createInsideDoor } from "./inside-door.js";
import { BusyError, createKeyQueue } from "./key-queue.js";
import { createMessageStreams } from "./message-stream.js";
import { createRefusals, type RefusalCause } from "./refusals.js";
import { createSendingRates } from "./sending-rates.js";
import { createSessionStore } from "./session-store.js";
import { guardSocket, type SendingRates } from "./socket-guard.js";
import { writtenTogether } from "./written-together.js";

const data = workerData as BrokerThreadData;
const { market, limits } = data;
const now = (): number => performance.now();
const tell = (message: FromBroker, transfer: readonly ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, [...transfer]);

/** Who is logged in on a connection. */
interface Known {
  readonly username: string;
  readonly standing: Standing;
  /** Undefined: one of the market's own. */
  readonly rates: SendingRates | undefined;
}
const known = new WeakMap<object, Known>();
const visitors = new WeakMap<object, Visitor>();
/** Filters that a connection has subscribed to. */
const subscribed = new WeakMap<object, Set<string>>();
/** Live connections by user name. */
const clients = new Map<string, Set<Client>>();
/** Goes on with a guest's login: in, or out for what the market says. */
const waitingGuests = new Map<string, (refusal: string | undefined) => void>();

const accounts = new Accounts(data.accounts, data.guestsWelcome, limits.longestClientIdBytes);
const keys = createKeyQueue(limits, { now, wait });
const book = createConnectionBook(limits, now);
const refusals = createRefusals((what, reason) => tell({ type: "refused", what, reason }));
const rates = createSendingRates(limits, now);
const store = createSessionStore({
  ...{ limits, now, onRefused: refusals.note },
  ownerOf: (client) => {
    const who = known.get(client);
    return { name: who?.username ?? "", isObserver: who?.standing.kind === "observer" };
  },
  mayRead: (client, filter) => {
    const standing = known.get(client)?.standing;
    return standing !== undefined && maySubscribe(market, standing, filter);
  },
});

const broker = await Aedes.createBroker({
  concurrency: 1000,
  connectTimeout: limits.connectWithinMs,
  keepaliveLimit: limits.longestKeepAliveSeconds,
  maxTopicLevels: limits.mostTopicLevels,
  maxInflightInbound: limits.mostAtQos2,
  queueLimit: limits.mostEarlyPackets,
  persistence: store.persistence,
});

const isOwn = ({ kind }: Standing): boolean => kind === "process" || kind === "market" || kind === "operator";
/** Return codes of CONNACK. */
const unavailable = 3;
const badLogin = 4;

broker.authenticate = (client, username, password, done) => {
  const refuse = (cause: RefusalCause, reason: string, returnCode: number): void => {
    refusals.note(cause, `login as ${username ?? "nobody"}`, reason);
    done(Object.assign(new Error(reason), { returnCode }) as AuthenticateError, null);
  };
  logIn(client, username, password?.toString()).then(
    (result) => {
      if (client.closed) return;
      if (!result.ok) return refuse(result.cause, result.reason, badLogin);
      const full = admit(client, result);
      if (full !== undefined) return refuse("connections-of-user", full, unavailable);
      if (!result.isNewGuest) return done(null, true);
      waitingGuests.set(result.username, (refusal) => {
        if (refusal === undefined) return done(null, true);
        accounts.turnAway(result.username);
        refuse("login", refusal, badLogin);
      });
      tell({ type: "guest", id: result.username, password: password?.toString() ?? "" });
    },
    (error: Error) => {
      if (!client.closed) refuse(error instanceof BusyError ? "login-busy" : "login", error.message, unavailable);
    },
  );
};

async function logIn(client: Client, username: string | undefined, password: string | undefined): Promise<LoginResult> {
  const address = visitors.get(client.conn)?.address ?? "nowhere";
  const result = await accounts.login({ username, password, clientId: client.id }, (compare) =>
    keys.compare(address, compare),
  );
  if (!result.ok) {
    keys.failed(address);
    await keys.penance(address);
  }
  return result;
}

/** @returns why there is no room for it */
function admit(client: Client, { username, standing }: Pick<Known, "username" | "standing">): string | undefined {
  const visitor = visitors.get(client.conn);
  const full = visitor === undefined ? undefined : book.logIn(visitor, username, client.id, standing);
  if (full !== undefined) return full;
  const its = isOwn(standing) ? undefined : rates.of(senderOf(client, username, standing, visitor?.address));
  visitor?.guard.loggedIn(its);
  streams.loggedIn(client.conn);
  known.set(client, { username, standing, rates: its });
  store.loggedIn(client);
  const own = clients.get(username) ?? new Set<Client>();
  clients.set(username, own.add(client));
  client.conn.once("close", () => {
    own.delete(client);
    if (own.size === 0 && clients.get(username) === own) clients.delete(username);
  });
  return undefined;
}

function senderOf(client: Client, username: string, { kind }: Standing, address = ""): string {
  if (kind !== "observer") return username;
  return isLoopback(address) ? `${username}/${client.id}` : `${username}@${address}`;
}

broker.authorizePublish = (client, packet, done) => {
  const standing = client === null ? undefined : known.get(client)?.standing;
  const clears = packet.retain && packet.payload.length === 0;
  if (standing === undefined || !mayPublish(market, standing, packet.topic, packet.retain, clears)) {
    const reason = `${client?.id ?? "somebody"} may not publish there`;
    refusals.note("publish", `a message on ${packet.topic}`, reason);
    return done(new Error(reason));
  }
  if (standing.kind === "participant" && packet.retain) {
    packet.retain = mayRetain(market, packet.topic) && packet.payload.length <= limits.longestRetainedBytes;
  }
  done(null);
};

broker.authorizeSubscribe = (client, subscription, done) => {
  const { standing, rates: its } = known.get(client) ?? {};
  const own = subscribed.get(client) ?? new Set<string>();
  subscribed.set(client, own);
  const { topic } = subscription;
  if (standing === undefined || !maySubscribe(market, standing, topic)) {
    refusals.note("subscription", `a subscription to ${topic}`, `${client.id} may not read it`);
    return done(null, null);
  }
  // A gateway, which the operator has appointed, asks for the private topics of each under it.
  const under = standing.kind === "participant" ? (standing.under?.length ?? 0) : 0;
  if (its !== undefined && !own.has(topic) && own.size >= limits.mostSubscriptions + under) {
    refusals.note("subscription", `a subscription to ${topic}`, `${client.id} has ${own.size} already`);
    return done(null, null);
  }
  if (its?.packets.take(under > 0 ? 1 : limits.packetsOfSubscription) === false) {
    visitors.get(client.conn)?.guard.breach("rate", `${client.id} subscribes too often`);
    return done(null, null);
  }
  own.add(topic);
  done(null, subscription);
};

broker.on("unsubscribe", (topics, client) => {
  for (const topic of topics) subscribed.get(client)?.delete(topic);
});
broker.on("client", (client) => store.cameOnline(client.id));
broker.on("clientDisconnect", (client) => store.wentOffline(client.id));
broker.on("clientError", (client, error) => refusals.note("connection", `a packet of ${client.id}`, error.message));
broker.on("connectionError", (client, error) =>
  refusals.note("connection", `a connection (${client.id ?? "no login yet"})`, error.message),
);

function welcome(stream: Duplex, from: string | undefined): void {
  const guard = guardSocket(writtenTogether(stream), limits, (cause, reason) =>
    refusals.note(cause, "a connection", reason),
  );
  const visitor: Visitor = { address: countedAddress(from), guard };
  const full = book.enter(visitor);
  if (full !== undefined) {
    guard.breach(full.cause, full.reason);
    return;
  }
  stream.once("close", () => book.leave(visitor));
  visitors.set(stream, visitor);
  broker.handle(stream);
}

const streams = createMessageStreams(tell, (stream, address) => {
  stream.on("error", () => stream.destroy());
  welcome(stream, address);
});
const inside = createInsideDoor({
  ...{ market, broker, retainedOf: store.retainedOf, onRefused: refusals.note, tell },
  async login(login) {
    const result = await accounts.login(login, (compare) => compare());
    if (!result.ok || isOwn(result.standing)) return result;
    return { ok: false, cause: "login", reason: `${login.username} is none of the market's own` };
  },
});
const doors = await openBrokerDoors(data, (socket) => welcome(socket, socket.remoteAddress)).catch(
  (error: NodeJS.ErrnoException) => tell({ type: "failed", code: error.code ?? "", message: error.message }),
);
if (doors) tell({ type: "listening", port: doors.port, insidePort: doors.insidePort });

let toldConnections = 0;
setInterval(() => {
  book.sweep();
  store.sweep();
  rates.sweep(book.has);
  const { counts, untold } = refusals.sinceLast();
  const connections = book.count();
  if (connections === toldConnections && Object.keys(counts).length === 0) return;
  toldConnections = connections;
  tell({ type: "counts", connections, refused: counts, untold });
}, 1000).unref();

parentPort?.on("message", (message: ToBroker) => {
  switch (message.type) {
    case "guest-known":
      waitingGuests.get(message.id)?.(message.refusal);
      return void waitingGuests.delete(message.id);
    case "account":
      accounts.set(message.account);
      if (message.cut) for (const client of clients.get(message.account.username) ?? []) client.close();
      return;
    case "certificate":
      return doors?.setCertificate(message.tls);
    case "pause":
      // Nothing is read and nothing forwarded meanwhile; what is sent to it waits in the sockets.
      return void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.forMs);
    case "stop":
      if (doors) doors.close();
      streams.end();
      return broker.close(() => parentPort?.close());
    case "stream-open":
    case "stream-data":
    case "stream-sent":
    case "stream-closed":
      return streams.take(message);
    default:
      return inside.take(message);
  }
});
