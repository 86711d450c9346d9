/**
 * How far the heaps of a running market, of its main thread and of all others, may grow from one collection to the next.
 *
 * Left alone V8 decides by how fast garbage comes: a heap that is collected while it is busy, as in the first second of a market, may grow to
 * four times what lives in it before it is collected again. Who then sends broken bytes fills all of that: 75 MB and more where 42 lived.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What V8 itself takes where it saves memory. Of a small heap it is 8 MB at least. */
const mostGrowthPercent = 30;

/**
 * Holds for the rest of the process. To be called once its threads have started: V8 takes code caches only under the settings that they
 * were made with, and a thread that starts later works its code out anew (some 35 ms for a bot's).
 */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${mostGrowthPercent}`);
  // How far this thread's heap may grow was settled by the collection before: only another one settles it anew.
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  collect();
}
