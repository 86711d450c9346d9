/**
 * An inspection kept in a file, to be opened without a market: `*.inspect.ndjson`. The first line says what it is, each further one is a
 * message: `{topic, ts, message}`, the topic below the market's name, `message` null where what was retained is cleared.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { topicsOf } from "../../shared/topics.js";
import type { InspectionSink } from "./inspection.js";

export interface InspectionFile extends InspectionSink {
  /** Writes the rest, as far as it can be written. @returns bytes written, and how many messages had no room any more */
  close(): { readonly bytes: number; readonly leftOut: number };
}

export interface InspectionFileOptions {
  readonly path: string;
  readonly market: string;
  /** What it was recorded of: `elecbay simulate thesis-microgrid`. */
  readonly from: string;
  /** The market's, IANA name; undefined: its own message tells it. */
  readonly timezone?: string;
  /** Market time, ISO 8601. */
  readonly now: () => string;
  readonly mostBytes?: number;
  /** Once, where it cannot be written any further, such as on a full disk: what was written stays, what comes is left out. */
  readonly onBrokenOff: (reason: string) => void;
}

/** A page that opens it holds it in memory. */
const mostBytesByDefault = 256 * 1024 * 1024;
const bufferedBytes = 65_536;

/** @throws Error where the file cannot be made */
export function openInspectionFile(options: InspectionFileOptions): InspectionFile {
  const { path, market, from, timezone, now, mostBytes = mostBytesByDefault, onBrokenOff } = options;
  const { prefix } = topicsOf(market);
  const file = openSync(path, "w", 0o600);
  let waiting = `${JSON.stringify({ elecbay: "inspection", v: 1, market, from, timezone })}\n`;
  let bytes = 0;
  let leftOut = 0;
  let isBroken = false;
  /** Nobody who is recorded shall hear of the disk. */
  function unlessBroken(act: () => void): void {
    if (isBroken) return;
    try {
      act();
    } catch (error) {
      isBroken = true;
      onBrokenOff(`the recording ${path} breaks off after ${bytes} bytes: ${(error as Error).message}`);
    }
  }
  function write(): void {
    let rest = Buffer.from(waiting);
    waiting = "";
    while (rest.length > 0) {
      const written = writeSync(file, rest);
      bytes += written;
      rest = rest.subarray(written);
    }
  }
  function publish(topic: string, text: string): void {
    if (isBroken) return;
    if (bytes + waiting.length > mostBytes) {
      leftOut += 1;
      return;
    }
    const head = JSON.stringify({ topic: topic.slice(prefix.length + 1), ts: now() }).slice(0, -1);
    waiting += `${head},"message":${text === "" ? "null" : text}}\n`;
    if (waiting.length > bufferedBytes) unlessBroken(write);
  }
  return {
    publish,
    publishEvents: (topic, { text }) => publish(topic, text),
    close() {
      unlessBroken(write);
      unlessBroken(() => closeSync(file));
      return { bytes, leftOut };
    },
  };
}
