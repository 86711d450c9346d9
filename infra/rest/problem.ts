/** Errors as `application/problem+json` (RFC 9457): one form for the market's rejections and for what the server itself refuses. */
import type { FastifyReply } from "fastify";
import * as z from "zod";
import type { Refused } from "../registry/registry.js";
import { type ProblemCode, problemCodes, statusOf, titleOf } from "./problem-catalogue.js";

export const problemType = "application/problem+json";

export const problemSchema = z
  .object({
    type: z.string().meta({ description: "names the kind of problem, like `code`" }),
    title: z.string(),
    status: z.int(),
    code: z.enum(problemCodes),
    detail: z.string().meta({ description: "a sentence with the numbers in it" }),
    requestId: z.string().optional().meta({ description: "of the command: to send the same again" }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "what is wrong with which field" }),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;

type More = Partial<Pick<Problem, "requestId" | "errors">>;

/** @param detail a sentence for whoever asked; nothing of the program's inside */
export function problemOf(code: ProblemCode, detail: string, more: More = {}): Problem {
  return { type: `urn:elecbay:problem:${code}`, title: titleOf(code), status: statusOf(code), code, detail, ...more };
}

/** Thrown by a route to be answered as a problem. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  constructor(code: ProblemCode, detail: string, more: More = {}) {
    super(detail);
    this.problem = problemOf(code, detail, more);
  }
}

/** @throws ProblemError where the registrar refused; returns what it granted. */
export function granted<T extends { readonly ok: true }>(outcome: T | Refused): T {
  if (outcome.ok) return outcome;
  throw new ProblemError(outcome.code, outcome.reason);
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 401) void reply.header("www-authenticate", 'Bearer realm="elecbay"');
  // The market counts commands by the second.
  if (problem.status === 429 && !reply.hasHeader("retry-after")) void reply.header("retry-after", "1");
  if (problem.status === 503 && !reply.hasHeader("retry-after")) void reply.header("retry-after", "5");
  return reply.code(problem.status).type(problemType).send(JSON.stringify(problem));
}
