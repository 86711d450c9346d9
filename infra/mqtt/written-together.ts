/**
 * What is written to a socket in one turn of the event loop leaves in one piece.
 *
 * Each write is a call into the system, and on loopback the reader's wake-up too: with many small packets, most of what a broker and its
 * clients cost. Nothing waits longer than the turn that it was written in.
 */
import type { Duplex } from "node:stream";

export function writtenTogether<S extends Duplex>(socket: S): S {
  const write = socket.write.bind(socket) as (...parameters: unknown[]) => boolean;
  let isHeld = false;
  const release = (): void => {
    isHeld = false;
    socket.uncork();
  };
  const held = (...parameters: unknown[]): boolean => {
    if (!isHeld) {
      isHeld = true;
      socket.cork();
      setImmediate(release);
    }
    return write(...parameters);
  };
  socket.write = held as Duplex["write"];
  return socket;
}
