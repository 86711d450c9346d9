/** The moment shown, for drawings that are large: at once where somebody moves in time, a few times a second while it runs. */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { cursor, shownPlace } from "./shown.js";

const everyMs = 400;

export function pacedPlace(after: (act: () => void, ms: number) => void = setTimeout): ReadonlySignal<number> {
  const paced = signal(shownPlace.peek());
  let isDue = false;
  effect(() => {
    const place = shownPlace.value;
    if (cursor.value !== undefined) paced.value = place;
    else if (!isDue) {
      isDue = true;
      after(() => {
        isDue = false;
        paced.value = shownPlace.peek();
      }, everyMs);
    }
  });
  return paced;
}
