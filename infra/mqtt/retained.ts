/**
 * At its start the market clears every retained topic that its journal does not vouch for, the participants' own status aside.
 * Source: contract.md, "Rules for every message".
 */

import type { Clock } from "../../market/managers/alarm.js";
import { filtersOf, sentTo } from "../../shared/topics.js";
import type { Connect } from "./connection.js";

/** Wall time in which a broker sends what it has retained. */
const quietMs = 300;

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
  let heardAt = wall.now();
  const connection = await connect({
    ...{ url, username, password, clientId: `${username}/start` },
    onMessage: (topic, _payload, retained) => {
      if (!retained) return;
      heardAt = wall.now();
      if (sentTo(market, topic)?.name !== "status") found.add(topic);
    },
  });
  await connection.subscribe([filtersOf(market).wholeMarket]);
  while (wall.now() - heardAt < quietMs) await new Promise<void>((resolve) => void wall.setTimeout(resolve, 50));
  const kept = keep?.() ?? new Set();
  const stale = [...found].filter((topic) => !kept.has(topic));
  for (const topic of stale) connection.publish(topic, "", true);
  await connection.end();
  return stale.length;
}
