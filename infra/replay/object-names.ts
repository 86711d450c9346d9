/**
 * Ids of orders and items in a run under other rules: a command speaks of what it spoke of when it was sent.
 *
 * Ids are given in the order of acceptance. Where another rule refuses one, those after it get other ids; what a recorded command names
 * is then named anew, and what was never accepted gets a name that nobody has.
 */
import { readJson } from "../../market/door/decode.js";
import type { Packet } from "../../market/door/packet.js";
import type { ActorEvent } from "../journal/journal.js";

/** As a reply tells it. */
interface Told {
  readonly status?: string;
  readonly orderId?: string;
  readonly itemId?: string;
}

const idFields = ["orderId", "itemId"] as const;
/** Ids of the market are a letter and a number. */
const nobody = "none";

export interface ObjectNames {
  /** The event as it reads under the ids of this run. */
  translated(event: ActorEvent): ActorEvent;
  /** What was answered to one command, then and now. */
  answered(recorded: object | null, now: object | null): void;
  /** Commands that named something which was not accepted here. */
  nameless(): number;
}

export function createObjectNames(): ObjectNames {
  const nowOf = new Map<string, string>();
  /** Ids that are given here, and those that are not any more: neither may stand for what it was then. */
  const taken = new Set<string>();
  let nameless = 0;

  function named(then: string): string {
    const now = nowOf.get(then);
    if (now !== undefined) return now;
    return taken.has(then) ? nobody : then;
  }

  function command(packet: Packet): Packet {
    const content = readJson(packet.payload);
    if (typeof content !== "object" || content === null || Array.isArray(content)) return packet;
    const changes: Record<string, string> = {};
    for (const field of idFields) {
      const then = (content as Record<string, unknown>)[field];
      if (typeof then === "string" && named(then) !== then) changes[field] = named(then);
    }
    if (Object.keys(changes).length === 0) return packet;
    if (Object.values(changes).includes(nobody)) nameless += 1;
    return { ...packet, payload: JSON.stringify({ ...content, ...changes }) };
  }

  return {
    translated(event) {
      if (event.type === "COMMAND") {
        const { packet } = event as ActorEvent & { readonly packet: Packet };
        return { ...event, packet: command(packet) } as ActorEvent;
      }
      if (event.type === "LIMITS") {
        const { message } = event as ActorEvent & {
          readonly message: { readonly cuts: readonly { orderId: string }[] };
        };
        const cuts = message.cuts.map((cut) => ({ ...cut, orderId: named(cut.orderId) }));
        return { ...event, message: { ...message, cuts } } as ActorEvent;
      }
      return event;
    },
    answered(recorded, now) {
      for (const field of idFields) {
        const then = (recorded as Told | null)?.[field];
        const given = (now as Told | null)?.[field];
        if (then !== undefined) taken.add(then);
        if (given !== undefined) taken.add(given);
        if (then !== undefined && given !== undefined && !nowOf.has(then)) nowOf.set(then, given);
      }
    },
    nameless: () => nameless,
  };
}
