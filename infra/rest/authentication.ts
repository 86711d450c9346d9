/**
 * Whose key came with a request: `Authorization: Bearer <key>`.
 *
 * A key that is nobody's is refused everywhere, and an address that brings too many of them is told to wait. A right key from there still
 * opens: many may stand behind one address, and 256 random bits are not guessed. Keys are compared by the registry, in constant time; none
 * is ever logged.
 */
import type { FastifyRequest } from "fastify";
import type { AccountView } from "../registry/registry.js";
import { wrongKeysPerAddress } from "./limits.js";
import { ProblemError } from "./problem.js";
import type { MarketInside, RestApp, RestServices } from "./rest-app.js";

const longestKey = 512;

/** The rate limits are registered. */
export function authenticateRequests(app: RestApp, { inside }: Pick<RestServices, "inside">): void {
  app.decorateRequest("account", undefined);
  const wrongKeys = app.createRateLimit({
    max: wrongKeysPerAddress.most,
    timeWindow: wrongKeysPerAddress.windowMs,
    keyGenerator: (request) => `wrong-key/${request.ip}`,
  });
  app.addHook("onRequest", async (request, reply) => {
    const header = request.headers.authorization;
    if (header !== undefined) {
      request.account = await accountOf(inside().registry, header);
      if (request.account === undefined) {
        const wrong = await wrongKeys(request);
        if (wrong.isAllowed || !wrong.isExceeded) throw new ProblemError("not-registered", "this key is nobody's");
        void reply.header("retry-after", wrong.ttlInSeconds);
        throw new ProblemError("rate-limited", "too many keys that are nobody's came from this address: wait");
      }
    }
    const { access = "public" } = request.routeOptions.config;
    if (access !== "public" && request.account === undefined) throw keyMissing();
    if (access === "operator" && request.account?.role !== "operator")
      throw new ProblemError("not-owner", "this is for the operator's key");
  });
}

const keyMissing = () => new ProblemError("not-registered", "send your key: Authorization: Bearer <key>");

async function accountOf(registry: MarketInside["registry"], header: string): Promise<AccountView | undefined> {
  const key = keyFrom(header);
  return key === undefined ? undefined : registry.authenticate(key);
}

/** The bearer key of an Authorization header; undefined where it holds none. */
export function keyFrom(header: string | undefined): string | undefined {
  const key = /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
  return key === undefined || key.length > longestKey ? undefined : key;
}

/** Who asks, on a route that needs a key. @throws ProblemError for the operator, who is no participant. */
export function participantOf(request: FastifyRequest): AccountView {
  const { account } = request;
  if (account === undefined) throw keyMissing();
  if (account.role === "operator") throw new ProblemError("not-owner", "the operator's key is for /operator");
  return account;
}
