/**
 * MQTT over WebSockets, on the HTTP server's port at /mqtt: what comes is handed to the broker's thread as it is, under the same guards as
 * what comes over TCP, and counted by the address of the real client.
 */
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import type { EmbeddedBroker } from "./embedded-broker.js";
import type { BrokerLimits } from "./limits.js";
import { ownCopy } from "./message-stream.js";

export interface WebSocketDoor {
  close(): void;
}

/** Which browsers' pages may come. */
export interface PageGuard {
  /** @returns why they may not, with what to do; undefined: they may, or it is no browser */
  refusal(headers: { readonly host?: string | undefined; readonly origin?: string | undefined }): string | undefined;
}

export const webSocketPath = "/mqtt";
const subprotocol = "mqtt";
/** WebSocket close code: no text, MQTT is bytes. */
const unsupportedData = 1003;
/** Who does not take leave by then is cut off. */
const closeWithinMs = 1000;

export function openWebSocketDoor(
  server: Server,
  broker: Pick<EmbeddedBroker, "openStream">,
  limits: Pick<BrokerLimits, "longestPacketBytes" | "mostBeforeLoginBytes">,
  { refusal }: PageGuard,
): WebSocketDoor {
  const sockets = new WebSocketServer({
    ...{ noServer: true, maxPayload: limits.longestPacketBytes, perMessageDeflate: false },
    handleProtocols: () => subprotocol,
  });
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on("error", () => socket.destroy());
    const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((one) => one.trim());
    if (request.headers.upgrade?.toLowerCase() !== "websocket") asPlainRequest(server, request, socket, head);
    else if (request.url?.split("?", 1)[0] !== webSocketPath) refuse(socket, 404);
    else if (refusal(request.headers) !== undefined) refuse(socket, 403, refusal(request.headers));
    else if (!offered.includes(subprotocol)) refuse(socket, 400);
    else sockets.handleUpgrade(request, socket, head, (webSocket) => pass(webSocket, request, broker, limits));
  };
  server.on("upgrade", upgrade);
  return {
    close() {
      server.off("upgrade", upgrade);
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

function pass(
  webSocket: WebSocket,
  { socket }: IncomingMessage,
  broker: Pick<EmbeddedBroker, "openStream">,
  { mostBeforeLoginBytes }: Pick<BrokerLimits, "mostBeforeLoginBytes">,
): void {
  webSocket.on("error", () => webSocket.terminate());
  const bytesBefore = socket.bytesRead;
  // A message is handed over whole: before the login none is allowed to become a long one.
  const watch = (): void => {
    if (socket.bytesRead - bytesBefore > mostBeforeLoginBytes) webSocket.terminate();
  };
  socket.on("data", watch);
  const stream = broker.openStream(socket.remoteAddress ?? "", (message) => {
    switch (message.type) {
      case "stream-data":
        return webSocket.send(message.bytes, () => stream.sent(message.bytes.length));
      case "stream-flow":
        return message.go ? webSocket.resume() : webSocket.pause();
      case "stream-known":
        return void socket.off("data", watch);
      case "stream-closed":
        webSocket.close(); // after what was sent, such as why a login was refused
        setTimeout(() => webSocket.terminate(), closeWithinMs).unref();
    }
  });
  webSocket.on("message", (bytes, isBinary) => {
    if (isBinary) stream.data(ownCopy(bytes as Buffer));
    else webSocket.close(unsupportedData);
  });
  webSocket.once("close", () => stream.close());
}

function refuse(socket: Duplex, status: number, why = ""): void {
  const body = why === "" ? "" : `${why}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...["connection: close", "content-type: text/plain; charset=utf-8", `content-length: ${Buffer.byteLength(body)}`],
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

/** Some clients offer HTTP/2 with every first request, in the header that WebSockets use: answered as if they had not. */
function asPlainRequest(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = [rawHeaders[at], rawHeaders[at + 1]];
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit(socket instanceof TLSSocket ? "secureConnection" : "connection", socket);
}
