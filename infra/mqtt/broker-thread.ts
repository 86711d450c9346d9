/** The embedded broker's thread: aedes behind the access list, with guards on every socket. */
import { createServer, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { Aedes, type AuthenticateError, type Client } from "aedes";
import { mayPublish, mayRetain, maySubscribe, type Standing } from "./access.js";
import { Accounts } from "./accounts.js";
import type { BrokerThreadData, FromBroker, ToBroker } from "./broker-messages.js";
import { guardSocket, type SocketGuard } from "./socket-guard.js";

const { market, host, port, accounts, guestsWelcome } = workerData as BrokerThreadData;
const known = new Accounts(accounts, guestsWelcome);
const standings = new WeakMap<Client, Standing>();
const guards = new WeakMap<object, SocketGuard>();
const waitingGuests = new Map<string, (() => void)[]>();
/** Live connections by user name. */
const connections = new Map<string, Set<Client>>();
const badLogin = 4;
const mostSubscriptions = 200;

const tell = (message: FromBroker): void => parentPort?.postMessage(message);

const broker = await Aedes.createBroker({
  concurrency: 1000,
  connectTimeout: 5000,
  keepaliveLimit: 300,
  maxTopicLevels: 10,
  queueLimit: 10_000,
});

broker.authenticate = (client, username, password, done) => {
  const result = known.login({ username, password: password?.toString(), clientId: client.id });
  if (!result.ok) {
    tell({ type: "refused", what: `login as ${username ?? "nobody"}`, reason: result.reason });
    done(Object.assign(new Error(result.reason), { returnCode: badLogin }) as AuthenticateError, null);
    return;
  }
  standings.set(client, result.standing);
  noteConnection(username ?? "", client);
  const guard = guards.get(client.conn);
  if (guard !== undefined) guard.loggedIn = true;
  if (!result.isNewGuest) return done(null, true);
  const id = username ?? "";
  waitingGuests.set(id, [() => done(null, true)]);
  tell({ type: "guest", id, password: password?.toString() ?? "" });
};

function noteConnection(username: string, client: Client): void {
  const own = connections.get(username) ?? new Set<Client>();
  connections.set(username, own.add(client));
  client.conn.once("close", () => {
    own.delete(client);
    if (own.size === 0 && connections.get(username) === own) connections.delete(username);
  });
}

broker.authorizePublish = (client, packet, done) => {
  const standing = client === null ? undefined : standings.get(client);
  const clears = packet.retain && packet.payload.length === 0;
  if (standing === undefined || !mayPublish(market, standing, packet.topic, packet.retain, clears)) {
    const reason = `${client?.id ?? "somebody"} may not publish there`;
    tell({ type: "refused", what: `a message on ${packet.topic}`, reason });
    return done(new Error(reason));
  }
  if (standing.kind === "participant" && !mayRetain(market, packet.topic)) packet.retain = false;
  done(null);
};

const subscriptionCounts = new WeakMap<Client, number>();
broker.authorizeSubscribe = (client, subscription, done) => {
  const standing = standings.get(client);
  const count = (subscriptionCounts.get(client) ?? 0) + 1;
  subscriptionCounts.set(client, count);
  const allowed =
    standing !== undefined && count <= mostSubscriptions && maySubscribe(market, standing, subscription.topic);
  if (!allowed)
    tell({ type: "refused", what: `a subscription to ${subscription.topic}`, reason: `${client.id} may not read it` });
  done(null, allowed ? subscription : null);
};

broker.on("clientError", (client, error) =>
  tell({ type: "refused", what: `a packet of ${client.id}`, reason: error.message }),
);
broker.on("connectionError", (client, error) =>
  tell({ type: "refused", what: `a connection (${client.id ?? "no login yet"})`, reason: error.message }),
);

const sockets = new Set<Socket>();
const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on("close", () => sockets.delete(socket));
  socket.on("error", () => socket.destroy());
  guards.set(
    socket,
    guardSocket(socket, (reason) => tell({ type: "refused", what: "a connection", reason })),
  );
  broker.handle(socket);
});
server.on("error", (error: NodeJS.ErrnoException) =>
  tell({ type: "failed", code: error.code ?? "", message: error.message }),
);
server.listen(port, host, () => {
  const address = server.address();
  tell({ type: "listening", port: typeof address === "object" && address !== null ? address.port : port });
});

parentPort?.on("message", (message: ToBroker) => {
  if (message.type === "guest-known") {
    for (const resume of waitingGuests.get(message.id) ?? []) resume();
    waitingGuests.delete(message.id);
    return;
  }
  if (message.type === "account") {
    known.set(message.account);
    if (message.cut) for (const client of connections.get(message.account.username) ?? []) client.close();
    return;
  }
  if (message.type === "pause") {
    // Nothing is read and nothing forwarded meanwhile; what is sent to it waits in the sockets.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.forMs);
    return;
  }
  server.close();
  for (const socket of sockets) socket.destroy();
  broker.close(() => parentPort?.close());
});
