/**
 * Sorting by whole numbers, digit by digit (least significant first), which takes time in proportion to the number of items and asks no
 * function which of two comes first. Stable: items with equal keys keep their order. A few items are compared: counting digits would cost more.
 */

const digitBits = 11;
const digits = 2 ** digitBits;
const mostSpan = 2 ** 32 - 1;
const fewItems = 128;

/** `items` by rising key, equal keys as they came. Undefined where the keys of many items span 2^32 or more: sort otherwise. */
export function sortedByWholeNumber<T>(items: readonly T[], keyOf: (item: T) => number): T[] | undefined {
  const count = items.length;
  if (count <= fewItems) return [...items].sort((one, other) => keyOf(one) - keyOf(other));
  const exact = new Float64Array(count);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < count; at += 1) {
    const key = keyOf(items[at] as T);
    exact[at] = key;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const span = most - least;
  if (!(span <= mostSpan)) return count === 0 ? [] : undefined;
  const keys = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) keys[at] = (exact[at] as number) - least;
  const places = sortedPlaces(keys, span);
  const sorted: T[] = new Array(count);
  for (let at = 0; at < count; at += 1) sorted[at] = items[places[at] as number] as T;
  return sorted;
}

/** Places of `keys` in rising order of key. @param span no key is larger */
function sortedPlaces(keys: Uint32Array, span: number): Uint32Array {
  let places = new Uint32Array(keys.length);
  for (let at = 0; at < places.length; at += 1) places[at] = at;
  let next = new Uint32Array(keys.length);
  const starts = new Uint32Array(digits);
  for (let shift = 0; shift < 32 && span / 2 ** shift >= 1; shift += digitBits) {
    countStarts(keys, shift, starts);
    for (let at = 0; at < places.length; at += 1) {
      const place = places[at] as number;
      const digit = ((keys[place] as number) >>> shift) & (digits - 1);
      const to = starts[digit] as number;
      starts[digit] = to + 1;
      next[to] = place;
    }
    [places, next] = [next, places];
  }
  return places;
}

/** `starts[d]`: how many keys have a smaller digit than `d` there. */
function countStarts(keys: Uint32Array, shift: number, starts: Uint32Array): void {
  starts.fill(0);
  for (let at = 0; at < keys.length; at += 1) {
    const digit = ((keys[at] as number) >>> shift) & (digits - 1);
    starts[digit] = (starts[digit] as number) + 1;
  }
  let sum = 0;
  for (let digit = 0; digit < digits; digit += 1) {
    const here = starts[digit] as number;
    starts[digit] = sum;
    sum += here;
  }
}
