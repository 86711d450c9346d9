/** Commands about items: listed and withdrawn. */
import * as z from "zod";
import * as f from "../../../shared/messages/fields.js";
import { acceptedAnswer, answerCommand, commandProblems, idempotencyHeader, requestIdOf } from "../command-answer.js";
import { listBody } from "../command-bodies.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const config = { access: "own" } as const;
const common = { tag: "trading", access: "own", problems: commandProblems } as const;
const ofItem = { topic: "items", itemId: "i7", orderId: undefined };

export function itemRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  app.post(
    "/items",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "List an item: surplus energy to sell, or a need" },
          description: "The command `list`.",
          answers: { 201: acceptedAnswer("accepted; the market's reply", { ...ofItem, requestId: "a1" }) },
        }),
        ...{ headers: idempotencyHeader, body: listBody },
      },
    },
    async (request, reply) => {
      const requestId = requestIdOf(request, request.body.requestId);
      const command = { ...request.body, action: "list", requestId };
      return answerCommand(inside().door, request, reply, { topic: "items", command, status: 201 });
    },
  );
  app.delete(
    "/items/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "Withdraw what of an item is not reserved", description: "The command `withdraw`." },
          answers: { 200: acceptedAnswer("accepted; the market's reply", { ...ofItem, requestId: "a4" }) },
        }),
        headers: idempotencyHeader,
        params: z.strictObject({ id: f.objectId.meta({ description: "the item's id", examples: ["i7"] }) }),
      },
    },
    async (request, reply) => {
      const command = { action: "withdraw", itemId: request.params.id, requestId: requestIdOf(request) };
      return answerCommand(inside().door, request, reply, { topic: "items", command, status: 200 });
    },
  );
}
