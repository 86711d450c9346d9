/** A port that leads to another one, and holds all up by so many milliseconds on each way. */
import { connect, createServer, type Socket } from "node:net";

export async function delayedPort(to: string, delayMs: number): Promise<{ readonly url: string; close(): void }> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    near.setNoDelay();
    for (const [from, onto] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => setTimeout(() => onto.writable && onto.write(chunk), delayMs));
      from.on("close", () => {
        sockets.delete(from);
        setTimeout(() => onto.destroy(), delayMs);
      });
      from.on("error", () => from.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  return {
    url: `${target.protocol}//127.0.0.1:${port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
