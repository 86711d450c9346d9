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
  /** Topics that the journal vouches for: their messages are sent again. */
  readonly keep?: ReadonlySet<string>;
}): Promise<number> {
  const { url, market, username, password, keep, connect, wall } = options;
  const found = new Set<string>();
  let heardAt = wall.now();
  const connection = await connect({
    ...{ url, username, password, clientId: `${username}/start` },
    onMessage: (topic, _payload, retained) => {
      if (!retained) return;
      heardAt = wall.now();
      if (sentTo(market, topic)?.name !== "status" && keep?.has(topic) !== true) found.add(topic);
    },
  });
  await connection.subscribe([filtersOf(market).wholeMarket]);
  while (wall.now() - heardAt < quietMs) await new Promise<void>((resolve) => void wall.setTimeout(resolve, 50));
  for (const topic of found) connection.publish(topic, "", true);
  await connection.end();
  return found.size;
}
