/**
 * What the embedded broker admits, in one place, each number with its reason. The market's own processes and the operator are held to the
 * sizes alone: not to rates, and not to numbers of connections, subscriptions and sessions. `elecbay up --limits FILE` sets others.
 *
 * Source: what attacks on a bare broker did (one socket that does not read stops all others, 10 MB are taken, queues grow without end).
 */
export interface BrokerLimits {
  /** Before the login nobody needs more: CONNECT holds names, a key of some 60 characters and a short last will. */
  readonly longestBeforeLoginBytes: number;
  /** All that a socket may send before its login is answered. */
  readonly mostBeforeLoginBytes: number;
  /** A gateway's batch (256 kB), its topic and header. */
  readonly longestPacketBytes: number;
  /** Of the market's own: the whole list of a period with thousands of items, a hand-over of thousands of contracts. */
  readonly longestOwnPacketBytes: number;
  /** One reader's backlog: a newcomer that subscribes to all gets what is retained of all periods at once, some MB. */
  readonly mostUnreadBytes: number;
  /** All backlogs together: memory. The longest are cut off first. */
  readonly mostUnreadBytesInAll: number;
  /** A reader that takes nothing for so long, though something waits for it, is gone. */
  readonly unreadForMs: number;

  /** CONNECT has to be there that soon. */
  readonly connectWithinMs: number;
  /** Who is silent for one and a half of it is gone; 0, for ever, is refused. */
  readonly longestKeepAliveSeconds: number;
  /** In all: a few thousand households, and file handles left for the rest. Beyond it the oldest that has not logged in makes room. */
  readonly mostConnections: number;
  /** Many households may stand behind one address. Loopback is not counted: a swarm and the market itself are there. */
  readonly mostConnectionsOfAddress: number;
  /** A home with its meter, its telephones and a program or two. */
  readonly mostConnectionsOfUser: number;
  /** Who watches without an account. */
  readonly mostObservers: number;

  /** Of one participant over all its connections; the market's own limit on commands is far below. */
  readonly packetsPerSecond: number;
  /** What a client may send at once, such as its orders and readings after it was away. */
  readonly packetsAtOnce: number;
  /** Four gateway's batches at once, two a second. */
  readonly bytesPerSecond: number;
  readonly bytesAtOnce: number;
  /** Acknowledgements answer what the broker sends, and come as fast: all topics of a quick market. */
  readonly acknowledgementsPerSecond: number;
  readonly acknowledgementsAtOnce: number;
  /** A subscription is answered with all that is retained below it. It counts as so many packets. */
  readonly packetsOfSubscription: number;

  /** The whole contract needs four; one for each live period and kind is below it. A gateway has one more for each under it. */
  readonly mostSubscriptions: number;
  /** The deepest topic of the contract has six. */
  readonly mostTopicLevels: number;
  readonly longestClientIdBytes: number;
  /** Participants have their status retained, a short message. */
  readonly longestRetainedBytes: number;
  /** Messages at QoS 2 whose handshake is not over. */
  readonly mostAtQos2: number;
  /** Packets that come before the login is answered. */
  readonly mostEarlyPackets: number;

  /** Sessions that outlast their connection: a home with its meter, its telephones and a program or two. */
  readonly mostSessionsOfUser: number;
  /** Of all observers together. */
  readonly mostObserverSessions: number;
  /** What waits for a session while it is offline, newest dropped: bills and replies of a day, not the book. */
  readonly mostQueued: number;
  readonly mostQueuedBytes: number;
  readonly mostQueuedBytesInAll: number;
  /** A session that nobody has come back to for so long is forgotten. */
  readonly sessionKeptForMs: number;

  /** Keys hashed at once: of libuv's four threads two stay free. */
  readonly mostHashedAtOnce: number;
  /** Logins that wait for it, in all (a swarm that comes at once) and of one address; who comes beyond is told to come again. */
  readonly mostLoginsWaiting: number;
  readonly mostLoginsWaitingOfAddress: number;
  /** So many wrong passwords from one address cost nothing: a typing error, a program with an old key. */
  readonly freeFailures: number;
  /** Each further one makes the next answer later by so much, up to the longest. */
  readonly delayPerFailureMs: number;
  readonly longestDelayMs: number;
  /** Failures are forgotten after. */
  readonly failuresKeptForMs: number;
  readonly mostAddressesKept: number;
}

const megabyte = 1024 * 1024;

export const brokerLimits: BrokerLimits = {
  longestBeforeLoginBytes: 4096,
  mostBeforeLoginBytes: 65_536,
  longestPacketBytes: 262_144 + 512,
  longestOwnPacketBytes: 64 * megabyte,
  mostUnreadBytes: 8 * megabyte,
  mostUnreadBytesInAll: 128 * megabyte,
  unreadForMs: 30_000,
  connectWithinMs: 5000,
  longestKeepAliveSeconds: 300,
  mostConnections: 5000,
  mostConnectionsOfAddress: 200,
  mostConnectionsOfUser: 20,
  mostObservers: 1000,
  packetsPerSecond: 500,
  packetsAtOnce: 2000,
  bytesPerSecond: megabyte / 2,
  bytesAtOnce: megabyte,
  acknowledgementsPerSecond: 20_000,
  acknowledgementsAtOnce: 50_000,
  packetsOfSubscription: 20,
  mostSubscriptions: 50,
  mostTopicLevels: 10,
  longestClientIdBytes: 128,
  longestRetainedBytes: 1024,
  mostAtQos2: 20,
  mostEarlyPackets: 1000,
  mostSessionsOfUser: 10,
  mostObserverSessions: 200,
  mostQueued: 1000,
  mostQueuedBytes: megabyte,
  mostQueuedBytesInAll: 128 * megabyte,
  sessionKeptForMs: 24 * 3_600_000,
  mostHashedAtOnce: 2,
  mostLoginsWaiting: 2000,
  mostLoginsWaitingOfAddress: 50,
  freeFailures: 5,
  delayPerFailureMs: 100,
  longestDelayMs: 3000,
  failuresKeptForMs: 60_000,
  mostAddressesKept: 10_000,
};

/** At so many times real time a bot sends what it sends in real time that much faster: rates grow with the speed beyond this. */
const speedOfRates = 300;

/** The limits of a market at this speed. */
export function limitsAt(speed: number): BrokerLimits {
  const times = Math.max(1, speed / speedOfRates);
  return {
    ...brokerLimits,
    packetsPerSecond: brokerLimits.packetsPerSecond * times,
    packetsAtOnce: brokerLimits.packetsAtOnce * times,
    bytesPerSecond: brokerLimits.bytesPerSecond * times,
    bytesAtOnce: brokerLimits.bytesAtOnce * times,
  };
}

/** In lockstep the market waits for its bots, which send as fast as the machine can: no rates. */
export const unratedLimits: BrokerLimits = {
  ...brokerLimits,
  packetsPerSecond: Number.POSITIVE_INFINITY,
  packetsAtOnce: Number.POSITIVE_INFINITY,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  bytesAtOnce: Number.POSITIVE_INFINITY,
  acknowledgementsPerSecond: Number.POSITIVE_INFINITY,
  acknowledgementsAtOnce: Number.POSITIVE_INFINITY,
};
