/** The switch of what goes wrong on purpose, in a market that was started with a file of faults. */
import * as z from "zod";
import { ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const state = z.object({
  available: z.boolean().meta({ description: "the market was started with `--faults FILE`" }),
  on: z.boolean(),
  faults: z.record(z.string(), z.int().min(0)).meta({ description: "how often each kind has struck so far" }),
});
const example = { available: true, on: true, faults: { "crash-manager": 2, "pause-broker": 1 } };
const wanted = z.strictObject({ on: z.boolean() }).meta({ examples: [{ on: false }] });

const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;
const path = "/operator/chaos";

export function operatorChaosRoutes(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  const told = () => {
    const { chaos } = inside();
    return { available: chaos !== undefined, on: chaos?.isOn() === true, faults: chaos?.counts() ?? {} };
  };
  app.get(
    path,
    {
      config,
      schema: about({
        ...{ ...common, summary: "What goes wrong on purpose", problems: [] },
        answers: { 200: { description: "the switch, and what has struck", schema: state, example } },
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
          ...{ ...common, takesBody: true, summary: "Switch what goes wrong on purpose on or off" },
          description:
            "Faults that have begun end as the file says. What bots do to themselves (clocks, meters) goes on by the file.",
          problems: ["bad-message"],
          answers: { 200: { description: "as it is now", schema: state, example: { ...example, on: false } } },
        }),
        body: wanted,
      },
    },
    async (request) => {
      const { chaos } = inside();
      if (chaos === undefined) {
        throw new ProblemError(
          "bad-message",
          "nothing goes wrong here on purpose: start the market with --faults FILE",
        );
      }
      chaos.turn(request.body.on);
      return told();
    },
  );
}
