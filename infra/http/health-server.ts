/**
 * `/healthz` (the process is there) and `/readyz` (the market is online). The REST API comes onto this port later.
 */
import { createServer, type Server } from "node:http";
import { PortTakenError } from "../mqtt/embedded-broker.js";

export interface HealthServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** @throws PortTakenError, or Error with what the platform says. */
export function startHealthServer(host: string, port: number, isReady: () => boolean): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split("?")[0];
    const ready = isReady();
    const [status, body] =
      path === "/healthz"
        ? [200, { status: "ok" }]
        : path === "/readyz"
          ? [ready ? 200 : 503, { status: ready ? "ready" : "starting" }]
          : [
              404,
              {
                title: "Not found",
                status: 404,
                detail: `there is no ${path} here yet: see docs/observe.md for what can be read over MQTT`,
              },
            ];
    const type = status === 404 ? "application/problem+json" : "application/json";
    response.writeHead(status, { "content-type": type }).end(`${JSON.stringify(body)}\n`);
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = error.code === "EADDRINUSE";
      reject(
        taken
          ? new PortTakenError("the HTTP server", port, "--rest-port")
          : new Error(`the HTTP server cannot start: ${error.message}`),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        stop: () => stop(server),
      });
    });
  });
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
