/** A server with its guards and without a route: its packages are loaded when it starts, so that other commands do not wait for them. */
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { PortTakenError } from "../mqtt/embedded-broker.js";
import { answerBadUrl, answerClientError } from "./error-answers.js";
import * as limits from "./limits.js";
import type { RestApp } from "./rest-app.js";

/** Listens. @param flag that names the port @returns the port @throws PortTakenError, or Error with what the platform says; the server is closed then */
export async function listening(app: RestApp, host: string, port: number, flag = "--rest-port"): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
      throw new PortTakenError("the HTTP server", port, flag);
    }
    throw new Error(`the HTTP server cannot start: ${(error as Error).message}`);
  }
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

/** @param tls certificate and key as PEM; undefined: plain HTTP */
export async function bareApp(
  tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined,
): Promise<RestApp> {
  const [{ default: fastify }, { validatorCompiler }] = await Promise.all([
    import("fastify"),
    import("fastify-type-provider-zod"),
  ]);
  const timing = { connectionsCheckingInterval: limits.lookForLateMs };
  const app = fastify({
    ...(tls === undefined ? { http: timing } : { https: { ...timing, ...tls } }),
    bodyLimit: limits.longestBodyBytes,
    requestTimeout: limits.requestWithinMs,
    keepAliveTimeout: limits.idleConnectionMs,
    forceCloseConnections: true,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerBadUrl,
    logger: false,
  }) as unknown as RestApp;
  app.server.headersTimeout = limits.headersWithinMs;
  app.server.maxConnections = limits.mostConnections;
  const parsed = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    // Many clients name the type whether or not there is a body.
    if (body === "") done(null, undefined);
    else void parsed(request, body, done);
  });
  app.setValidatorCompiler(validatorCompiler);
  // What is answered is the market's own, made and checked there.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  return app.withTypeProvider<ZodTypeProvider>();
}
