/** The delivery period that somebody picked: every view that shows one period shows this. Undefined: the one that fits the view best. */
import { signal } from "@preact/signals";

/** ISO 8601 UTC, as in messages. */
export const chosenPeriod = signal<string | undefined>(undefined);

/** Picks a period, or lets it go where it was picked already. */
export function choosePeriod(period: string | undefined): void {
  chosenPeriod.value = chosenPeriod.peek() === period ? undefined : period;
}
