/** What a route says of itself in OpenAPI: a summary, and every answer it can give with an example. */
import type * as z from "zod";
import { problemOf, problemSchema, problemType } from "./problem.js";
import { type ProblemCode, statusOf } from "./problem-catalogue.js";
import type { Access } from "./rest-app.js";

export interface GoodAnswer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** `application/json` where it is not named. */
  readonly type?: string;
  /** Further forms, by media type. */
  readonly also?: Readonly<Record<string, { readonly schema: z.ZodType; readonly example: string }>>;
}

export interface RouteAbout {
  readonly tag: "participants" | "drafts" | "trading" | "market" | "own" | "operator" | "service";
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly answers: Readonly<Record<number, GoodAnswer>>;
  /** What it can refuse beside what every route can. */
  readonly problems: readonly ProblemCode[];
  /** It takes a body. */
  readonly takesBody?: boolean;
}

/** Sentences of the examples; other codes are shown with their own name. */
const details: Partial<Record<ProblemCode, string>> = {
  "bad-message": "the body is not as it should be: /energyKwh has more than 3 decimals or is too large",
  "not-registered": "send your key: Authorization: Bearer <key>",
  "gate-closed": "gate of 2016-08-01T02:00:00Z closed at 2016-08-01T01:00:00Z",
  "no-reply": "the market has not replied in time",
  "rate-limited": "more than 1000 requests at once: come again in 10 seconds",
  "too-large": "a body may have at most 8192 bytes",
  "unsupported-media-type": "a body must be application/json: name it in the header content-type",
  internal: "the server could not do this; it is logged as 5d1c3f2e-8f0a-4d0e-9a3a-0d9a6b7c1e42",
};

/** To be spread into a route's schema, beside its zod schemas of body, query and path. */
export function about({ tag, summary, description, access, answers, problems, takesBody }: RouteAbout) {
  const all: ProblemCode[] = [
    ...problems,
    ...(takesBody === true ? (["bad-message", "too-large", "unsupported-media-type"] as const) : []),
    ...(access === "operator" ? (["not-owner", "market-closed"] as const) : []),
    ...(["not-registered", "rate-limited", "internal"] as const),
  ];
  const response: Record<number, object> = {};
  for (const [status, answer] of Object.entries(answers)) response[Number(status)] = goodAnswer(answer);
  for (const [status, codes] of byStatus(all)) response[status] = refusal(codes);
  return {
    ...{ summary, tags: [tag], response },
    ...(description === undefined ? {} : { description }),
    security: access === "public" ? [] : [{ key: [] }],
  };
}

function goodAnswer({ description, schema, example, type = "application/json", also = {} }: GoodAnswer): object {
  if (schema === undefined) return { description };
  const content: Record<string, object> = { [type]: { schema, examples: { example: { value: example } } } };
  for (const [media, form] of Object.entries(also)) {
    content[media] = { schema: form.schema, examples: { example: { value: form.example } } };
  }
  return { description, content };
}

function byStatus(codes: readonly ProblemCode[]): Map<number, ProblemCode[]> {
  const grouped = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) grouped.set(statusOf(code), [...(grouped.get(statusOf(code)) ?? []), code]);
  return grouped;
}

function refusal(codes: readonly ProblemCode[]): object {
  const examples = Object.fromEntries(
    codes.map((code) => [code, { value: problemOf(code, details[code] ?? `the reason for ${code}, as a sentence`) }]),
  );
  return { description: codes.join(", "), content: { [problemType]: { schema: problemSchema, examples } } };
}
