/**
 * Virtual wall time: one queue of events for the whole simulated world, worked one at a time.
 *
 * Events at one instant are worked in the order in which they were asked for, so that a run hangs on its seed alone. Milliseconds since 1970.
 */
import type { Clock } from "../../market/managers/alarm.js";

export interface WallEvent {
  readonly atMs: number;
  readonly order: number;
  /** Undefined: called off. */
  callback: (() => void) | undefined;
}

export interface Wall extends Clock {
  /** Calls back at that instant, or at once in a turn of its own where it has passed. */
  at(atMs: number, callback: () => void): WallEvent;
  /** Works the next event. @returns false where there is none. */
  step(): boolean;
  /** Events worked so far: the tick that a failure is told with. */
  steps(): number;
}

export function createWall(startMs: number): Wall {
  const queue = createQueue();
  let nowMs = startMs;
  let order = 0;
  let steps = 0;
  const wall: Wall = {
    now: () => nowMs,
    steps: () => steps,
    at(atMs, callback) {
      order += 1;
      const event: WallEvent = { atMs: Math.max(nowMs, Math.ceil(atMs)), order, callback };
      queue.add(event);
      return event;
    },
    setTimeout: (callback, delayMs) => wall.at(nowMs + Math.max(0, delayMs), callback),
    clearTimeout(timer) {
      (timer as WallEvent).callback = undefined;
    },
    step() {
      for (let event = queue.take(); event !== undefined; event = queue.take()) {
        const { callback, atMs } = event;
        if (callback === undefined) continue;
        nowMs = atMs;
        steps += 1;
        callback();
        return true;
      }
      return false;
    },
  };
  return wall;
}

/** A binary heap, earliest first. */
function createQueue() {
  const heap: WallEvent[] = [];
  return {
    add(event: WallEvent): void {
      let place = heap.push(event) - 1;
      while (place > 0) {
        const above = (place - 1) >> 1;
        const parent = heap[above] as WallEvent;
        if (isBefore(parent, event)) break;
        heap[place] = parent;
        place = above;
      }
      heap[place] = event;
    },
    take(): WallEvent | undefined {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      let place = 0;
      for (let below = 1; below < heap.length; below = 2 * place + 1) {
        const right = heap[below + 1];
        let child = heap[below] as WallEvent;
        if (right !== undefined && isBefore(right, child)) {
          child = right;
          below += 1;
        }
        if (isBefore(last, child)) break;
        heap[place] = child;
        place = below;
      }
      heap[place] = last;
      return first;
    },
  };
}

function isBefore(one: WallEvent, other: WallEvent): boolean {
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
}
