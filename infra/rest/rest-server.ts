/**
 * The REST side of a market: one more participant's client, with every route of the contract that is served, `/swagger/`, and the
 * server's own guards. It holds no market rule. Its packages are loaded when it starts: other commands do not wait for them.
 */
import type { Server } from "node:http";
import type { Metrics } from "../observe/metrics.js";
import { authenticateRequests } from "./authentication.js";
import { bareApp, listening } from "./bare-app.js";
import { answerErrors } from "./error-answers.js";
import { setHeaders } from "./headers.js";
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
import { ownMonthRoutes } from "./routes/own-months.js";
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
  return { server: app.server, port: await listening(app, host, port), stop: () => app.close() };
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
    ownMonthRoutes(routes, services);
    disputeRoutes(routes, services);
    eventRoutes(routes, services);
    operatorRoutes(routes, services);
    serviceRoutes(routes, services);
    for (const serve of options.alsoServe ?? []) await serve(routes);
  });
  await app.ready();
  return app;
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
