/**
 * Events of one node in batches: at most 500 events and 64 kB at a time. A burst is told over the next few batches, 100 ms apart; what is
 * beyond is counted, or in a lossless log told at once.
 */
import type { Clock } from "../../market/managers/alarm.js";
import type { InspectedEvent } from "../../shared/messages/inspection.js";
import { isoUtc } from "../../shared/time.js";
import type { EventBatch, TellingPace } from "./told.js";

export const mostEvents = 500;
export const mostBytes = 64_000;
/** Batches of a burst that wait. */
export const mostWaiting = 4;
const soonMs = 100;

export interface EventBatches {
  record(event: Omit<InspectedEvent, "n" | "at" | "ts">): void;
  /** Number of the last event, 0 where there was none. */
  lastNumber(): number;
  /** Tells all that waits. */
  flush(): void;
}

export interface EventBatchesOptions {
  readonly wall: Clock;
  readonly marketNow: () => number;
  readonly pace: TellingPace;
  readonly tell: (batch: EventBatch) => void;
}

export function createEventBatches({ wall, marketNow, pace, tell }: EventBatchesOptions): EventBatches {
  let events = 0;
  let batches = 0;
  let missed = 0;
  const full: string[][] = [];
  let filling: string[] = [];
  let bytes = 0;
  let timer: unknown;

  function takeFilling(): string[] {
    const taken = filling;
    filling = [];
    bytes = 0;
    return taken;
  }

  function tellNext(): void {
    const texts = full.shift() ?? takeFilling();
    if (texts.length === 0 && missed === 0) return;
    batches += 1;
    const ts = isoUtc(marketNow());
    const head = JSON.stringify({ v: 1, ts, n: batches, missed }).slice(0, -1);
    const about = texts.length + missed;
    missed = 0;
    tell({ text: `${head},"events":[${texts.join(",")}]}`, ts, n: batches, events: about });
  }

  function tellInTurn(): void {
    timer = undefined;
    tellNext();
    if (full.length > 0 || filling.length > 0)
      timer = wall.setTimeout(tellInTurn, full.length > 0 ? soonMs : pace.batchEveryMs);
  }

  /** @returns false where there is no room */
  function makeRoom(length: number): boolean {
    if (filling.length < mostEvents && bytes + length <= mostBytes) return true;
    if (length > mostBytes || (!pace.isLossless && full.length >= mostWaiting)) return false;
    full.push(takeFilling());
    if (pace.isLossless) tellNext();
    return true;
  }

  return {
    record(event) {
      events += 1;
      const isHopeless = !pace.isLossless && full.length >= mostWaiting && filling.length >= mostEvents;
      const text = isHopeless ? "" : JSON.stringify({ n: events, at: wall.now(), ts: isoUtc(marketNow()), ...event });
      const length = Buffer.byteLength(text) + 1;
      if (isHopeless || !makeRoom(length)) {
        missed += 1;
        return;
      }
      filling.push(text);
      bytes += length;
      timer ??= wall.setTimeout(tellInTurn, pace.batchEveryMs);
    },
    lastNumber: () => events,
    flush() {
      if (timer !== undefined) wall.clearTimeout(timer);
      timer = undefined;
      while (full.length > 0 || filling.length > 0 || missed > 0) tellNext();
    },
  };
}
