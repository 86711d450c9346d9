/** Hands a snapshot to the thread that writes journals a part at a time, so that no append waits for the whole of it. */
import { createHash } from "node:crypto";
import { serialize } from "node:v8";
import type { Snapshot } from "./journal.js";
import type { JournalWriter } from "./journal-writer.js";
import type { Durability } from "./row-writer.js";

/** Written and synced in about the time of a group of commands. */
const partBytes = 256 * 1024;

/**
 * @returns what sends it, and calls `ended` once, with what went wrong where something did: then the snapshot before it stays
 * @throws what v8.serialize does where the state is no structured data
 */
export function inParts(
  { state, ...about }: Snapshot,
  to: { readonly writer: JournalWriter; readonly file: string; readonly durability: Durability },
): (ended: (error: unknown) => void) => void {
  const bytes = serialize(state);
  return (ended) => sendParts(bytes, about, to, ended);
}

function sendParts(
  bytes: Buffer,
  about: Omit<Snapshot, "state">,
  { writer, ...place }: Parameters<typeof inParts>[1],
  ended: (error: unknown) => void,
): void {
  const hash = createHash("sha256");
  let sent = 0;
  const next = (error: unknown): void => {
    if (error !== undefined) {
      ended(error);
      return;
    }
    const part = new Uint8Array(bytes.subarray(sent, sent + partBytes)); // its own memory: else all of it were copied each time
    if (part.length === 0) {
      writer.send({ ...place, type: "snapshot", head: { ...about, hash: hash.digest("hex") } }, ended);
      return;
    }
    hash.update(part);
    const at = sent / partBytes;
    sent += part.length;
    writer.send({ ...place, type: "snapshot-part", place: at, bytes: part }, next);
  };
  next(undefined);
}
