/** Who leaves: with a delivery period, with somebody who follows, and with its name erased. */
import * as z from "zod";
import { wattFromKw } from "../../../shared/decimal.js";
import * as f from "../../../shared/messages/fields.js";
import { account, accountAnswer, exampleAccount } from "../account-answer.js";
import { periodFrom, periodText } from "../period-query.js";
import { granted, ProblemError } from "../problem.js";
import { exampleKey, newKey, registerBody } from "../registration-body.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const path = z.strictObject({
  id: f.participant.meta({ description: "the participant's id", examples: ["p4f7c2a1"] }),
});
const leaveBody = z
  .strictObject({
    from: periodText.optional().meta({ description: "first period that it takes no part in; none: at once" }),
  })
  .meta({ examples: [{ from: "2016-09-01T00:00:00Z" }] });
const tenantBody = registerBody
  .pick({ name: true, capacityKw: true })
  .extend({
    from: periodText.meta({ description: "first period of the newcomer; its bidding has not opened yet" }),
    id: f.participant.optional().meta({ description: "one is drawn where it is left out" }),
  })
  .meta({ examples: [{ name: "Bob Example", from: "2016-09-01T00:00:00Z" }] });
const erased = z.object({
  id: f.participant,
  name: z.null(),
  kept: z.array(z.string()).meta({ description: "what the market keeps of it, under its id alone" }),
});
/** What erasing a name leaves, in words. */
const kept = [
  "its account, contracts, readings, bills and ledger entries, under its id",
  "references, reasons and answers that the operator or the participant wrote: no names belong there",
  "backups that were made before, and journals that --fresh set aside, hold the name until they are deleted",
];

const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;
type Services = Pick<RestServices, "inside" | "balances">;

export function operatorLeavingRoutes(app: RestApp, services: Services): void {
  leaving(app, services);
  following(app, services);
  erasing(app, services);
}

function leaving(app: RestApp, { inside, balances }: Services): void {
  app.post(
    "/operator/participants/:id/leave",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Let somebody leave" },
          description:
            "With `from`, a period whose bidding has not opened yet, it takes part up to the period before; what it contracted is settled with its own readings, which are taken for its own periods also after it has left. Without, it leaves at once: it bids no more, and the last period that is open then is its last.",
          problems: ["unknown-participant", "has-left", "market-closed"],
          answers: { 200: { description: "as it is now", schema: account, example: exampleAccount } },
        }),
        ...{ params: path, body: leaveBody },
      },
    },
    async (request) => {
      const { registry } = inside();
      const { id } = request.params;
      granted(
        await registry.operator.leave(id, request.body.from === undefined ? undefined : periodFrom(request.body.from)),
      );
      const view = registry.account(id);
      if (view === undefined) throw new ProblemError("unknown-participant", `nobody is registered as ${id}`);
      return accountAnswer(view, view.name, await balances.balances());
    },
  );
}

function following(app: RestApp, { inside }: Services): void {
  app.post(
    "/operator/participants/:id/tenant",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Change the tenant of a connection point" },
          description:
            "The participant leaves with the period that the newcomer begins with, at the same connection point and phase, with the same capacity where none is named: both or neither.",
          problems: ["unknown-participant", "has-left", "id-taken", "registration-closed", "market-closed"],
          answers: {
            201: { description: "the newcomer; its key is told this once", schema: newKey, example: exampleKey },
          },
        }),
        ...{ params: path, body: tenantBody },
      },
    },
    async (request, reply) => {
      const { from, capacityKw, ...rest } = request.body;
      const capacityW = capacityKw === undefined ? undefined : wattFromKw(capacityKw);
      const fromMs = periodFrom(from) ?? Number.NaN;
      const { operator } = inside().registry;
      const { id, key } = granted(await operator.changeTenant(request.params.id, fromMs, { ...rest, capacityW }));
      return reply.code(201).header("cache-control", "no-store").send({ id, key });
    },
  );
}

function erasing(app: RestApp, { inside }: Services): void {
  app.delete(
    "/operator/participants/:id/name",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "Erase a person's name", problems: ["bad-message", "unknown-participant"] },
          description:
            "Names stand in a table of their own and are overwritten there; all else knows the participant by its id alone. The answer says what remains.",
          answers: {
            200: { description: "erased", schema: erased, example: { id: "p4f7c2a1", name: null, kept } },
          },
        }),
        params: path,
      },
    },
    async (request) => {
      const { id } = request.params;
      granted(inside().registry.operator.erase(id));
      return { id, name: null, kept };
    },
  );
}
