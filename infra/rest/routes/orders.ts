/** Commands about orders: placed, modified, cancelled; and one's own, as the market last told them. */
import * as z from "zod";
import * as f from "../../../shared/messages/fields.js";
import { acceptedAnswer, answerCommand, commandProblems, idempotencyHeader, requestIdOf } from "../command-answer.js";
import { modifyBody, placeBody } from "../command-bodies.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const path = z.strictObject({ id: f.objectId.meta({ description: "the order's id", examples: ["o9"] }) });
const config = { access: "own" } as const;
const common = { tag: "trading", access: "own", problems: commandProblems } as const;

export function orderRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  app.post(
    "/orders",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Place an order" },
          description: "The command `place`. Without `itemId` it goes to the period's auction.",
          answers: { 201: acceptedAnswer("accepted; the market's reply") },
        }),
        headers: idempotencyHeader,
        body: placeBody,
      },
    },
    async (request, reply) => {
      const requestId = requestIdOf(request, request.body.requestId);
      const command = { ...request.body, action: "place", requestId };
      return answerCommand(inside().door, request, reply, { topic: "orders", command, status: 201 });
    },
  );
  app.patch(
    "/orders/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Modify an order" },
          description: "The command `modify`: of the version it is expected to have.",
          answers: { 200: acceptedAnswer("accepted; the market's reply", { version: 2 }) },
        }),
        ...{ headers: idempotencyHeader, params: path, body: modifyBody },
      },
    },
    async (request, reply) => {
      const requestId = requestIdOf(request, request.body.requestId);
      const command = { ...request.body, action: "modify", orderId: request.params.id, requestId };
      return answerCommand(inside().door, request, reply, { topic: "orders", command, status: 200 });
    },
  );
  app.delete(
    "/orders/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "Cancel an order", description: "The command `cancel`." },
          answers: { 200: acceptedAnswer("accepted; the market's reply") },
        }),
        ...{ headers: idempotencyHeader, params: path },
      },
    },
    async (request, reply) => {
      const command = { action: "cancel", orderId: request.params.id, requestId: requestIdOf(request) };
      return answerCommand(inside().door, request, reply, { topic: "orders", command, status: 200 });
    },
  );
}
