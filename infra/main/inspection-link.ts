/**
 * The connection of an inspection: account `inspect`, a client id for each program. Its last will says that the program is gone, for what it
 * told of its actors is retained; a program that lives takes it back.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import { isoUtc } from "../../shared/time.js";
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
  /** In the program that runs the market: another program's connection broke off, or (`isBack`) is there again. */
  readonly onGone?: ((program: string, isBack: boolean) => void) | undefined;
  readonly marketNow: () => number;
}

export interface InspectionLink extends InspectionSink {
  /** `manage/inspect`, for the program that runs the market. */
  readonly request: Pick<RequestTopic, "say" | "clear">;
  /** This program at this start. */
  readonly program: string;
  /** From now on it hears what operators ask, and first what they have asked before. @throws Error where the broker does not let it */
  listen(): Promise<void>;
  end(): Promise<void>;
}

/** @throws Error where the broker is away, or does not know the account */
export async function openInspectionLink(options: InspectionLinkOptions): Promise<InspectionLink> {
  const { market, url, password, log, onGone } = options;
  const topics = topicsOf(market);
  const program = `${options.program}-${randomBytes(4).toString("hex")}`;
  const gone = topics.inspectGone(program);
  let outgoing: OutgoingInspection | undefined;
  let isEnding = false;
  const request = createRequestTopic(options.wall, (text) => connection.publish(topics.manage("inspect"), text, true));
  const connection: Connection = await options.connect({
    ...{ url, username: "inspect", password, clientId: `inspect/${program}` },
    will: { topic: gone, payload: JSON.stringify({ v: 1, ts: isoUtc(options.marketNow()), program }) },
    onMessage(topic, payload, isRetained) {
      const text = payload.toString("utf8");
      if (topic === topics.manage("inspect")) {
        if (request.hears(text, isRetained)) options.onSwitch(text);
      } else if (topic === gone) {
        if (text !== "") connection.publish(gone, "", true); // it is not
      } else if (topic.startsWith(topics.inspectGone(""))) {
        onGone?.(topic.slice(topics.inspectGone("").length), text === "");
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
    ...{ request, program },
    listen: () =>
      connection.subscribe([
        ...[topics.manage("inspect"), topics.manage("inspect-send")],
        onGone === undefined ? gone : topics.inspectGone("+"),
      ]),
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
