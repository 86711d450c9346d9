/** The switch of the inspection: whether operators see what actors do. */
import * as z from "zod";
import { manageInspect } from "../../../shared/messages/inspection.js";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const { actors, forMinutes } = manageInspect.shape;
const state = z.object({
  on: z.boolean(),
  actors: z.array(z.string()).meta({ description: "patterns of the actors that are shown" }),
  until: z.string().nullable().meta({ description: "wall time at which it ends by itself" }),
  allowsSending: z.boolean().meta({ description: "the market was started with `--inspect-send`" }),
  nodes: z.array(z.string()).meta({ description: "processes and bots of this program" }),
});
const example = {
  ...{ on: true, actors: ["bidding/*", "bot7/x0"], until: "2026-11-23T10:15:00.000Z", allowsSending: false },
  nodes: ["bidding", "exchange", "bot7"],
};
const wanted = z
  .strictObject({ on: z.boolean(), actors, forMinutes })
  .meta({ examples: [{ on: true, actors: ["bidding/*", "bot7/x0"], forMinutes: 15 }] });

const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;
const path = "/operator/inspection";

export function operatorInspectionRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  const inspection = () => {
    const its = inside().inspection;
    if (its === undefined) throw new ProblemError("market-closed", "there is no inspection here");
    return its;
  };
  const told = () => {
    const { untilMs, actors: shown, nodes, ...rest } = inspection().state();
    const until = untilMs === undefined ? null : new Date(untilMs).toISOString();
    return { ...rest, actors: [...shown], nodes: [...nodes], until };
  };
  app.get(
    path,
    {
      config,
      schema: about({
        ...{ ...common, summary: "Whether actors are shown, and which", problems: ["market-closed"] },
        answers: { 200: { description: "as it is now", schema: state, example } },
      }),
    },
    async () => told(),
  );
  app.put(
    path,
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Show actors to operators, or no longer" },
          description:
            "What they do goes to `inspect/#`, in every program of the market. It ends by itself after `forMinutes` (60).",
          problems: ["bad-message", "market-closed"],
          answers: { 200: { description: "as it is now", schema: state, example } },
        }),
        body: wanted,
      },
    },
    async (request) => {
      inspection().turn(request.body);
      return told();
    },
  );
}
