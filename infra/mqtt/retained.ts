/**
 * At its start the market clears every retained topic that its journal does not vouch for, the participants' own status aside.
 * Source: contract.md, "Rules for every message".
 */
import { filtersOf, sentTo } from "../../shared/topics.js";
import { openConnection } from "./connection.js";

/** Wall time in which a broker sends what it has retained. */
const quietMs = 300;

/** @returns how many topics were cleared. */
export async function clearRetained(options: {
  readonly url: string;
  readonly market: string;
  readonly username: string;
  readonly password: string;
  /** Topics that the journal vouches for: their messages are sent again. */
  readonly keep?: ReadonlySet<string>;
}): Promise<number> {
  const { url, market, username, password, keep } = options;
  const found = new Set<string>();
  let heardAt = Date.now();
  const connection = await openConnection({
    ...{ url, username, password, clientId: `${username}/start` },
    onMessage: (topic, _payload, retained) => {
      if (!retained) return;
      heardAt = Date.now();
      if (sentTo(market, topic)?.name !== "status" && keep?.has(topic) !== true) found.add(topic);
    },
  });
  await connection.subscribe([filtersOf(market).wholeMarket]);
  while (Date.now() - heardAt < quietMs) await new Promise((resolve) => setTimeout(resolve, 50));
  for (const topic of found) connection.publish(topic, "", true);
  await connection.end();
  return found.size;
}
