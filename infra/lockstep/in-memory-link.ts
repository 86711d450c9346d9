/**
 * Hand-over in lockstep: the market's processes run as one, so what one hands to another is delivered in memory, in order,
 * and published for operators to see.
 */

import type { Clock } from "../../market/managers/alarm.js";
import {
  type HandoverEvent,
  type HandoverKind,
  handoverTopic,
  type Link,
  receiversOf,
} from "../../market/managers/handover.js";
import type { Outbox } from "../../market/ports.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { isoUtc } from "../../shared/time.js";
import type { Topics } from "../../shared/topics.js";

export interface InMemoryLinks {
  linkOf(sender: ProcessRole, clock: Clock): Link;
  /** Delivers what waits, and what comes of it, until nothing waits. */
  drain(deliver: (receiver: ProcessRole, event: HandoverEvent) => void): void;
}

const eventTypes = {
  members: "MEMBERS",
  tariffs: "TARIFFS",
  contracts: "CONTRACTS",
  limits: "LIMITS",
  metered: "METERED",
  grants: "GRANTS",
} as const satisfies Record<HandoverKind, HandoverEvent["type"]>;

export function createInMemoryLinks(topics: Topics, outbox: Outbox): InMemoryLinks {
  const waiting: { readonly receiver: ProcessRole; readonly event: HandoverEvent }[] = [];
  return {
    linkOf(sender, clock) {
      let n = 0;
      return {
        hand(handover) {
          n += 1;
          const message = { v: 1, ts: isoUtc(clock.now()), n, ...handover.body };
          const event = { type: eventTypes[handover.kind], message } as HandoverEvent;
          for (const receiver of receiversOf[handover.kind]) waiting.push({ receiver, event });
          outbox.publish(handoverTopic(topics, handover), message);
        },
        report(status) {
          const message = { v: 1 as const, ts: isoUtc(clock.now()), ...status };
          waiting.push({ receiver: "supervisor", event: { type: "STATUS", message } });
          outbox.publish(topics.manageRole("status", sender), message, true);
        },
      };
    },
    drain(deliver) {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) deliver(next.receiver, next.event);
    },
  };
}
