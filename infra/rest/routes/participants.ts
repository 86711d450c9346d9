/** Who takes part: registration, one's own account, a new key, leaving. */
import type { FastifyRequest } from "fastify";
import * as z from "zod";
import { readJson } from "../../../market/door/decode.js";
import { kwFromWatt, majorFromMicro, wattFromKw } from "../../../shared/decimal.js";
import * as f from "../../../shared/messages/fields.js";
import { tariff } from "../../../shared/messages/private.js";
import { participantRoles } from "../../../shared/participant-id.js";
import { isoUtc } from "../../../shared/time.js";
import { filtersOf, topicsOf } from "../../../shared/topics.js";
import type { AccountView } from "../../registry/registry.js";
import { participantOf } from "../authentication.js";
import { registrationsPerAddress } from "../limits.js";
import { type MarketDoor, NoReplyError } from "../market-door.js";
import { granted, ProblemError } from "../problem.js";
import type { RestApp, RestServices } from "../rest-app.js";
import { about } from "../route-schema.js";

const text = z.string().trim().min(1).max(64);
const registerBody = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .meta({ description: "of the person or the household; nobody else is told" }),
    role: z.enum(participantRoles).exclude(["operator"]),
    capacityKw: f.powerKw.min(0).optional().meta({ description: "of the connection; the operator confirms it" }),
    connectionPoint: text.optional(),
    phase: text.optional().meta({ description: "such as `a` or `abc`" }),
    invitation: z.string().max(200).optional().meta({ description: "the code, where the market asks for one" }),
  })
  .meta({ examples: [{ name: "Ann Example", role: "prosumer", capacityKw: 7, connectionPoint: "R18", phase: "abc" }] });

const newKey = z.object({ id: f.participant, key: z.string().meta({ description: "told once and never again" }) });
const registered = newKey.extend({
  mqtt: z.object({
    urls: z.array(z.string()),
    username: f.participant.meta({ description: "the password is the key, the client id the user name" }),
    topics: z.object({ read: z.array(z.string()), write: z.array(z.string()) }),
  }),
});
const exampleKey = { id: "p4f7c2a1", key: "p4f7c2a1.4mQ0bUqQ0Q5y5fY7m1zJ0eKkq3bW9cXvT2nHs8rLd6E" };

const claim = z.object({
  capacityKw: f.powerKw,
  connectionPoint: z.string().nullable(),
  phase: z.string().nullable(),
});
const account = z.object({
  id: f.participant,
  name: z.string().nullable(),
  role: z.enum(participantRoles),
  standing: z.enum(["active", "suspended", "left"]),
  reason: z.string().nullable().meta({ description: "why it is suspended" }),
  ...claim.shape,
  claim: claim.nullable().meta({ description: "what it said of its connection and the operator has not confirmed" }),
  creditLimit: f.money.nullable().meta({ description: "null: no limit" }),
  freeFunds: f.money.nullable().meta({ description: "its balance less what is held; null: no limit, or not told yet" }),
  registeredAt: f.instant.nullable().meta({ description: "null: a member from the start" }),
});
const exampleAccount = {
  ...{ id: exampleKey.id, name: "Ann Example", role: "prosumer", standing: "active", reason: null },
  ...{ capacityKw: 4, connectionPoint: null, phase: null },
  claim: { capacityKw: 7, connectionPoint: "R18", phase: "abc" },
  ...{ creditLimit: 20, freeFunds: 12.5, registeredAt: "2016-08-01T00:30:00Z" },
};

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
        answers: { 200: { description: "the account", schema: account, example: exampleAccount } },
      }),
    },
    async (request) => {
      const { id } = participantOf(request);
      const { door, registry } = inside();
      const found = registry.account(id);
      if (found === undefined) throw new ProblemError("not-registered", `nobody is registered as ${id}`);
      return accountAnswer(found, found.name, await freeFunds(door, id));
    },
  );
  app.delete(
    "/participants/me",
    {
      config,
      schema: about({
        ...{ ...common, summary: "Leave the market for good", problems: ["has-left", "market-closed"] },
        description: "Contracts stand and are billed; meter readings are still taken.",
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
      config,
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
      return reply.send({ id, key, mqtt: mqttOf(market, id, mqttUrls) });
    },
  );
}

function mqttOf(market: string, id: string, urls: readonly string[]) {
  const [topics, filters] = [topicsOf(market), filtersOf(market)];
  const write = (["items", "orders", "meter", "ready", "status"] as const).map((name) => topics.in(id, name));
  return { urls, username: id, topics: { read: [filters.everythingPublic, filters.ownPrivate(id)], write } };
}

function accountAnswer(view: AccountView, name: string | null, funds: number | null): z.infer<typeof account> {
  const { id, role, standing, reason, connectionPoint, phase, registeredAtMs } = view;
  const creditLimitMicro = view.creditLimitMicro ?? null;
  return {
    ...{ id, name, role, standing, reason, connectionPoint, phase, capacityKw: kwFromWatt(view.capacityW) },
    claim: view.claim === null ? null : { ...connectionOf(view.claim) },
    creditLimit: creditLimitMicro === null ? null : majorFromMicro(creditLimitMicro),
    freeFunds: funds,
    registeredAt: registeredAtMs === null ? null : isoUtc(registeredAtMs),
  };
}

function connectionOf({ capacityW, connectionPoint, phase }: NonNullable<AccountView["claim"]>) {
  return { capacityKw: kwFromWatt(capacityW), connectionPoint, phase };
}

/** As the market last told it; null while the broker is away. */
async function freeFunds(door: MarketDoor, id: string): Promise<number | null> {
  try {
    const told = (await door.own(id)).latest("tariff")?.payload;
    return tariff.safeParse(readJson(told ?? "")).data?.freeFunds ?? null;
  } catch (error) {
    if (error instanceof NoReplyError) return null;
    throw error;
  }
}
