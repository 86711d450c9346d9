/** The operator's view of who takes part, and what it changes of them: registration, suspension, connection, credit, keys. */
import * as z from "zod";
import type { AccountChange } from "../../../market/rules/account.js";
import { microFromMajor, wattFromKw } from "../../../shared/decimal.js";
import * as f from "../../../shared/messages/fields.js";
import type { PersonView } from "../../registry/registry.js";
import {
  account,
  accountAnswer,
  exampleAccount,
  exampleWatchedAccount,
  watched,
  watchedAccount,
} from "../account-answer.js";
import { participantsPerPage } from "../limits.js";
import { granted, ProblemError } from "../problem.js";
import { exampleKey, newKey, registerBody } from "../registration-body.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const text = z.string().trim().min(1).max(64);
const listQuery = z.strictObject({
  after: f.participant.optional().meta({ description: "`next` of the page before", examples: ["p4f7c2a1"] }),
  limit: z.coerce.number().int().min(1).max(participantsPerPage.most).default(participantsPerPage.usual),
  name: text.optional().meta({ description: "those alone whose name holds this", examples: ["ann"] }),
  standing: z
    .enum(["active", "suspended", "left"])
    .optional()
    .meta({ examples: ["active"] }),
});
const operatorsRegisterBody = registerBody
  .omit({ invitation: true })
  .extend({
    id: f.participant.optional().meta({ description: "one is drawn where it is left out" }),
    adopts: z.boolean().optional().meta({
      description: "true: the guest `id` becomes this participant, with its money and its bills, and has a key now",
    }),
  })
  .meta({ examples: [{ name: "Ann Example", role: "prosumer", capacityKw: 7, connectionPoint: "R18", phase: "abc" }] });
const changeBody = z
  .strictObject({
    capacityKw: f.powerKw.min(0).optional(),
    connectionPoint: text.nullable().optional(),
    phase: text.nullable().optional(),
    gateway: f.participant.nullable().optional().meta({ description: "that sends for it, in batches; null: none" }),
    creditLimit: f.money
      .min(0)
      .nullable()
      .optional()
      .meta({ description: "how far below 0 its funds may go: 0 is prepaid, null is no limit" }),
  })
  .refine((change) => Object.keys(change).length > 0, { error: "names nothing to change" })
  .meta({ examples: [{ capacityKw: 7, connectionPoint: "R18", phase: "abc", creditLimit: 20 }] });
const suspendBody = z
  .strictObject({ reason: z.string().trim().min(1).max(200).meta({ description: "the participant is told it" }) })
  .meta({ examples: [{ reason: "its meter is broken" }] });

const path = z.strictObject({
  id: f.participant.meta({ description: "the participant's id", examples: ["p4f7c2a1"] }),
});
const config = { access: "operator" } as const;
const common = { tag: "operator", access: "operator" } as const;
const acting = ["bad-message", "unknown-participant", "has-left", "market-closed"] as const;

export function operatorParticipantRoutes(app: RestApp, services: Services): void {
  readingRoutes(app, services);
  registering(app, services);
  changing(app, services);
  keyRoutes(app, services);
}

type Services = Pick<RestServices, "inside" | "balances">;

async function answered({ inside, balances }: Services, id: string) {
  const one = known(inside, id);
  return accountAnswer(one, one.name, await balances.balances());
}

function readingRoutes(app: RestApp, services: Services): void {
  const { inside, balances } = services;
  app.get(
    "/operator/participants",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "All participants", problems: ["bad-message"] },
          description: "By id, a page at a time: ask with `after` for the next.",
          answers: {
            200: {
              description: "a page of them",
              schema: z.object({ items: z.array(account), next: z.string().nullable() }),
              example: { items: [exampleAccount], next: "p4f7c2a1" },
            },
          },
        }),
        querystring: listQuery,
      },
    },
    async (request) => {
      const { items, next } = inside().registry.operator.list(request.query);
      const held = await balances.balances();
      return { items: items.map((one) => accountAnswer(one, one.name, held)), next: next ?? null };
    },
  );
  app.get(
    "/operator/participants/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, summary: "One participant", problems: ["bad-message", "unknown-participant"] },
          answers: {
            200: {
              description: "the account, its tariff, and what it has open",
              ...{ schema: watchedAccount, example: exampleWatchedAccount },
            },
          },
        }),
        params: path,
      },
    },
    async (request) => {
      const { id } = request.params;
      const one = await answered(services, id);
      return { ...one, ...(await watched(inside().door, id)) };
    },
  );
}

