/**
 * What an operator may send to an actor whose inputs are journalled. What such an actor takes is decided, answered and kept for good, so
 * it comes through its host like any input, and is checked as at the market's door: `CONTROL` alone, which is the operator's own. Commands
 * are their participants', hand-overs are numbered by their senders, ticks are the clock's; a made one would stay in the journal for ever.
 */
import type { AnyActorRef } from "xstate";
import { manageControl } from "../../shared/messages/manage.js";
import type { ActorEvent } from "../journal/journal.js";
import { type Sent, takes } from "./actor-tap.js";

/** @param take the way through the actor's host */
export function operatorsSend(
  node: string,
  root: AnyActorRef,
  take: (event: ActorEvent) => void,
): (event: { readonly type: string }) => Sent {
  return (event) => {
    if (event.type !== "CONTROL" || !takes(root, "CONTROL")) {
      const own = takes(root, "CONTROL") ? "CONTROL alone" : "nothing";
      return {
        accepted: false,
        reason: `what ${node} takes is journalled for good: from an operator it takes ${own}, ${event.type} comes from others`,
      };
    }
    const parsed = manageControl.safeParse((event as { readonly message?: unknown }).message);
    if (!parsed.success) return { accepted: false, reason: "CONTROL needs a message as on manage/control" };
    take({ type: "CONTROL", message: parsed.data } as ActorEvent);
    return { accepted: true };
  };
}
