/**
 * What a broker has retained, and its clearing. At its start the market clears every retained topic that its journal does not vouch for, the
 * participants' own status aside. Source: contract.md, "Rules for every message".
 */

import type { Clock } from "../../market/managers/alarm.js";
import { filtersOf, sentTo } from "../../shared/topics.js";
import type { Connect, Connection } from "./connection.js";

/** Wall time in which a broker sends what it has retained. */
const quietMs = 300;

export interface RetainedReading {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly connect: Connect;
  readonly wall: Clock;
  readonly filters: readonly string[];
  readonly onMessage: (topic: string, payload: Buffer, isRetained: boolean) => void;
}

/** @returns the connection, once all that is retained was heard. It goes on hearing; the caller ends it. */
export async function hearRetained({ wall, filters, onMessage, ...login }: RetainedReading): Promise<Connection> {
  let heardAt = wall.now();
  const connection = await login.connect({
    ...login,
    onMessage(topic, payload, isRetained) {
      if (isRetained) heardAt = wall.now();
      onMessage(topic, payload, isRetained);
    },
  });
  await connection.subscribe(filters);
  while (wall.now() - heardAt < quietMs) await new Promise<void>((resolve) => void wall.setTimeout(resolve, 50));
  return connection;
}

/** @returns how many topics were cleared. */
export async function clearRetained(options: {
  readonly url: string;
  readonly market: string;
  readonly username: string;
  readonly password: string;
  readonly connect: Connect;
  readonly wall: Clock;
  /** Topics that the journals vouch for: their messages are sent again. Asked when all that is retained was heard. */
  readonly keep?: () => ReadonlySet<string>;
}): Promise<number> {
  const { url, market, username, password, keep, connect, wall } = options;
  const found = new Set<string>();
  const connection = await hearRetained({
    ...{ url, username, password, clientId: `${username}/start`, connect, wall },
    filters: [filtersOf(market).wholeMarket],
    onMessage(topic, _payload, isRetained) {
      if (isRetained && sentTo(market, topic)?.name !== "status") found.add(topic);
    },
  });
  const kept = keep?.() ?? new Set();
  const stale = [...found].filter((topic) => !kept.has(topic));
  for (const topic of stale) connection.publish(topic, "", true);
  await connection.end();
  return stale.length;
}
