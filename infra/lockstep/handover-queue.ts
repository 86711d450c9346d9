/**
 * Hand-over in lockstep: the market's processes run as one, so what one hands to another is delivered in memory, in order, and
 * published for operators to see.
 */
import { eventOf, type Handover } from "../../market/managers/handover.js";
import type { ManageStatus } from "../../shared/messages/manage.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { ActorEvent, HandedOver } from "../journal/journal.js";

type Waiting =
  | {
      readonly receiver: HostedRole;
      readonly sender: HostedRole;
      readonly event: ActorEvent & { readonly message: HandoverMessage };
    }
  | { readonly receiver: "supervisor"; readonly status: ManageStatus };
interface HandoverMessage {
  readonly n: number;
  readonly previous?: number;
}

export interface HandoverQueue {
  hand(sender: HostedRole, handover: Pick<Handover, "kind">, handedOver: HandedOver): void;
  report(status: ManageStatus): void;
  /** Delivers what waits, and what comes of it, until nothing waits. */
  drain(deliver: (waiting: Waiting) => void): void;
}

export function createHandoverQueue(): HandoverQueue {
  const queue: Waiting[] = [];
  return {
    hand(sender, { kind }, { message, receivers }) {
      const event = { type: eventOf[kind], message: message as HandoverMessage };
      for (const receiver of receivers) queue.push({ receiver: receiver as HostedRole, sender, event });
    },
    report: (status) => void queue.push({ receiver: "supervisor", status }),
    drain(deliver) {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) deliver(next);
    },
  };
}
