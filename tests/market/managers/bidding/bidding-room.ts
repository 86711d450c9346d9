/** A bidding manager on a stepped clock, and somebody who sends it commands and reads its replies. */
import { createActor } from "xstate";
import type { BiddingEvent } from "../../../../market/managers/bidding/bidding.machine.js";
import { biddingManager } from "../../../../market/managers/bidding/bidding-manager.js";
import type { HandoverEvent } from "../../../../market/managers/handover.js";
import type { Mechanism } from "../../../../market/rules/mechanisms/mechanism.js";
import { uniform } from "../../../../market/rules/mechanisms/uniform.js";
import type { MarketTerms } from "../../../../market/terms.js";
import { type Reply, reply as replySchema } from "../../../../shared/messages/private.js";
import { membersMessage, packetOf, type RecordingPorts, recordingPorts, sha256 } from "../recording-ports.js";
import { first, terms as sampleTerms } from "../sample-terms.js";

export interface BiddingRoom extends RecordingPorts {
  /** Sends one command, stamped now unless said otherwise, and returns its one reply. */
  send(sender: string, topic: "items" | "orders" | "batch", content: object | string, stampedAtMs?: number): Reply;
  /** `accepted`, or the code it was rejected with. */
  verdict(sender: string, topic: "items" | "orders" | "batch", content: object, stampedAtMs?: number): string;
  control(action: "close" | "open"): void;
  /** Hears what another manager hands over. */
  hear(event: HandoverEvent | Extract<BiddingEvent, { type: "COMMAND" }>): void;
  /** Brings the clock to an instant and ends the tick: lists, books and own orders go out. */
  tickAt(atMs: number): void;
}

let requests = 0;
const withDefaults = (fields: object): object => {
  requests += 1;
  return { v: 1, requestId: `r${requests}`, ...fields };
};

export const aList = (fields: object = {}) =>
  withDefaults({ action: "list", side: "sell", period: first, energyKwh: 1, pricePerKwh: 0.1, ...fields });
export const anOrder = (fields: object = {}) =>
  withDefaults({ action: "place", side: "buy", period: first, energyKwh: 0.5, pricePerKwh: 0.12, ...fields });
export const aChange = (orderId: string, expectedVersion: number, fields: object = {}) =>
  withDefaults({ action: "modify", orderId, expectedVersion, energyKwh: 0.4, pricePerKwh: 0.12, ...fields });
export const aCancel = (orderId: string) => withDefaults({ action: "cancel", orderId });
export const aWithdrawal = (itemId: string) => withDefaults({ action: "withdraw", itemId });

export function biddingRoom(terms: MarketTerms = sampleTerms, mechanism: Mechanism = uniform): BiddingRoom {
  const ports = recordingPorts(terms.calendar.startMs);
  const { clock, outbox } = ports;
  const { logic } = biddingManager(terms, {
    ...ports,
    ...{ mechanism, digest: sha256, pseudonymSalt: "salt", leastListIntervalMs: 0, rateWindowMs: 1 },
  });
  const actor = createActor(logic, { id: "bidding", input: { calendar: terms.calendar } });
  actor.subscribe({
    error: (error) => {
      throw error;
    },
  });
  actor.start();
  actor.send({ type: "MEMBERS", message: membersMessage(terms.members) });
  clock.advanceTo(terms.calendar.startMs);

  function send(...[sender, topic, content, stampedAtMs = clock.now()]: Parameters<BiddingRoom["send"]>): Reply {
    const replies = () => outbox.on(`private/${sender}/replies`);
    const before = replies().length;
    actor.send({ type: "COMMAND", packet: packetOf(sender, topic, content, stampedAtMs) });
    const [only, ...more] = replies().slice(before);
    if (only === undefined || more.length > 0) throw new Error(`${1 + more.length} replies to one command`);
    return replySchema.parse(only);
  }

  return {
    ...ports,
    send,
    verdict(...parameters) {
      const answer = send(...parameters);
      return answer.status === "accepted" ? "accepted" : answer.code;
    },
    hear: (event) => actor.send(event),
    control: (action) => actor.send({ type: "CONTROL", message: { v: 1, action } }),
    tickAt(atMs) {
      clock.advanceTo(atMs);
      actor.send({ type: "TICK", tsMs: atMs });
    },
  };
}
