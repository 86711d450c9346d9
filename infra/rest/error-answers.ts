/** Whatever goes wrong in a request ends here, as a problem: nothing of the program's inside leaves it, and what is unexpected is logged. */
import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import type { Log } from "../../market/ports.js";
import { longestBodyBytes } from "./limits.js";
import { NoReplyError } from "./market-door.js";
import { type Problem, ProblemError, problemOf, problemType, sendProblem } from "./problem.js";

export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { bodyLimit = longestBodyBytes, schema } = request.routeOptions;
    const { consumes: [bodyType] = ["application/json"] } = (schema ?? {}) as { readonly consumes?: readonly string[] };
    const problem = problemFrom(error, bodyLimit, bodyType);
    if (problem !== undefined) return sendProblem(reply, problem);
    const incident = randomUUID();
    // Never the headers or the body: they may hold a key or a name.
    log.warn(`a request could not be answered`, {
      ...{ incident, method: request.method, route: request.routeOptions.url ?? "?" },
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return sendProblem(reply, problemOf("internal", `the server could not do this; it is logged as ${incident}`));
  });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const what = `${request.method} ${path.length > 200 ? "this path" : path}`;
    return sendProblem(reply, problemOf("not-found", `there is no ${what}: see /swagger/ for what there is`));
  });
}

function problemFrom(error: FastifyError, mostBytes: number, bodyType = "application/json"): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof NoReplyError) {
    return problemOf("no-reply", error.message, error.requestId === undefined ? {} : { requestId: error.requestId });
  }
  if (error.validation !== undefined) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: instancePath,
      message: message ?? "is not valid",
    }));
    const where = { body: "the body", querystring: "the query", params: "the path", headers: "a header" };
    const context = where[(error.validationContext ?? "body") as keyof typeof where];
    const first = errors[0];
    const detail = first === undefined ? "" : `: ${first.path === "/" ? "" : `${first.path} `}${first.message}`;
    return problemOf("bad-message", `${context} is not as it should be${detail}`, { errors });
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return problemOf("too-large", `a body may have at most ${mostBytes} bytes`);
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return problemOf("unsupported-media-type", `a body must be ${bodyType}: name it in the header content-type`);
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return problemOf("bad-message", "the body is empty; it must be a JSON object");
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return problemOf("bad-message", "the body is not JSON");
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return problemOf("bad-message", "the body is not as long as content-length says");
  }
  if (error.statusCode === 429) return problemOf("rate-limited", error.message);
  if (error.statusCode === 406) return problemOf("not-acceptable", error.message);
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return problemOf(error.statusCode === 404 ? "not-found" : "bad-message", "the request is not as it should be");
  }
  return undefined;
}

/** An address that cannot be read meets no route, and none of what is set up for routes. */
export function answerBadUrl(_error: FastifyError, _request: unknown, reply: FastifyReply): void {
  void reply.header("x-content-type-options", "nosniff");
  void sendProblem(reply, problemOf("bad-message", "the address of the request cannot be read: see /swagger/"));
}

/** What is no HTTP, or comes too slowly, gets an answer and the connection ends. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const problem =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? problemOf("request-timeout", "the request came too slowly")
      : error.code === "HPE_HEADER_OVERFLOW"
        ? problemOf("too-large", "the headers are too large")
        : problemOf("bad-message", "this is no HTTP request");
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  if (socket.writable) socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.destroySoon();
}
