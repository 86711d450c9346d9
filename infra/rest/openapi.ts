/** OpenAPI 3.1 from the routes' own schemas, at `/swagger/json`; to read and try at `/swagger/`, with nothing from elsewhere. */
import type { jsonSchemaTransform } from "fastify-type-provider-zod";
import { programVersion } from "../version.js";
import type { RestApp } from "./rest-app.js";

interface Answer {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly examples?: object }>>;
}
type Answers = Record<string, Answer>;
type Transform = typeof jsonSchemaTransform;

/** The zod transform keeps of an answer's forms only the schema, and wants one of each: examples and empty answers are put back. */
const withExamples =
  (toJson: Transform): Transform =>
  (document) => {
    const given = (document.schema as { response?: Answers } | undefined)?.response;
    if (given === undefined) return toJson(document);
    const withBody = Object.fromEntries(Object.entries(given).filter(([, { content }]) => content !== undefined));
    const transformed = toJson({ ...document, schema: { ...document.schema, response: withBody } });
    const response = (transformed.schema as { response?: Answers }).response ?? {};
    for (const [status, { description, content }] of Object.entries(given)) {
      if (content === undefined) Object.assign(response, { [status]: { description, type: "null" } });
      for (const [type, { examples }] of Object.entries(content ?? {})) {
        const form = response[status]?.content?.[type];
        if (form !== undefined && examples !== undefined) Object.assign(form, { examples });
      }
    }
    return transformed;
  };

export async function documentRoutes(app: RestApp): Promise<void> {
  const zodTransforms = await import("fastify-type-provider-zod");
  await app.register(import("@fastify/swagger"), {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "open-elecbay",
        version: programVersion,
        description:
          "A local energy market over REST. A command goes onto the market's broker as its participant's, and the answer is the market's own reply; reads are what the topics hold. Energy in kWh with at most 3 decimals, prices in the market's currency per kWh with at most 6, times in ISO 8601 UTC.",
      },
      tags: [
        { name: "market", description: "What everybody may read, without a key" },
        { name: "participants", description: "Register, one's own account, keys" },
        { name: "trading", description: "Commands: items, orders, meter readings" },
        { name: "drafts", description: "Commands kept to be sent later" },
        { name: "own", description: "What one alone may read" },
        { name: "operator", description: "For the operator's key alone: participants, invitations, money, tariffs" },
        { name: "service", description: "Health and metrics" },
      ],
      components: {
        securitySchemes: {
          key: {
            type: "http",
            scheme: "bearer",
            description: "the key told at registration; the operator's for /operator",
          },
        },
      },
    },
    transform: withExamples(zodTransforms.jsonSchemaTransform),
    transformObject: zodTransforms.jsonSchemaTransformObject,
  });
  await app.register(import("@fastify/swagger-ui"), {
    routePrefix: "/swagger",
    staticCSP: false,
    uiConfig: { deepLinking: true, persistAuthorization: false, validatorUrl: null, tryItOutEnabled: true },
  });
}
