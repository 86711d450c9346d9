/** Drafts: commands that are kept and sent later, with the draft's id as their requestId. */
import type { FastifyRequest } from "fastify";
import * as z from "zod";
import * as f from "../../../shared/messages/fields.js";
import { isoUtc } from "../../../shared/time.js";
import type { DraftDesk } from "../../registry/registry.js";
import { participantOf } from "../authentication.js";
import { acceptedAnswer, answerCommand, commandProblems } from "../command-answer.js";
import { draftBody } from "../command-bodies.js";
import { draftsPerKey } from "../limits.js";
import type { CommandTopic } from "../market-door.js";
import { granted, ProblemError } from "../problem.js";
import { ownLimit } from "../rate-limits.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const draft = z.object({
  id: f.objectId,
  type: z.enum(["BID", "OFFER", "INFO"]),
  message: z.record(z.string(), z.unknown()),
  keptAt: f.instant,
  expiresAt: f.instant,
});
const example = {
  ...{ id: "d7Qk3", type: "BID", keptAt: "2016-08-01T00:30:00Z", expiresAt: "2016-08-01T02:30:00Z" },
  message: { action: "place", period: "2016-08-01T02:00:00Z", side: "buy", energyKwh: 0.5, pricePerKwh: 0.12 },
};
const answer = (description: string) => ({ description, schema: draft, example });
const path = z.strictObject({ id: f.objectId.meta({ description: "the draft's id", examples: ["d7Qk3"] }) });

type Draft = NonNullable<ReturnType<DraftDesk["get"]>>;

const config = { access: "own" } as const;
const changing = { ...config, ...ownLimit("draft", draftsPerKey) };
const common = { tag: "drafts", access: "own" } as const;
const keeping = ["too-many-drafts", "not-registered", "market-closed"] as const;

export function draftRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  const desk = (): DraftDesk => inside().registry.drafts;
  app.get(
    "/request",
    {
      config,
      schema: about({
        ...{ ...common, summary: "One's own drafts", problems: [] },
        answers: {
          200: {
            ...{ description: "in the order of keeping", schema: z.object({ items: z.array(draft) }) },
            example: { items: [example] },
          },
        },
      }),
    },
    async (request) => ({ items: desk().list(participantOf(request).id).map(draftAnswer) }),
  );
  app.post(
    "/request",
    {
      config: changing,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Keep a draft", problems: keeping },
          description:
            "`message` is the command without `v` and `requestId`: of type BID or OFFER an order or item, of type INFO a meter reading.",
          answers: { 201: answer("kept") },
        }),
        body: draftBody,
      },
    },
    async (request, reply) => {
      const { type, message } = request.body;
      const kept = granted(await desk().keep(participantOf(request).id, { kind: type, message }));
      return reply.code(201).header("location", `/request/${kept.draft.draftId}`).send(draftAnswer(kept.draft));
    },
  );
  oneDraft(app, desk);
  app.post(
    "/submit/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "Send a draft to the market", problems: [...commandProblems, "unknown-draft"] },
          description:
            "Its id is the command's `requestId`: sent again, it gets the same reply and has no second effect.",
          answers: {
            200: acceptedAnswer("accepted; the market's reply", { requestId: "d7Qk3" }),
            201: acceptedAnswer("an order or item is accepted; the market's reply", { requestId: "d7Qk3" }),
          },
        }),
        params: path,
      },
    },
    async (request, reply) => {
      const { draftId, message } = ownDraft(desk(), request, request.params.id);
      const command = { ...message, requestId: draftId };
      const status = message.action === "list" || message.action === "place" ? 201 : 200;
      return answerCommand(inside().door, request, reply, { topic: topicOf(message), command, status });
    },
  );
}

function oneDraft(app: RestApp, desk: () => DraftDesk): void {
  app.get(
    "/request/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "One draft", problems: ["unknown-draft"] },
          answers: { 200: answer("the draft") },
        }),
        params: path,
      },
    },
    async (request) => draftAnswer(ownDraft(desk(), request, request.params.id)),
  );
  app.put(
    "/request/:id",
    {
      config: changing,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Replace a draft", problems: ["unknown-draft", ...keeping] },
          answers: { 200: answer("kept") },
        }),
        ...{ params: path, body: draftBody },
      },
    },
    async (request) => {
      const { draftId } = ownDraft(desk(), request, request.params.id);
      const { type, message } = request.body;
      const kept = granted(await desk().keep(participantOf(request).id, { draftId, kind: type, message }));
      return draftAnswer(kept.draft);
    },
  );
  app.delete(
    "/request/:id",
    {
      config: changing,
      schema: {
        ...about({
          ...{ ...common, summary: "Drop a draft", problems: ["unknown-draft", "market-closed"] },
          answers: { 204: { description: "dropped" } },
        }),
        params: path,
      },
    },
    async (request, reply) => {
      const { draftId } = ownDraft(desk(), request, request.params.id);
      granted(await desk().drop(participantOf(request).id, draftId));
      return reply.code(204).send();
    },
  );
}

/** @throws ProblemError where it is nobody's, somebody else's or expired. */
function ownDraft(drafts: DraftDesk, request: FastifyRequest, draftId: string): Draft {
  const found = drafts.get(participantOf(request).id, draftId);
  if (found === undefined) throw new ProblemError("unknown-draft", `you have no draft ${draftId}, or it has expired`);
  return found;
}

function draftAnswer({ draftId, kind, message, keptAtMs, expiresAtMs }: Draft) {
  return { id: draftId, type: kind, message, keptAt: isoUtc(keptAtMs), expiresAt: isoUtc(expiresAtMs) };
}

function topicOf({ action }: Draft["message"]): CommandTopic {
  if (action === undefined) return "meter";
  return action === "list" || action === "withdraw" ? "items" : "orders";
}
