/** A command from REST to the market and its reply back, as status and body. */
import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import * as z from "zod";
import * as f from "../../shared/messages/fields.js";
import { accepted } from "../../shared/messages/private.js";
import { type RejectCode, rejectCodeNames } from "../../shared/reject-codes.js";
import { participantOf } from "./authentication.js";
import type { CommandTopic, MarketDoor } from "./market-door.js";
import { ProblemError, problemOf, sendProblem } from "./problem.js";
import type { GoodAnswer } from "./route-schema.js";

/** Headers as they come, with this one where it is. */
export const idempotencyHeader = z.looseObject({
  "idempotency-key": z
    .string()
    .max(66)
    .optional()
    .meta({ description: "the `requestId`, where the body names none: the same again has no second effect" }),
});

/** What every command can meet in the market. */
export const commandProblems: readonly ("no-reply" | RejectCode)[] = [
  "no-reply",
  ...rejectCodeNames.filter((code) => code !== "absent"),
];

const exampleReply = {
  ...{ v: 1, ts: "2016-08-01T00:30:00Z", requestId: "a2", topic: "orders", status: "accepted", orderId: "o9" },
  ...{ version: 1, period: "2016-08-01T02:00:00Z", biddingCycle: 14, acceptedAt: "2016-08-01T00:30:00Z" },
};

export const acceptedAnswer = (description: string, example: object = {}): GoodAnswer => ({
  ...{ description, schema: accepted, example: { ...exampleReply, ...example } },
});

/**
 * The client's own: of the body or the header; else one is made, which the reply names.
 * @throws ProblemError where header and body differ, or the header holds none
 */
export function requestIdOf(request: FastifyRequest, inBody?: string | undefined): string {
  const header = request.headers["idempotency-key"];
  if (header === undefined) return inBody ?? randomUUID();
  const key = String(header).replace(/^"(.*)"$/, "$1");
  if (!f.requestId.safeParse(key).success) {
    throw new ProblemError("bad-message", "the Idempotency-Key must be 1 to 64 of A-Z a-z 0-9 _ -");
  }
  if (inBody !== undefined && inBody !== key) {
    throw new ProblemError("bad-message", "the Idempotency-Key and the requestId in the body differ");
  }
  return key;
}

/** Sends it as the one who asks, and answers with the market's reply. @param status where it is accepted */
export async function answerCommand(
  door: MarketDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    topic,
    command,
    status,
  }: { readonly topic: CommandTopic; readonly command: CommandFields; readonly status: number },
): Promise<FastifyReply> {
  const { id } = participantOf(request);
  const answer = await door.send(id, topic, { v: 1, ...command });
  void reply.header("idempotency-key", command.requestId).header("cache-control", "no-store");
  if (answer.status === "rejected") {
    return sendProblem(reply, problemOf(answer.code, answer.reason, { requestId: command.requestId }));
  }
  return reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

export type CommandFields = Readonly<Record<string, unknown>> & { readonly requestId: string };
