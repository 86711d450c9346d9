/**
 * Which reading stands for whom and which period: read from the exchange manager's journal while it is written.
 *
 * It is the last one told of a metered period, or one that the exchange manager has accepted since: before the readings are due nothing is
 * told, and a correction is told with the next tick. The journal may be that of a manager which runs as a process of its own, and need not
 * be there yet.
 */
import { existsSync } from "node:fs";
import type { Fact, Reading } from "../../market/facts.js";
import { whFromKwh } from "../../shared/decimal.js";
import { meterReading } from "../../shared/messages/commands.js";
import { instantFromIso } from "../../shared/time.js";
import { type JournalFile, journalError } from "./journal-file.js";
import { openToRead } from "./migrations.js";

export interface StandingReading {
  readonly reading: Reading;
  /** Told as metered, so that a later one is a correction. */
  readonly isMetered: boolean;
  /** Number of the input that it came of. */
  readonly input: number;
}

/** By participant and period: see `readingKey`. */
export type StandingReadings = ReadonlyMap<string, StandingReading>;

export interface ReadingStore {
  /**
   * Of the periods from one to another, by their starts in UTC milliseconds.
   * @param sinceMs what was accepted before then is told already
   * @throws JournalError
   */
  standing(fromMs: number, toMs: number, sinceMs: number): StandingReadings;
  close(): void;
}

export function readingKey(participant: string, periodMs: number): string {
  return `${participant} ${periodMs}`;
}

/** @param file the journal of exchange */
export function openReadingStore(file: string): ReadingStore {
  let open: ReturnType<typeof readingsIn> | undefined;
  return {
    standing(fromMs, toMs, sinceMs) {
      if (open === undefined && !existsSync(file)) return new Map();
      open ??= readingsIn(file);
      try {
        return open.standing(fromMs, toMs, sinceMs);
      } catch (error) {
        throw journalError(file, "read", error);
      }
    },
    close() {
      open?.close();
      open = undefined;
    },
  };
}

function readingsIn(file: string) {
  const database = openToRead(file, "exchange");
  const metered = database
    .prepare(
      "SELECT input, body FROM facts WHERE type = 'metered' AND period_ms BETWEEN ? AND ? ORDER BY period_ms, input, place",
    )
    .raw();
  const accepted = database
    .prepare("SELECT n, participant, payload FROM commands WHERE n >= ? AND status = 'accepted' ORDER BY n")
    .raw();
  return {
    standing(fromMs: number, toMs: number, sinceMs: number): StandingReadings {
      const standing = new Map<string, StandingReading>();
      for (const [input, body] of metered.all([fromMs, toMs]) as unknown as [number, string][]) {
        const { periodMs, reading } = JSON.parse(body) as Extract<Fact, { type: "metered" }>;
        standing.set(readingKey(reading.participant, periodMs), { reading, isMetered: true, input });
      }
      const rows = accepted.all([firstInputFrom(database, sinceMs)]) as unknown as [number, string, string][];
      for (const [key, taken] of newest(rows, fromMs, toMs)) {
        const told = standing.get(key);
        if (told === undefined) standing.set(key, taken);
        else if (told.input < taken.input) standing.set(key, { ...taken, isMetered: true });
      }
      return standing;
    },
    close: () => database.close(),
  };
}

/** A request that was sent again is the one it was. */
function newest(rows: readonly [number, string, string][], fromMs: number, toMs: number) {
  const found = new Map<string, StandingReading>();
  const heard = new Set<string>();
  for (const [input, sender, payload] of rows) {
    const { data } = meterReading.safeParse(JSON.parse(payload));
    const periodMs = data === undefined ? undefined : instantFromIso(data.period);
    if (data === undefined || periodMs === undefined || periodMs < fromMs || periodMs > toMs) continue;
    const request = `${sender} ${data.requestId}`;
    if (heard.has(request)) continue;
    heard.add(request);
    const participant = data.for ?? sender;
    const reading: Reading = {
      ...{ participant, importWh: whFromKwh(data.importKwh), exportWh: whFromKwh(data.exportKwh) },
      ...{ generationWh: whFromKwh(data.generationKwh), quality: data.quality ?? "actual" },
    };
    found.set(readingKey(participant, periodMs), { reading, isMetered: false, input });
  }
  return found;
}

/** Inputs go by time: the first that was worked then or later is found by halves. */
function firstInputFrom(database: JournalFile, atMs: number): number {
  const time = database.prepare("SELECT at_ms FROM inputs WHERE n = ?").raw();
  const last = database.prepare("SELECT coalesce(max(n), 0) FROM inputs").raw().get() as unknown as [number];
  let [from, until] = [1, last[0] + 1];
  while (from < until) {
    const middle = Math.floor((from + until) / 2);
    const row = time.get([middle]) as unknown as [number] | undefined;
    if (row === undefined || row[0] >= atMs) until = middle;
    else from = middle + 1;
  }
  return from;
}
