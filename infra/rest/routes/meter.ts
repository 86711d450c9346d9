/** Meter readings: one's own, or with `for` those of another from who has the role `meter`. */
import { acceptedAnswer, answerCommand, commandProblems, idempotencyHeader, requestIdOf } from "../command-answer.js";
import { meterBody } from "../command-bodies.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

export function meterRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  const example = { topic: "meter", orderId: undefined, version: undefined, biddingCycle: undefined, requestId: "m1" };
  app.post(
    "/meter",
    {
      config: { access: "own" },
      schema: {
        ...about({
          ...{ tag: "trading", access: "own", problems: commandProblems, takesBody: true },
          summary: "Send a meter reading of a period",
          description: "Taken from the period's end; one that comes after it is due corrects the estimate.",
          answers: { 200: acceptedAnswer("accepted; the market's reply", example) },
        }),
        ...{ headers: idempotencyHeader, body: meterBody },
      },
    },
    async (request, reply) => {
      const command = { ...request.body, requestId: requestIdOf(request, request.body.requestId) };
      return answerCommand(inside().door, request, reply, { topic: "meter", command, status: 200 });
    },
  );
}
