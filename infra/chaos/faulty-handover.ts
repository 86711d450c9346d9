/**
 * Hand-overs in lockstep that get lost, come late, twice or out of order. What was not acknowledged is sent again with the next tick, as the
 * managers' processes do over a broker after some seconds. Draws are by receiver.
 */
import type { HandoverKind } from "../../market/managers/handover.js";
import { topicParts } from "../../shared/topics.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { HandedOver } from "../journal/journal.js";
import type { HandoverQueue } from "../lockstep/handover-queue.js";
import type { MessageFault } from "./fault-plan.js";

export interface FaultyHandover {
  readonly queue: (inner: HandoverQueue) => HandoverQueue;
  /** A tick begins: what this sender's journal still waits for is sent again. */
  sendAgain(sender: HostedRole, outstanding: readonly HandedOver[]): void;
}

export interface FaultyHandoverOptions {
  readonly market: string;
  readonly fateOf: (receiver: HostedRole, kind: string) => MessageFault | undefined;
  readonly note: (fate: MessageFault, receiver: HostedRole, detail: string) => void;
  /** Number of the tick in progress. */
  readonly seq: () => number;
}

export function createFaultyHandover({ market, fateOf, note, seq }: FaultyHandoverOptions): FaultyHandover {
  let inner: HandoverQueue | undefined;
  /** First tick in which it may be sent again, by sender, number and receiver. */
  const delayed = new Map<string, number>();
  /** Waits until something else goes to the same receiver. */
  const held = new Map<HostedRole, () => void>();

  function deliver(sender: HostedRole, kind: HandoverKind, handedOver: HandedOver, receiver: HostedRole): void {
    inner?.hand(sender, { kind }, { ...handedOver, receivers: [receiver] });
    const overtaken = held.get(receiver);
    held.delete(receiver);
    overtaken?.();
  }

  function handTo(sender: HostedRole, kind: HandoverKind, handedOver: HandedOver, receiver: HostedRole): void {
    const go = (): void => deliver(sender, kind, handedOver, receiver);
    const fate = fateOf(receiver, kind);
    if (fate !== undefined) note(fate, receiver, `${kind} ${handedOver.n} of ${sender}`);
    if (fate === undefined) go();
    else if (fate.fault === "delay") delayed.set(keyOf(sender, handedOver.n, receiver), seq() + fate.ticks);
    else if (fate.fault === "reorder") held.set(receiver, go);
    else if (fate.fault === "duplicate") {
      go();
      go();
    }
  }

  return {
    queue(whole) {
      inner = whole;
      return {
        ...whole,
        hand(sender, { kind }, handedOver) {
          for (const receiver of handedOver.receivers) handTo(sender, kind, handedOver, receiver as HostedRole);
        },
      };
    },
    sendAgain(sender, outstanding) {
      held.clear(); // not acknowledged: they are among these
      for (const handedOver of outstanding) {
        const kind = topicParts(market, handedOver.topic)?.levels[0] as HandoverKind;
        for (const receiver of handedOver.receivers) {
          const key = keyOf(sender, handedOver.n, receiver);
          if ((delayed.get(key) ?? 0) > seq()) continue;
          delayed.delete(key);
          handTo(sender, kind, handedOver, receiver as HostedRole);
        }
      }
    },
  };
}

const keyOf = (sender: string, n: number, receiver: string): string => `${sender} ${n} ${receiver}`;
