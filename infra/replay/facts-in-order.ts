/**
 * The facts of three journals in one order in which they can have happened: a fact of one actor stands behind all that it followed from.
 *
 * Settlement's journal leads. What it took of the others stands in its inputs by number: before such an input come all entries of the sender
 * up to the one that handed it over. Between facts that know nothing of each other the order decides nothing in the results.
 */
import type { Fact } from "../../market/facts.js";
import type { ReplayedEntry } from "./replayed-journal.js";

export interface ReplayedJournals {
  readonly bidding: Iterator<ReplayedEntry>;
  readonly exchange: Iterator<ReplayedEntry>;
  readonly settlement: Iterator<ReplayedEntry>;
}

/** A hand-over as its receiver's journal holds it. */
interface Taken {
  readonly sender?: string;
  readonly message?: { readonly n: number };
}

/** Pulls the journals as far as its reader does. */
export function* factsInOrder({ bidding, exchange, settlement }: ReplayedJournals): Generator<Fact> {
  const senders = { bidding: reader(bidding), exchange: reader(exchange) };
  for (let next = settlement.next(); next.done !== true; next = settlement.next()) {
    const { sender, message } = (next.value.entry.event ?? {}) as Taken;
    if (message !== undefined && (sender === "bidding" || sender === "exchange"))
      yield* senders[sender].until(message.n);
    yield* next.value.facts;
  }
  for (const sender of Object.values(senders)) yield* sender.until(Number.POSITIVE_INFINITY);
}

function reader(entries: Iterator<ReplayedEntry>) {
  let handed = 0;
  return {
    /** Facts of all entries up to the one that handed over number `n`. */
    *until(n: number): Generator<Fact> {
      while (handed < n) {
        const next = entries.next();
        if (next.done === true) return;
        yield* next.value.facts;
        handed = next.value.entry.handedOver.at(-1)?.n ?? handed;
      }
    },
  };
}
