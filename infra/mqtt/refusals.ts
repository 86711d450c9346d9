/**
 * What the broker refused: all of it counted by cause, and of each cause a few a second told in words, so that who is refused a thousand
 * times a second fills no log.
 */
export const refusalCauses = [
  /** A password that is wrong, or nobody's name. */
  "login",
  /** Too many logins at once. */
  "login-busy",
  /** A client id of somebody else's. */
  "client-id",
  "connections",
  "connections-of-address",
  "connections-of-user",
  /** A packet, or what comes before a login, is too long. */
  "size",
  /** Too many packets or bytes. */
  "rate",
  /** It does not read. */
  "unread",
  /** A message where it may not write, its last will included. */
  "publish",
  "subscription",
  /** Sessions that outlast their connections. */
  "session",
  /** A message for who is offline, with too many before it. */
  "queue",
  /** Silent for too long, or no MQTT at all. */
  "connection",
] as const;
export type RefusalCause = (typeof refusalCauses)[number];

export type RefusalCounts = Partial<Record<RefusalCause, number>>;

export interface Refusals {
  /** @param what what was refused, such as `login as ann` */
  note(cause: RefusalCause, what: string, reason: string): void;
  /** What was counted since it was asked last, and how many of those were not told. A new second begins. */
  sinceLast(): { readonly counts: RefusalCounts; readonly untold: number };
}

/** Of each cause, told in words between two askings. */
const mostTold = 10;
const longestText = 200;

export function createRefusals(tell: (what: string, reason: string) => void): Refusals {
  let counts: Partial<Record<RefusalCause, number>> = {};
  let untold = 0;
  return {
    note(cause, what, reason) {
      const count = (counts[cause] ?? 0) + 1;
      counts[cause] = count;
      if (count > mostTold) untold += 1;
      else tell(printable(what), printable(reason));
    },
    sinceLast() {
      const last = { counts, untold };
      counts = {};
      untold = 0;
      return last;
    },
  };
}

/** Names and topics come from strangers: no line break of theirs reaches a log, and nothing endless. */
function printable(text: string): string {
  const oneLine = text.replace(/\p{C}/gu, "?");
  return oneLine.length > longestText ? `${oneLine.slice(0, longestText)}…` : oneLine;
}
