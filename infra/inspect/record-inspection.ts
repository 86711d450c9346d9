/** Records what a running market tells of its actors to a file, as its operator: asks for it, and ends it afterwards. */
import { randomBytes } from "node:crypto";
import { isoUtc } from "../../shared/time.js";
import { filtersOf, topicsOf } from "../../shared/topics.js";
import type { Connect } from "../mqtt/connection.js";
import type { ActorPatterns } from "./actor-patterns.js";
import { longestMinutes } from "./asked-inspection.js";
import { openInspectionFile } from "./inspection-file.js";

export interface RecordingOptions {
  readonly url: string;
  readonly market: string;
  readonly operatorKey: string;
  readonly path: string;
  /** Shown while it is recorded. Undefined: nothing is asked for; what others have asked for is recorded. */
  readonly actors: ActorPatterns | undefined;
  readonly connect: Connect;
  readonly onError: (error: Error) => void;
  /** Once, with a sentence, where the file cannot be written any further. */
  readonly onBrokenOff: (reason: string) => void;
}

export interface Recording {
  messages(): number;
  /** @returns bytes written, and how many messages had no room any more */
  stop(): Promise<{ readonly bytes: number; readonly leftOut: number }>;
}

/** @throws Error where the file cannot be written, or the broker does not let the operator in */
export async function recordInspection(options: RecordingOptions): Promise<Recording> {
  const { url, market, operatorKey, path, actors, connect, onError, onBrokenOff } = options;
  const topics = topicsOf(market);
  let messages = 0;
  let isOver = false;
  let marketTime = isoUtc(0);
  const from = `elecbay inspect --url ${url}`;
  const file = openInspectionFile({ path, market, from, now: () => marketTime, onBrokenOff });
  const requestId = `record-${randomBytes(4).toString("hex")}`;
  const ask = (request: object): void =>
    connection.publish(topics.manage("inspect"), JSON.stringify({ v: 1, requestId, ...request }), true);
  const connection = await connect({
    ...{ url, username: "operator", password: operatorKey, clientId: `operator/${requestId}` },
    onMessage(topic, payload) {
      const text = payload.toString("utf8");
      marketTime = /^\{"v":1,"ts":"([^"]+)"/.exec(text)?.[1] ?? marketTime;
      if (topic === topics.public("clock") || isOver) return;
      messages += 1;
      file.publish(topic, text);
    },
    onError,
  }).catch((error: Error) => {
    file.close();
    throw error;
  });
  await connection.subscribe([
    ...[topics.public("clock"), topics.public("market-info")], // the latter for the market's time zone
    filtersOf(market).everythingInspected,
  ]);
  if (actors !== undefined) ask({ on: true, actors, forMinutes: longestMinutes });
  return {
    messages: () => messages,
    async stop() {
      // Closed first: the actors are not gone, they are only shown no more.
      isOver = true;
      const written = file.close();
      if (actors !== undefined) ask({ requestId: `${requestId}-end`, on: false });
      await connection.end();
      return written;
    },
  };
}
