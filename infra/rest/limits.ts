/** What the REST side admits, in one place. */

/** A command is at most 4 kB on the broker; a body may be written with spaces. */
export const longestBodyBytes = 8192;
/** A file of the operator. */
export const longestFileBytes = 2 ** 21;

/** Requests of one key, in a window. A household sends a handful; the market has its own limit on commands behind this. */
export const requestsPerKey = { most: 2000, windowMs: 10_000 };
/** Requests without a key from one address: many may stand behind one. */
export const requestsPerAddress = { most: 1000, windowMs: 10_000 };
/** Keys that are nobody's, from one address: who guesses waits. */
export const wrongKeysPerAddress = { most: 20, windowMs: 60_000 };
/** Registrations from one address. */
export const registrationsPerAddress = { most: 20, windowMs: 60_000 };

/** What leaves a trace in the journal for good, of one participant: drafts kept and dropped, and new keys. The market limits commands itself. */
export const draftsPerKey = { most: 200, windowMs: 10_000 };
export const keysPerKey = { most: 10, windowMs: 60_000 };

/** Head, and head and body, of a request have to be there that soon. */
export const headersWithinMs = 5000;
export const requestWithinMs = 10_000;
/** A connection without a request in between. */
export const idleConnectionMs = 30_000;
/** Late requests are looked for that often. */
export const lookForLateMs = 1000;
export const mostConnections = 2000;

/** The market's reply: sent again after, given up after. */
export const sendAgainAfterMs = 2000;
export const replyWithinMs = 5000;
/** Commands that wait for a reply at once, in all and of one participant. */
export const mostWaiting = 5000;
export const mostWaitingOfOne = 100;
/** Of the operator, who brings a month of everybody's readings at once. */
export const mostWaitingOfOperator = 1000;

/** Participants whose own topics are listened to at once, and for how long after they were last asked for. */
export const mostListenedTo = 1000;
export const listenedToForMs = 600_000;
/** A broker sends what it retains right after a subscription: all is there once it has been quiet that long. */
export const quietMs = 50;

/** Streams of server-sent events, in all and of one participant; a comment keeps them open that often. */
export const mostStreams = 500;
export const mostStreamsOfOne = 4;
export const heartbeatMs = 15_000;
/** Who does not read that much is cut off. */
export const mostUnreadBytes = 256 * 1024;

/** Periods of a page of the history, and kept: six weeks of half hours. */
export const historyPage = { usual: 500, most: 2000 };
/** Disputes of a page. */
export const disputesPerPage = { usual: 100, most: 1000 };
/** Bills of a page. */
export const billsPerPage = { usual: 100, most: 1000 };
/** Participants of a page. */
export const participantsPerPage = { usual: 100, most: 1000 };
/** Payments of a page, and of one's own account. */
export const paymentsPerPage = { usual: 100, most: 1000 };
export const movementsShown = 20;
/** Prices of a tariff told as a series: two months of half hours; and the body that holds them. */
export const mostTariffPrices = 3000;
export const longestTariffBytes = 65_536;
