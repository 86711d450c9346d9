/**
 * The price levels of one side of a continuous book: a queue of orders at each price, and a heap that has the best price on top.
 *
 * A level that runs empty stays in the heap until it comes to the top, and comes to life again where an order of its price arrives
 * meanwhile: so nobody is ever searched for in the heap. There are never more levels than prices that were bid since.
 */
import type { MicroPerKwh } from "../../../shared/units.js";
import type { AuctionOrder } from "../merit-order.js";

/** An order in the queue of its level. */
export interface Resting {
  readonly order: AuctionOrder;
  leftWh: number;
  readonly level: PriceLevel;
  previous: Resting | undefined;
  next: Resting | undefined;
}

/** First come, first served. */
export interface PriceLevel {
  readonly priceMicroPerKwh: MicroPerKwh;
  first: Resting | undefined;
  last: Resting | undefined;
}

export interface LevelHeap {
  /** 1: the lowest price is the best (asks). -1: the highest (bids). */
  readonly sign: 1 | -1;
  readonly levels: Map<number, PriceLevel>;
  /** Binary heap: no level is better than the one at half its index. */
  readonly heap: PriceLevel[];
}

/** The best level that has orders; undefined where there is none. Drops empty ones from the top. */
export function topLevel(side: LevelHeap): PriceLevel | undefined {
  for (;;) {
    const top = side.heap[0];
    if (top === undefined || top.first !== undefined) return top;
    dropTop(side);
    side.levels.delete(top.priceMicroPerKwh);
  }
}

/** The level of a price, made where there is none. */
export function openLevel(side: LevelHeap, priceMicroPerKwh: MicroPerKwh): PriceLevel {
  const known = side.levels.get(priceMicroPerKwh);
  if (known !== undefined) return known;
  const level: PriceLevel = { priceMicroPerKwh, first: undefined, last: undefined };
  side.levels.set(priceMicroPerKwh, level);
  climb(side, level);
  return level;
}

function climb({ heap, sign }: LevelHeap, level: PriceLevel): void {
  const rank = sign * level.priceMicroPerKwh;
  let at = heap.push(level) - 1;
  while (at > 0) {
    const above = (at - 1) >>> 1;
    const parent = heap[above];
    if (parent === undefined || sign * parent.priceMicroPerKwh <= rank) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = level;
}

function dropTop({ heap, sign }: LevelHeap): void {
  const moved = heap.pop();
  if (moved === undefined || heap.length === 0) return;
  const rank = sign * moved.priceMicroPerKwh;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    let child = heap[below];
    const other = heap[below + 1];
    if (child === undefined) break;
    if (other !== undefined && sign * other.priceMicroPerKwh < sign * child.priceMicroPerKwh) {
      child = other;
      below += 1;
    }
    if (sign * child.priceMicroPerKwh >= rank) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = moved;
}
