/** For whoever watches over the program: is it there, can it serve, and its figures for Prometheus. */
import * as z from "zod";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

export function serviceRoutes(app: RestApp, { isReady, metrics }: Pick<RestServices, "isReady" | "metrics">): void {
  const config = { rateLimit: false } as const;
  app.get(
    "/healthz",
    {
      config,
      schema: about({
        ...{ tag: "service", access: "public", summary: "Whether the program is there", problems: [] },
        answers: {
          200: { description: "it is", schema: z.object({ status: z.literal("ok") }), example: { status: "ok" } },
        },
      }),
    },
    async () => ({ status: "ok" }),
  );
  const readiness = z.object({ status: z.enum(["ready", "starting"]) });
  app.get(
    "/readyz",
    {
      config,
      schema: about({
        ...{ tag: "service", access: "public", summary: "Whether the market is online", problems: [] },
        answers: {
          200: { description: "it is", schema: readiness, example: { status: "ready" } },
          503: { description: "not yet, or not now", schema: readiness, example: { status: "starting" } },
        },
      }),
    },
    async (_request, reply) => {
      const ready = isReady();
      return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "starting" });
    },
  );
  app.get(
    "/metrics",
    {
      config,
      schema: about({
        ...{ tag: "service", access: "public", summary: "Figures of the running market for Prometheus", problems: [] },
        answers: {
          200: {
            ...{ description: "exposition format 0.0.4", type: "text/plain", schema: z.string() },
            example: "# TYPE elecbay_gates_closed_total counter\nelecbay_gates_closed_total 12\n",
          },
        },
      }),
    },
    async (_request, reply) => reply.type("text/plain; version=0.0.4; charset=utf-8").send(metrics()),
  );
}
