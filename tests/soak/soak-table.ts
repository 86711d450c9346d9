/** What a soak came to: a table over time, and whether memory was flat once the market had lived as long as it remembers. */
import { markdownTable } from "../processes/results-section.js";
import type { MemorySample } from "./memory-watch.js";

export interface SoakSample extends MemorySample {
  readonly billedPeriods: number;
  readonly journalMb: number;
}

export interface SoakOutcome {
  readonly table: string;
  /** A sentence with the figures of `isFlat`. */
  readonly verdict: string;
  readonly isFlat: boolean;
}

const mostRows = 15;
/** More than this from the first to the last third after the warm-up is growth. */
const flatWithin = 0.1;
/** A thread's heap swings by that much without meaning anything. */
const flatWithinMb = 8;

/** @param samples in order of time, from the start @param warmUpMs after which nothing that is remembered should grow */
export function soakOutcome(samples: readonly SoakSample[], warmUpMs: number): SoakOutcome {
  const after = samples.filter(({ atMs }) => atMs >= warmUpMs);
  const third = Math.floor(after.length / 3);
  const [early, late] = [after.slice(0, third), after.slice(-third)];
  if (third === 0)
    return { table: tableOf(samples), verdict: "Too short to tell: it ended within its warm-up.", isFlat: false };
  const figures = [
    ["RSS", mean(early, "rssMb"), mean(late, "rssMb")],
    ["live heap of the market's thread", mean(early, "marketHeapMb"), mean(late, "marketHeapMb")],
    ["live heap of the other threads", mean(early, "otherHeapMb"), mean(late, "otherHeapMb")],
  ] as const;
  const isFlat = figures.every(([, before, now]) => now <= before * (1 + flatWithin) || now - before <= flatWithinMb);
  const told = figures.map(([name, before, now]) => `${name} ${before.toFixed(1)} → ${now.toFixed(1)} MB`).join(", ");
  const minutes = (warmUpMs / 60_000).toFixed(0);
  const verdict = `Means of the first and the last third after a warm-up of ${minutes} minutes: ${told}: ${isFlat ? "flat" : "it grows"}.`;
  return { table: tableOf(samples), verdict, isFlat };
}

function mean(samples: readonly SoakSample[], name: "rssMb" | "marketHeapMb" | "otherHeapMb"): number {
  const values = samples.flatMap((sample) => sample[name] ?? []);
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function tableOf(samples: readonly SoakSample[]): string {
  const step = Math.max(1, Math.ceil(samples.length / mostRows));
  const shown = samples.filter((_, at) => (samples.length - 1 - at) % step === 0);
  const rows = shown.map((sample, at) => {
    const before = shown[at - 1];
    const [cpu, wallMs] = [sample.cpuSeconds - (before?.cpuSeconds ?? 0), sample.atMs - (before?.atMs ?? 0)];
    return [
      (sample.atMs / 60_000).toFixed(1),
      String(sample.billedPeriods),
      sample.rssMb.toFixed(0),
      sample.marketHeapMb?.toFixed(1) ?? "",
      sample.otherHeapMb.toFixed(1),
      sample.journalMb.toFixed(0),
      before === undefined ? "" : `${((100_000 * cpu) / wallMs).toFixed(0)} %`,
    ];
  });
  const head = ["minute", "periods billed", "RSS MB", "market heap MB", "other heaps MB", "journals MB", "CPU"];
  return markdownTable(head, rows);
}
