/** What the bidding manager holds for one live period: its book, its counters, and what has changed since it was last published. */
import type { Wh } from "../../../shared/units.js";
import type { PeriodBook } from "../../rules/period-book.js";
import type { Closing } from "../../rules/period-book-closing.js";
import type { PeriodTimes } from "../calendar.js";

export interface PeriodDesk {
  readonly times: PeriodTimes;
  readonly book: PeriodBook;
  /** Closed at the gate: the book changes no more. */
  closed: boolean;
  /** Number of the last change of the item list; 1 is the empty list, so that no change has the number of that. */
  itemChanges: number;
  trades: number;
  itemsChanged: boolean;
  bookChanged: boolean;
  lastBookTop: string;
  contractCount: number;
  /** Ids of its orders and items, to be forgotten with the period. */
  readonly objectIds: string[];
  /** What participants will take or feed in, by their own word; imbalance `full`. */
  readonly notified: Map<string, Wh>;
  /** Whose contract was published, to be cleared at the bill date. */
  readonly contractHolders: Set<string>;
  /** How the gate closed, until the exchange starts: the DSO may cut it. */
  closing: Closing | undefined;
}

export function createPeriodDesk(times: PeriodTimes, book: PeriodBook): PeriodDesk {
  return {
    times,
    book,
    closed: false,
    itemChanges: 1,
    trades: 0,
    itemsChanged: true,
    bookChanged: false,
    lastBookTop: "",
    contractCount: 0,
    objectIds: [],
    notified: new Map(),
    contractHolders: new Set(),
    closing: undefined,
  };
}
