/** A thread whose code is one bundled file: how it is read, and started within limits. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

export interface BundledThread {
  readonly loader: string;
  readonly thread: { readonly file: string; readonly source: string; readonly cachedData: Buffer };
}

/** Read once for all threads; its cache is used where it was made by this very version of V8. */
export function readBundledThread(distFolder: string, name: string): BundledThread {
  const file = join(distFolder, name);
  const source = readFileSync(file, "utf8");
  const cachedData = readFileSync(`${file}.cache`);
  return { loader: join(distFolder, "thread-loader.cjs"), thread: { file, source, cachedData } };
}

/** @param bots how many share the thread: its memory's limits grow with them. */
export function startBundledThread(code: BundledThread, data: object, name: string, bots: number): Worker {
  return new Worker(code.loader, {
    workerData: { ...data, thread: code.thread },
    name,
    resourceLimits: {
      maxYoungGenerationSizeMb: bots > 4 ? 16 : 6,
      maxOldGenerationSizeMb: 32 + 8 * bots,
    },
  });
}

/** Does the work for all items, so many at once. */
export async function inTurns<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  async function next(): Promise<void> {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, next));
}
