/** The lines of the log that are listed: while it runs the newest few, frozen all of them. */
import { computed } from "@preact/signals";
import type { Entry } from "./entry.js";
import { cursor, frozenAt, isWanted, places, recording } from "./shown.js";
import { file } from "./source.js";

/** More would cost a core to draw ten times a second. */
const mostLive = 60;
/** A filter that lets nothing pass must not look through everything each time. */
const mostLookedAt = 20_000;

/** The last entry that is listed; undefined: the log runs. A file stands still, and so does a log whose moments are looked at. */
export const listEnd = computed(() => {
  if (file.value !== undefined) return places.value.last;
  return frozenAt.value;
});
export const isFrozen = computed(() => frozenAt.value !== undefined);

export function freeze(): void {
  frozenAt.value ??= places.peek().last;
}

export function unfreeze(): void {
  frozenAt.value = undefined;
}

/** Oldest first. */
export const logRows = computed((): readonly Entry[] => {
  const { entry } = recording.value;
  const passes = isWanted.value;
  const rows: Entry[] = [];
  const end = listEnd.value;
  const { first, last } = places.value;
  const oldest = end === undefined ? Math.max(first, last - mostLookedAt) : first;
  for (let place = end ?? last; place >= oldest; place -= 1) {
    const one = entry(place);
    if (one !== undefined && passes(one)) rows.push(one);
    if (end === undefined && rows.length >= mostLive) break;
  }
  return rows.reverse();
});

/** Row of the moment that is shown, or the nearest before it; -1: none. */
export const cursorRow = computed(() => {
  const at = cursor.value;
  return at === undefined ? -1 : logRows.value.findLastIndex(({ place }) => place <= at);
});
