/** The ports that the embedded broker listens on: the door for all, and one on loopback for the market where that one is elsewhere or speaks TLS. */
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer } from "node:tls";
import type { BrokerThreadData, Certificate } from "./broker-messages.js";

export interface BrokerDoors {
  readonly port: number;
  readonly insidePort: number;
  /** For the next connections; of no use where the door speaks no TLS. @throws Error where it is none */
  setCertificate(tls: Certificate): void;
  /** Nobody comes in any more, and who is in is cut off. */
  close(): void;
}

/** A TLS client has to have said hello that soon. */
const handshakeWithinMs = 5000;
const loopback = "127.0.0.1";

/** @throws NodeJS.ErrnoException of the platform */
export async function openBrokerDoors(
  { host, port, tls, insidePort }: Pick<BrokerThreadData, "host" | "port" | "tls" | "insidePort">,
  onSocket: (socket: Socket) => void,
): Promise<BrokerDoors> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  };
  const take = (socket: Socket): void => {
    keep(socket);
    onSocket(socket);
  };
  const plain = (): Server => createServer({ noDelay: true }, take);
  const secure = (): Server => {
    const server = createTlsServer({ ...tls, noDelay: true, handshakeTimeout: handshakeWithinMs }, take);
    server.on("connection", keep); // also who never says hello
    return server;
  };
  const outside = await listening(tls === undefined ? plain() : secure(), port, host);
  const inside = insidePort === undefined ? undefined : await listening(plain(), insidePort, loopback);
  return {
    port: outside.port,
    insidePort: (inside ?? outside).port,
    setCertificate(given) {
      if (outside.server instanceof TlsServer) outside.server.setSecureContext({ ...given });
    },
    close() {
      outside.server.close();
      inside?.server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function listening(server: Server, port: number, host: string): Promise<{ server: Server; port: number }> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      server.on("error", () => {}); // of one connection that could not be taken
      resolve();
    });
  });
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : port };
}
