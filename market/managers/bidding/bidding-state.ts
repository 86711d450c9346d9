/** The bidding manager's state as plain data: what its desk works on, with books in a form that can be written down. */
import { createDoorMemory } from "../../door/door-memory.js";
import { createRatings } from "../../rules/reliability.js";
import { bookFrom, type SavedBook, savedBook } from "../../rules/saved-book.js";
import type { BiddingTerms } from "../../terms.js";
import { nothingPending } from "../soon.js";
import { createCreditDesk } from "./credit-desk.js";
import type { BiddingDesk, BiddingMemory } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";
import { createTellingMemory } from "./telling.js";

export interface SavedPeriodDesk extends Omit<PeriodDesk, "book"> {
  readonly book: SavedBook;
}

/** All that its next answers depend on. */
export interface BiddingState extends Omit<BiddingMemory, "periods"> {
  readonly periods: ReadonlyMap<number, SavedPeriodDesk>;
}

/** What the manager starts with: no period is open yet. */
export function createBiddingState(): BiddingState {
  return {
    door: createDoorMemory(),
    periods: new Map(),
    periodOf: new Map(),
    ownersChanged: new Set(),
    fillCounts: new Map(),
    pseudonyms: new Map(),
    credit: createCreditDesk(),
    ratings: createRatings(),
    orderNumber: 0,
    itemNumber: 0,
    arrival: 0,
    listsPublishedAtMs: Number.NEGATIVE_INFINITY,
    telling: createTellingMemory(),
    tell: nothingPending(),
    unknownEvents: 0,
  };
}

/** No copy: to be written down before the desk goes on. */
export function biddingStateOf(desk: BiddingDesk): BiddingState {
  const { terms: _terms, topics: _topics, ports: _ports, reception: _reception, tellSoon: _tellSoon, ...memory } = desk;
  const periods = [...memory.periods].map(([periodMs, period]) => {
    return [periodMs, { ...period, book: savedBook(period.book) }] as const;
  });
  return { ...memory, periods: new Map(periods) };
}

/** What a desk works on that goes on from `state`, which it takes over. */
export function memoryFrom(state: BiddingState, terms: BiddingTerms): BiddingMemory {
  const periods = [...state.periods].map(([periodMs, period]): [number, PeriodDesk] => {
    return [periodMs, { ...period, book: bookFrom(period.book, terms) }];
  });
  return { ...state, periods: new Map(periods) };
}
