/**
 * Sorting by whole numbers with the machine's own sort of plain numbers, which is several times faster than one that asks a function.
 *
 * Key and place are packed into one number below 2^53: equal keys keep their places, so the sort is stable. n log n.
 */

const limit = 2 ** 53;

/** `items` by rising key, equal keys as they came. Undefined where key and place do not fit into one number: sort otherwise. */
export function sortedByWholeNumber<T>(items: readonly T[], keyOf: (item: T) => number): T[] | undefined {
  const count = items.length;
  const keys = new Float64Array(count);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count; at += 1) {
    const key = keyOf(items[at] as T);
    keys[at] = key;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  let places = 1;
  while (places < count) places *= 2;
  if ((most - least + 1) * places > limit) return undefined;
  for (let at = 0; at < count; at += 1) keys[at] = ((keys[at] as number) - least) * places + at;
  keys.sort();
  const sorted: T[] = new Array(count);
  for (let at = 0; at < count; at += 1) {
    const packed = keys[at] as number;
    sorted[at] = items[packed - Math.floor(packed / places) * places] as T;
  }
  return sorted;
}
