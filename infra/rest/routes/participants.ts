/** Who takes part: registration, one's own account, a new key, leaving. */
import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { wattFromKw } from "../../../shared/decimal.js";
import * as f from "../../../shared/messages/fields.js";
import type { ParticipantRole } from "../../../shared/participant-id.js";
import { filtersOf, topicsOf } from "../../../shared/topics.js";
import { accountAnswer, exampleOwnAccount, freeFunds, ownAccount } from "../account-answer.js";
import { participantOf } from "../authentication.js";
import { keysPerKey, movementsShown, registrationsPerAddress } from "../limits.js";
import { paymentShown } from "../payment-answer.js";
import { granted, ProblemError } from "../problem.js";
import { ownLimit } from "../rate-limits.js";
import { exampleKey, newKey, registerBody } from "../registration-body.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const registered = newKey.extend({
  mqtt: z.object({
    urls: z.array(z.string()),
    username: f.participant.meta({ description: "the password is the key, the client id the user name" }),
    topics: z.object({ read: z.array(z.string()), write: z.array(z.string()) }),
  }),
});
const config = { access: "own" } as const;
const common = { tag: "participants", access: "own" } as const;

export function participantRoutes(app: RestApp, services: RestServices): void {
  registration(app, services);
  const { inside } = services;
  app.get(
    "/participants/me",
    {
      config,
      schema: about({
        ...{ ...common, summary: "One's own account and balance", problems: ["not-registered"] },
        answers: { 200: { description: "the account", schema: ownAccount, example: exampleOwnAccount } },
      }),
    },
    async (request) => {
      const { id } = participantOf(request);
      const { door, registry } = inside();
      const found = registry.account(id);
      if (found === undefined) throw new ProblemError("not-registered", `nobody is registered as ${id}`);
      const [balances, funds] = await Promise.all([services.balances.balances(), freeFunds(door, id)]);
      const movements = registry.payments.list({ participant: id, state: "booked", limit: movementsShown }) ?? [];
      return {
        ...accountAnswer(found, found.name, balances),
        freeFunds: funds,
        movements: movements.map(paymentShown),
      };
    },
  );
  app.delete(
    "/participants/me",
    {
      config,
      schema: about({
        ...{ ...common, summary: "Leave the market for good", problems: ["has-left", "market-closed"] },
        description:
          "Contracts stand and are billed. The last period that is open now is one's last: up to it meter readings are still taken.",
        answers: {
          200: {
            description: "left",
            schema: z.object({ id: f.participant, standing: z.literal("left") }),
            example: { id: exampleKey.id, standing: "left" },
          },
        },
      }),
    },
    async (request) => {
      const { id } = participantOf(request);
      granted(await inside().registry.leave(id));
      return { id, standing: "left" };
    },
  );
  app.post(
    "/participants/me/key",
    {
      config: { ...config, ...ownLimit("key", keysPerKey) },
      schema: about({
        ...{ ...common, summary: "A new key in place of the old one", problems: ["has-left", "market-closed"] },
        description: "The old one is nobody's at once, and its MQTT connections are cut.",
        answers: { 201: { description: "the new key", schema: newKey, example: exampleKey } },
      }),
    },
    async (request, reply) => {
      const { id, key } = granted(await inside().registry.renewKey(participantOf(request).id));
      return reply.code(201).header("cache-control", "no-store").send({ id, key });
    },
  );
}

function registration(app: RestApp, { market, inside }: RestServices): void {
  app.post(
    "/participants",
    {
      config: {
        rateLimit: {
          ...{ max: registrationsPerAddress.most, timeWindow: registrationsPerAddress.windowMs },
          keyGenerator: (request: FastifyRequest) => `register/${request.ip}`,
        },
      },
      schema: {
        ...about({
          ...{ tag: "participants", access: "public", takesBody: true, summary: "Register" },
          description:
            "The operator confirms connection point and capacity; until then a newcomer has the market's own.",
          problems: ["registration-closed", "invitation-invalid", "id-taken", "market-closed"],
          answers: {
            201: {
              description: "registered; the key is told this once",
              schema: registered,
              example: { ...exampleKey, mqtt: mqttOf("main", exampleKey.id, ["mqtt://127.0.0.1:1883"]) },
            },
          },
        }),
        body: registerBody,
      },
    },
    async (request, reply) => {
      const { capacityKw, ...rest } = request.body;
      const { registry, mqttUrls } = inside();
      const capacityW = capacityKw === undefined ? undefined : wattFromKw(capacityKw);
      const { id, key } = granted(await registry.register({ ...rest, capacityW }));
      void reply.code(201).header("cache-control", "no-store");
      return reply.send({ id, key, mqtt: mqttOf(market, id, mqttUrls(request.hostname), rest.role) });
    },
  );
}

function mqttOf(market: string, id: string, urls: readonly string[], role: ParticipantRole = "prosumer") {
  const [topics, filters] = [topicsOf(market), filtersOf(market)];
  const own = role === "gateway" ? (["batch"] as const) : (["items", "orders", "meter"] as const);
  const write = [...own, ...(["ready", "status"] as const)].map((name) => topics.in(id, name));
  return { urls, username: id, topics: { read: [filters.everythingPublic, filters.ownPrivate(id)], write } };
}
