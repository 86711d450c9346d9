/**
 * Server-sent events: what comes on one's own topics, as it comes. First what is retained, then whatever follows; a comment
 * every 15 s keeps it open. Streams are bounded, and who does not read is cut off.
 */
import type { ServerResponse } from "node:http";
import * as z from "zod";
import { keyFrom, participantOf } from "../authentication.js";
import { heartbeatMs, mostStreams, mostStreamsOfOne, mostUnreadBytes } from "../limits.js";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const example = `event: replies\ndata: {"v":1,"ts":"2016-08-01T00:30:00Z","requestId":"a2","topic":"orders","status":"accepted"}\n\n`;

export function eventRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  const streams = new Set<ServerResponse>();
  const countOf = new Map<string, number>();
  app.addHook("preClose", async () => {
    for (const stream of streams) stream.destroy();
  });
  app.get(
    "/events",
    {
      config: { access: "own" },
      exposeHeadRoute: false,
      schema: about({
        ...{ tag: "own", access: "own", summary: "What comes on one's own topics, as server-sent events" },
        description:
          "The event is named for the topic below `private/<id>/` (`replies`, `fills`, `orders`, `tariff`, `statement`, `contracts`, `bills`), the data is the message.",
        problems: ["no-reply"],
        answers: {
          200: { description: "a stream", type: "text/event-stream", schema: z.string(), example },
        },
      }),
    },
    async (request, reply) => {
      const { id } = participantOf(request);
      const { door, registry } = inside();
      const ofOne = countOf.get(id) ?? 0;
      if (streams.size >= mostStreams || ofOne >= mostStreamsOfOne) {
        throw new ProblemError("rate-limited", `not more than ${mostStreamsOfOne} streams of events at once`);
      }
      countOf.set(id, ofOne + 1);
      const stream = reply.raw;
      streams.add(stream);
      let stopHearing = (): void => {};
      let isOpen = true;
      const write = (text: string): void => {
        if (!isOpen) return;
        if (stream.writableLength > mostUnreadBytes) stream.destroy();
        else stream.write(text);
      };
      const beat = setInterval(() => {
        write(": still here\n\n");
        // A key that was renewed or revoked meanwhile opens nothing any more.
        void registry
          .authenticate(keyFrom(request.headers.authorization) ?? "")
          .catch(() => undefined)
          .then((account) => account?.id === id || stream.destroy());
      }, heartbeatMs);
      const end = (): void => {
        if (!isOpen) return;
        isOpen = false;
        clearInterval(beat);
        stopHearing();
        streams.delete(stream);
        const left = (countOf.get(id) ?? 1) - 1;
        if (left === 0) countOf.delete(id);
        else countOf.set(id, left);
      };
      stream.once("close", end);
      const early: string[] = [];
      let tell = (text: string): void => void early.push(text);
      try {
        stopHearing = await door.listen(id, (name, payload) => tell(eventText(name, payload)));
      } catch (error) {
        end();
        throw error;
      }
      if (!isOpen) return stopHearing();
      reply.hijack();
      const headers = { ...reply.getHeaders(), "content-type": "text/event-stream; charset=utf-8" };
      stream.writeHead(200, { ...headers, "cache-control": "no-store", "x-accel-buffering": "no" } as never);
      write(`retry: 3000\n\n${early.join("")}`);
      tell = write;
    },
  );
}

/** Payloads are JSON on one line. */
function eventText(name: string, payload: string): string {
  return `event: ${name.split("/")[0]}\ndata: ${payload.replaceAll(/[\r\n]+/g, " ")}\n\n`;
}
