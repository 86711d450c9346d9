/** What a retained topic holds, as it was published, with ETag: who has it already gets 304 and no body. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Latest } from "./market-door.js";

export function sendLatest(request: FastifyRequest, reply: FastifyReply, { payload, etag }: Latest): FastifyReply {
  void reply
    .header("etag", etag)
    .header("cache-control", request.account === undefined ? "no-cache" : "private, no-cache");
  if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.type("application/json; charset=utf-8").send(payload);
}

/** Weak comparison, as RFC 9110 (13.1.2) wants it. */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((known) => known.trim().replace(/^W\//, "") === etag);
}
