/** Guests of a market that was begun before its registrar knew guests: the supervisor's journal has them. */
import type { ActorJournal } from "../journal/journal.js";

/** In order of coming. @param journal of the supervisor */
export function earlierGuests(journal: Pick<ActorJournal, "inputs">): readonly string[] {
  const ids = new Set<string>();
  for (const { event } of journal.inputs(0)) {
    if (event?.type !== "JOIN") continue;
    const { id } = event as typeof event & { readonly id?: unknown };
    if (typeof id === "string") ids.add(id);
  }
  return [...ids];
}
