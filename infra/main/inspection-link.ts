/**
 * The connection of an inspection: account `inspect`, a client id for each program. It remembers what is retained, for a broker that was
 * started anew; where the broker does not keep up, events are left out, which their numbers show, and nothing piles up here.
 */
import { randomBytes } from "node:crypto";
import type { Log } from "../../market/ports.js";
import { topicsOf } from "../../shared/topics.js";
import type { InspectionSink } from "../inspect/inspection.js";
import type { Connect, Connection } from "../mqtt/connection.js";

export interface InspectionLinkOptions {
  readonly market: string;
  readonly url: string;
  readonly program: string;
  readonly password: string;
  readonly connect: Connect;
  readonly log: Log;
  /** `manage/inspect`; empty: cleared. */
  readonly onSwitch: (text: string) => void;
  readonly onSend: (text: string) => void;
}

export interface InspectionLink extends InspectionSink {
  end(): Promise<void>;
}

/** Of messages that the broker has not acknowledged. */
const mostUnacknowledged = 500;

/** @throws Error where the broker is away, or does not know the account */
export async function openInspectionLink(options: InspectionLinkOptions): Promise<InspectionLink> {
  const { market, url, program, password, log } = options;
  const topics = topicsOf(market);
  const retained = new Map<string, string>();
  let connection: Connection | undefined;
  let isEnding = false;
  connection = await options.connect({
    ...{ url, username: "inspect", password, clientId: `inspect/${program}-${randomBytes(4).toString("hex")}` },
    onMessage(topic, payload, isRetained) {
      const text = payload.toString("utf8");
      if (topic === topics.manage("inspect")) options.onSwitch(text);
      else if (topic === topics.manage("inspect-send") && !isRetained && text !== "") options.onSend(text);
    },
    onConnect() {
      for (const [topic, text] of retained) connection?.publish(topic, text, true);
    },
    onError: (error) => log.warn("the inspection has trouble with the broker", { error: error.message }),
  });
  await connection.subscribe([topics.manage("inspect"), topics.manage("inspect-send")]);
  const opened = connection;
  return {
    publish(topic, text, retain) {
      if (isEnding) return;
      if (retain && text !== "") retained.set(topic, text);
      else if (retain) retained.delete(topic);
      const isBehind = !opened.isConnected() || opened.unacknowledged() > mostUnacknowledged;
      if (isBehind && (!retain || text !== "")) return;
      opened.publish(topic, text, retain);
    },
    async end() {
      isEnding = true;
      await opened.end(500);
    },
  };
}
