/** Events of one node in batches: at most 500 events and 64 kB at a time; what is beyond is counted, or in a lossless log told at once. */
import type { Clock } from "../../market/managers/alarm.js";
import type { InspectedEvent } from "../../shared/messages/inspection.js";
import { isoUtc } from "../../shared/time.js";
import type { TellingPace } from "./told.js";

export const mostEvents = 500;
export const mostBytes = 64_000;

export interface EventBatches {
  record(event: Omit<InspectedEvent, "n" | "at" | "ts">): void;
  /** Number of the last event, 0 where there was none. */
  lastNumber(): number;
  flush(): void;
  stop(): void;
}

export interface EventBatchesOptions {
  readonly wall: Clock;
  readonly marketNow: () => number;
  readonly pace: TellingPace;
  readonly tell: (text: string) => void;
}

export function createEventBatches({ wall, marketNow, pace, tell }: EventBatchesOptions): EventBatches {
  let events = 0;
  let batches = 0;
  let missed = 0;
  let texts: string[] = [];
  let bytes = 0;
  let timer: unknown;

  function flush(): void {
    if (timer !== undefined) wall.clearTimeout(timer);
    timer = undefined;
    if (texts.length === 0 && missed === 0) return;
    batches += 1;
    const head = JSON.stringify({ v: 1, ts: isoUtc(marketNow()), n: batches, missed }).slice(0, -1);
    const text = `${head},"events":[${texts.join(",")}]}`;
    texts = [];
    bytes = 0;
    missed = 0;
    tell(text);
  }

  return {
    record(event) {
      events += 1;
      if (!pace.isLossless && texts.length >= mostEvents) {
        missed += 1;
        return;
      }
      const text = JSON.stringify({ n: events, at: wall.now(), ts: isoUtc(marketNow()), ...event });
      const length = Buffer.byteLength(text) + 1;
      const isFull = texts.length >= mostEvents || bytes + length > mostBytes;
      if (isFull && !pace.isLossless) {
        missed += 1;
        return;
      }
      if (isFull) flush();
      texts.push(text);
      bytes += length;
      timer ??= wall.setTimeout(flush, pace.batchEveryMs);
    },
    lastNumber: () => events,
    flush,
    stop() {
      flush();
    },
  };
}
