/** All that the door's next answers depend on, as plain data: part of its manager's state. */
import type { Members } from "./members.js";
import type { RateWindows } from "./rate-limit.js";
import { createReplyMemory, type ReplyMemory } from "./reply-memory.js";

export interface DoorMemory {
  /** Undefined: the supervisor has not told them yet. */
  members: Members | undefined;
  /** False: the market is closed, everything is refused. */
  open: boolean;
  readonly replies: ReplyMemory;
  readonly rateWindows: RateWindows;
}

export function createDoorMemory(): DoorMemory {
  return { members: undefined, open: true, replies: createReplyMemory(), rateWindows: new Map() };
}
