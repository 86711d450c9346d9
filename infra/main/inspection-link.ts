/** The connection of an inspection: account `inspect`, a client id for each program. */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import { topicsOf } from "../../shared/topics.js";
import type { InspectionSink } from "../inspect/inspection.js";
import { createOutgoingInspection, type OutgoingInspection } from "../inspect/outgoing-inspection.js";
import { createRequestTopic, type RequestTopic } from "../inspect/request-topic.js";
import type { Connect, Connection } from "../mqtt/connection.js";

export interface InspectionLinkOptions {
  readonly market: string;
  readonly url: string;
  readonly program: string;
  readonly password: string;
  readonly connect: Connect;
  readonly wall: Clock;
  readonly log: Log;
  /** What is new on `manage/inspect`; empty: cleared. */
  readonly onSwitch: (text: string) => void;
  readonly onSend: (text: string) => void;
}

export interface InspectionLink extends InspectionSink {
  /** `manage/inspect`, for the program that runs the market. */
  readonly request: Pick<RequestTopic, "say" | "clear">;
  /** From now on it hears what operators ask, and first what they have asked before. @throws Error where the broker does not let it */
  listen(): Promise<void>;
  end(): Promise<void>;
}

/** @throws Error where the broker is away, or does not know the account */
export async function openInspectionLink(options: InspectionLinkOptions): Promise<InspectionLink> {
  const { market, url, program, password, log } = options;
  const topics = topicsOf(market);
  let outgoing: OutgoingInspection | undefined;
  let isEnding = false;
  const request = createRequestTopic(options.wall, (text) => connection.publish(topics.manage("inspect"), text, true));
  const connection: Connection = await options.connect({
    ...{ url, username: "inspect", password, clientId: `inspect/${program}-${randomBytes(4).toString("hex")}` },
    onMessage(topic, payload, isRetained) {
      const text = payload.toString("utf8");
      if (topic === topics.manage("inspect")) {
        if (request.hears(text, isRetained)) options.onSwitch(text);
      } else if (topic === topics.manage("inspect-send") && !isRetained && text !== "") options.onSend(text);
    },
    onConnect() {
      request.connected();
      outgoing?.tellAnew();
    },
    onDisconnect: request.lost,
    onError: (error) => log.warn("the inspection has trouble with the broker", { error: error.message }),
  });
  const sink = createOutgoingInspection(connection);
  outgoing = sink;
  return {
    request,
    listen: () => connection.subscribe([topics.manage("inspect"), topics.manage("inspect-send")]),
    publish(topic, text) {
      if (!isEnding) sink.publish(topic, text);
    },
    publishEvents(topic, batch) {
      if (!isEnding) sink.publishEvents(topic, batch);
    },
    async end() {
      isEnding = true;
      sink.flush();
      if (sink.leftOut() > 0)
        log.warn("the broker did not keep up with the inspection", { eventsLeftOut: sink.leftOut() });
      await connection.end(500);
    },
  };
}
