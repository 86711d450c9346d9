/**
 * Memory of a running market: resident pages as the system counts them, and what is live in each thread after its last full collection,
 * as V8 says under `--trace-gc`. Garbage that waits for a collection is in neither's way: only what is live can leak.
 */
import { readFileSync } from "node:fs";

export interface MemorySample {
  readonly atMs: number;
  readonly rssMb: number;
  /** Live in the market's thread; undefined until its first full collection. */
  readonly marketHeapMb: number | undefined;
  /** Live in the broker's and the bots' threads together. */
  readonly otherHeapMb: number;
  /** Wall seconds of CPU so far. */
  readonly cpuSeconds: number;
}

export interface MemoryWatch {
  /** Takes a line of the process; true where it was one about collections. */
  hear(line: string): boolean;
  sample(atMs: number): MemorySample;
}

/** `[27:0x5f2b 1] 812 ms: Mark-Compact (reduce) 31.2 (47.8) -> 20.4 (38.3) MB, …`: the thread's address, live megabytes after. */
const collection =
  /^\[\d+:(0x[0-9a-f]+).*?\].*?(Mark-Compact|Scavenge)[^\d]*[\d.]+ \([\d.]+\) -> ([\d.]+) \([\d.]+\) MB/;
/** Of a second, as Linux counts a process' time. */
const ticksPerSecond = 100;

export function watchMemory(pid: number): MemoryWatch {
  /** Only the market's thread is there when the first collection happens. */
  let marketThread: string | undefined;
  const liveMb = new Map<string, number>();
  return {
    hear(line) {
      const [, thread, kind, live] = collection.exec(line) ?? [];
      if (thread === undefined) return false;
      marketThread ??= thread;
      if (kind === "Mark-Compact") liveMb.set(thread, Number(live));
      return true;
    },
    sample(atMs) {
      const marketHeapMb = marketThread === undefined ? undefined : liveMb.get(marketThread);
      const allMb = [...liveMb.values()].reduce((sum, value) => sum + value, 0);
      return { ...{ atMs, marketHeapMb, otherHeapMb: allMb - (marketHeapMb ?? 0) }, ...ofProcess(pid) };
    },
  };
}

/** @throws Error where the process is gone, or the system is no Linux. */
function ofProcess(pid: number): Pick<MemorySample, "rssMb" | "cpuSeconds"> {
  const rssKb = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return { rssMb: Number(rssKb) / 1024, cpuSeconds: (user + system) / ticksPerSecond };
}