function registering(app: RestApp, { inside }: Services): void {
  app.post(
    "/operator/participants",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Register somebody" },
          description:
            "What the operator says of a connection is confirmed, in every mode of registration but `closed`. A guest's id is taken: `adopts` says that it is the guest whom you register.",
          problems: ["registration-closed", "id-taken", "unknown-participant", "has-left", "market-closed"],
          answers: {
            201: { description: "registered; the key is told this once", schema: newKey, example: exampleKey },
          },
        }),
        body: operatorsRegisterBody,
      },
    },
    async (request, reply) => {
      const { capacityKw, ...rest } = request.body;
      const capacityW = capacityKw === undefined ? undefined : wattFromKw(capacityKw);
      const { id, key } = granted(await inside().registry.operator.register({ ...rest, capacityW }));
      return reply.code(201).header("cache-control", "no-store").send({ id, key });
    },
  );
}

function changing(app: RestApp, services: Services): void {
  const { inside } = services;
  const answers = { 200: { description: "as it is now", schema: account, example: exampleAccount } };
  app.patch(
    "/operator/participants/:id",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Change connection, credit or gateway", problems: acting, answers },
          description:
            "What is left out stays. It holds from the next command on; what the operator says of a connection settles the participant's claim.",
        }),
        ...{ params: path, body: changeBody },
      },
    },
    async (request) => {
      const { id } = request.params;
      granted(await inside().registry.operator.change(id, changeFrom(request.body)));
      return answered(services, id);
    },
  );
  app.post(
    "/operator/participants/:id/suspend",
    {
      config,
      schema: {
        ...about({
          ...{ ...common, takesBody: true, summary: "Suspend a participant", problems: acting, answers },
          description: "Every command is refused from now on. Contracts stand and are billed.",
        }),
        ...{ params: path, body: suspendBody },
      },
    },
    async (request) => {
      const { id } = request.params;
      granted(await inside().registry.operator.suspend(id, request.body.reason));
      return answered(services, id);
    },
  );
  app.post(
    "/operator/participants/:id/resume",
    {
      config,
      schema: {
        ...about({ ...common, summary: "Take a suspension back", problems: acting, answers }),
        params: path,
      },
    },
    async (request) => {
      const { id } = request.params;
      granted(await inside().registry.operator.resume(id));
      return answered(services, id);
    },
  );
}

function keyRoutes(app: RestApp, { inside }: Services): void {
  app.post(
    "/operator/participants/:id/key",
    {
      config,
      schema: {
        ...about({
          ...{
            ...common,
            summary: "A new key for a participant",
            problems: ["bad-message", "unknown-participant", "market-closed"],
          },
          description: "The old one is nobody's at once, and its MQTT connections are cut.",
          answers: { 201: { description: "the new key, told this once", schema: newKey, example: exampleKey } },
        }),
        params: path,
      },
    },
    async (request, reply) => {
      const { id, key } = granted(await inside().registry.operator.renewKey(request.params.id));
      return reply.code(201).header("cache-control", "no-store").send({ id, key });
    },
  );
  app.delete(
    "/operator/participants/:id/key",
    {
      config,
      schema: {
        ...about({
          ...{
            ...common,
            summary: "Revoke a participant's key",
            problems: ["bad-message", "unknown-participant", "market-closed"],
          },
          description:
            "Nobody comes in with it any more, and its MQTT connections are cut, until it is given a new one.",
          answers: {
            200: { description: "revoked", schema: z.object({ id: f.participant }), example: { id: exampleKey.id } },
          },
        }),
        params: path,
      },
    },
    async (request) => {
      const { id } = request.params;
      granted(await inside().registry.operator.revokeKey(id));
      return { id };
    },
  );
}

/** @throws ProblemError where there is nobody of that id */
function known(inside: Services["inside"], id: string): PersonView {
  const found = inside().registry.account(id);
  if (found === undefined) throw new ProblemError("unknown-participant", `nobody is registered as ${id}`);
  return found;
}

function changeFrom({ capacityKw, creditLimit, ...rest }: z.infer<typeof changeBody>): AccountChange {
  return {
    ...rest,
    ...(capacityKw === undefined ? {} : { capacityW: wattFromKw(capacityKw) }),
    ...(creditLimit === undefined
      ? {}
      : { creditLimitMicro: creditLimit === null ? null : microFromMajor(creditLimit) }),
  };
}
