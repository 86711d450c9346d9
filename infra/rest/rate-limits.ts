/** Not more than so many requests: of each key, and of each address without a key. 429 names in Retry-After when to come again. */
import type { FastifyRequest } from "fastify";
import { requestsPerAddress, requestsPerKey } from "./limits.js";
import { ProblemError } from "./problem.js";
import type { RestApp } from "./rest-app.js";

/** So many of one kind of request by whom a key says that it is, in the place of the limit on all of them; to be spread into a route's config. */
export function ownLimit(kind: string, { most, windowMs }: { readonly most: number; readonly windowMs: number }) {
  const keyGenerator = (request: FastifyRequest): string => `${kind}/${request.account?.id ?? request.ip}`;
  return { rateLimit: { max: most, timeWindow: windowMs, keyGenerator } };
}

export async function limitRates(app: RestApp): Promise<void> {
  await app.register(import("@fastify/rate-limit"), {
    global: true,
    cache: 20_000,
    max: (request: FastifyRequest) => (request.account === undefined ? requestsPerAddress.most : requestsPerKey.most),
    timeWindow: requestsPerKey.windowMs,
    keyGenerator: (request: FastifyRequest) =>
      request.account === undefined ? `address/${request.ip}` : `key/${request.account.id}`,
    errorResponseBuilder: (_request, { max, after }) =>
      new ProblemError("rate-limited", `more than ${max} requests at once: come again in ${after}`),
  });
}
