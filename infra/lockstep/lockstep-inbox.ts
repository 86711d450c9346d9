/** What comes in over the market's connection in lockstep: commands into the barrier, readies, statuses, the operator. */
import { faultOf, readJson } from "../../market/door/decode.js";
import { type Packet, packetFrom } from "../../market/door/packet.js";
import { rejectionOf, requestIdOf } from "../../market/door/refusal.js";
import { type Barrier, enrol, takePacket, takeReady } from "../../market/managers/clock/barrier.js";
import type { Log, Outbox } from "../../market/ports.js";
import { ready, status } from "../../shared/messages/clock.js";
import { type ManageControl, type ManageLimits, manageControl, manageLimits } from "../../shared/messages/manage.js";
import { sentTo, topicParts, topicsOf } from "../../shared/topics.js";

export interface LockstepInboxOptions {
  readonly market: string;
  readonly barrier: Barrier;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Market time of the tick in progress: commands get it as their stamp. */
  readonly now: () => number;
  readonly onOnline: (id: string) => void;
  readonly onOffline: (id: string) => void;
  readonly onControl: (message: ManageControl) => void;
  /** The DSO speaks. */
  readonly onLimits: (message: ManageLimits) => void;
  /** Something came that may complete the tick. */
  readonly onProgress: () => void;
}

export interface LockstepInbox {
  /** Who is online. */
  readonly online: ReadonlySet<string>;
  take(topic: string, payload: Buffer, retained: boolean): void;
  /** Messages that were of no use so far. */
  unusable(): number;
}

/** What participants send besides their status. */
const sentNames = ["items", "orders", "meter", "batch", "ready"];

export function createLockstepInbox(options: LockstepInboxOptions): LockstepInbox {
  const { market, barrier, outbox, log } = options;
  const topics = topicsOf(market);
  const online = new Set<string>();
  let unusable = 0;

  function countUnusable(what: string, reason: string): void {
    unusable += 1;
    log.warn(`${what} is of no use: ${reason}`, { count: unusable });
  }

  function takeStatus(id: string, payload: string): void {
    const parsed = status.safeParse(readJson(payload));
    if (!parsed.success) countUnusable(`status of ${id}`, "it is no status");
    else if (parsed.data.status === "offline") {
      if (online.delete(id)) options.onOffline(id);
    } else {
      online.add(id);
      options.onOnline(id);
      enrol(barrier, id);
      options.onProgress();
    }
  }

  function takeReadiness(id: string, text: string): void {
    const parsed = ready.safeParse(readJson(text));
    if (!parsed.success) countUnusable(`ready of ${id}`, "it is no ready");
    else if (takeReady(barrier, id, parsed.data.seq, parsed.data.sent)) options.onProgress();
  }

  function takeCommand(packet: Packet): void {
    const requestId = requestIdOf(packet);
    const taken = takePacket(barrier, packet, requestId);
    if (taken === "complete") options.onProgress();
    if (taken !== "dropped") return;
    countUnusable(`a command of ${packet.sender}`, "too many wait for the next tick");
    // What is dropped gets its one reply as well: everything that reaches the market does.
    const reason = "too many commands wait for the next tick: send again later";
    const refusal = rejectionOf(packet, requestId, "rate-limited", reason, options.now());
    outbox.publish(topics.private(packet.sender, "replies"), refusal);
  }

  /** Acknowledged like every hand-over; that it is taken once is the period's business: it hears the DSO but once. */
  function takeLimits(text: string): void {
    const parsed = manageLimits.safeParse(readJson(text));
    if (!parsed.success) {
      const remedy = "nothing of it counts until it comes again, put right";
      countUnusable("a message of the DSO", `${faultOf(text, parsed.error)}; ${remedy}`);
      return;
    }
    outbox.publish(topics.manageRole("ack", "bidding"), { from: "dso", n: parsed.data.n });
    options.onLimits(parsed.data);
  }

  function takeManaged(topic: string, text: string): void {
    if (topicParts(market, topic)?.levels[0] === "limits") takeLimits(text);
    else if (topic === topics.manage("control")) takeControl(text);
  }

  function takeControl(text: string): void {
    const parsed = manageControl.safeParse(readJson(text));
    if (parsed.success) options.onControl(parsed.data);
    else countUnusable("a control message", "it does not fit its schema");
  }

  return {
    online,
    unusable: () => unusable,
    take(topic, payload, retained) {
      if (payload.length === 0) return; // a clearing: no reply, not counted
      const text = payload.toString("utf8");
      const sent = sentTo(market, topic);
      if (sent === undefined) takeManaged(topic, text);
      else if (sent.name === "status") takeStatus(sent.id, text);
      else if (retained) outbox.publish(topic, null, true);
      else if (sent.name === "ready") takeReadiness(sent.id, text);
      else if (!sentNames.includes(sent.name)) countUnusable(`a message on ${topic}`, "there is no such topic");
      else {
        takeCommand(packetFrom(sent.id, sent.name, text, payload.length, options.now()));
      }
    },
  };
}
