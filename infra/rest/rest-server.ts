/**
 * The REST side of a market: one more participant's client, with every route of the contract that is served, `/swagger/`, and the
 * server's own guards. It holds no market rule. Its packages are loaded when it starts: other commands do not wait for them.
 */
import type { Server } from "node:http";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { PortTakenError } from "../mqtt/embedded-broker.js";
import type { Metrics } from "../observe/metrics.js";
import { authenticateRequests } from "./authentication.js";
import { answerBadUrl, answerClientError, answerErrors } from "./error-answers.js";
import { setHeaders } from "./headers.js";
import * as limits from "./limits.js";
import { documentRoutes } from "./openapi.js";
import { limitRates } from "./rate-limits.js";
import type { RestApp, RestServices } from "./rest-app.js";
import { disputeRoutes } from "./routes/disputes.js";
import { draftRoutes } from "./routes/drafts.js";
import { eventRoutes } from "./routes/events.js";
import { historyRoutes } from "./routes/history.js";
import { itemRoutes } from "./routes/items.js";
import { marketRoutes } from "./routes/market.js";
import { meterRoutes } from "./routes/meter.js";
import { operatorRoutes } from "./routes/operator.js";
import { orderRoutes } from "./routes/orders.js";
import { ownRoutes } from "./routes/own.js";
import { participantRoutes } from "./routes/participants.js";
import { serviceRoutes } from "./routes/service.js";
import { shadowRoutes } from "./routes/shadows.js";

export interface RestServerOptions extends Omit<RestServices, "metrics"> {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  /** Certificate and key as PEM; without them it speaks plain HTTP. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** Further routes, such as documents and pages. */
  readonly alsoServe?: readonly ((app: RestApp) => void | Promise<void>)[];
}

export interface RestServer {
  readonly port: number;
  /** For what comes over the same port and is no request: WebSockets. */
  readonly server: Server;
  stop(): Promise<void>;
}

/** @throws PortTakenError, or Error with what the platform says. */
export async function createRestServer(options: RestServerOptions): Promise<RestServer> {
  const { host, port } = options;
  const app = await createRestApp(options);
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
      throw new PortTakenError("the HTTP server", port, "--rest-port");
    }
    throw new Error(`the HTTP server cannot start: ${(error as Error).message}`);
  }
  const address = app.server.address();
  return {
    server: app.server,
    port: typeof address === "object" && address !== null ? address.port : port,
    stop: () => app.close(),
  };
}

/** The routes without a socket: for tests, and for whoever listens himself. */
export async function createRestApp(options: Omit<RestServerOptions, "host" | "port">): Promise<RestApp> {
  const app = await bareApp(options.tls);
  const services: RestServices = { ...options, metrics: options.metrics.text };
  await limitRates(app);
  answerErrors(app, options.log);
  authenticateRequests(app, services);
  await setHeaders(app, options.tls !== undefined);
  measure(app, options.metrics);
  await documentRoutes(app);
  await app.register(async (routes: RestApp) => {
    marketRoutes(routes, services);
    historyRoutes(routes, services);
    shadowRoutes(routes, services);
    participantRoutes(routes, services);
    itemRoutes(routes, services);
    orderRoutes(routes, services);
    meterRoutes(routes, services);
    draftRoutes(routes, services);
    ownRoutes(routes, services);
    disputeRoutes(routes, services);
    eventRoutes(routes, services);
    operatorRoutes(routes, services);
    serviceRoutes(routes, services);
    for (const serve of options.alsoServe ?? []) await serve(routes);
  });
  await app.ready();
  return app;
}

async function bareApp(tls: RestServerOptions["tls"]): Promise<RestApp> {
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

function measure(app: RestApp, metrics: Metrics): void {
  const requests = metrics.counter("elecbay_http_requests_total", "Requests answered, by route and status.");
  let open = 0;
  metrics.gauge("elecbay_http_connections", "Open connections to the REST side.", () => open);
  app.server.on("connection", (socket) => {
    open += 1;
    socket.once("close", () => {
      open -= 1;
    });
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    requests.add(1, { method: request.method, route, status: String(reply.statusCode) });
  });
}
