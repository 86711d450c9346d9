/**
 * The door: every command gets exactly one reply, and the same command never has two effects.
 *
 * Checks in the order of the contract: bad-message, not-registered, request-id-reused, market-closed, suspended, rate-limited; what is
 * left is the manager's to decide. Replies to bad messages, to a closed market, to who is suspended and over the rate are not remembered, so that
 * the same request may be sent again later. A manager that has not been told its members yet is closed: it cannot say who is none.
 */
import type { Reply } from "../../shared/messages/private.js";
import type { RejectCode } from "../../shared/reject-codes.js";
import { isoUtc } from "../../shared/time.js";
import type { Topics } from "../../shared/topics.js";
import type { Journal, Log, Outbox } from "../ports.js";
import type { MemberTerms } from "../terms.js";
import { createBatchReception, type Deciders } from "./batch-reception.js";
import { type CommandOn, type CommandTopic, decode } from "./decode.js";
import { createDoorMemory, type DoorMemory } from "./door-memory.js";
import type { Members } from "./members.js";
import type { Packet } from "./packet.js";
import { createRateLimit } from "./rate-limit.js";
import { rejectionOf } from "./refusal.js";
import { contentOf, forget, recall, remember } from "./reply-memory.js";

const noMembers: Members = new Map();

export interface Acceptance {
  readonly accepted: {
    readonly orderId?: string;
    readonly itemId?: string;
    readonly version?: number;
    readonly biddingCycle?: number;
  };
  readonly periodMs: number;
  readonly forgetAtMs: number;
}
export interface Refusal {
  readonly code: RejectCode;
  readonly reason: string;
  /** Until when the refusal is repeated to the same request; undefined: the same may be sent again at once, and is decided anew. */
  readonly forgetAtMs: number | undefined;
}
export type Decision = Acceptance | Refusal;

export interface ReceptionOptions {
  readonly topics: Topics;
  readonly outbox: Outbox;
  readonly journal: Journal;
  readonly log: Log;
  readonly now: () => number;
  readonly maxCommandsPerWindow: number;
  readonly rateWindowMs: number;
}

export interface Reception {
  members: Members;
  /** False: the market is closed, everything is refused. */
  open: boolean;
  /** Takes one packet, lets `decide` decide it where nothing stands against that, and replies. */
  receive<T extends CommandTopic>(
    topic: T,
    packet: Packet,
    decide: (command: CommandOn<T>, sender: MemberTerms) => Decision,
  ): void;
  /** A gateway's batch: the same for each of its entries, and one reply. */
  receiveBatch(packet: Packet, deciders: Deciders): void;
  /** Refuses a message of a kind that this market does not take. */
  refuse(packet: Packet, requestId: string | null, code: RejectCode, reason: string): void;
  forgetOld(): void;
}

/** @param memory what it has heard and answered so far: it goes on from there, and keeps it up */
export function createReception(options: ReceptionOptions, memory: DoorMemory = createDoorMemory()): Reception {
  const { topics, outbox, journal, log, now } = options;
  const { replies } = memory;
  const rateLimit = createRateLimit(options.maxCommandsPerWindow, options.rateWindowMs, memory.rateWindows);

  function send(packet: Packet, reply: Reply): void {
    outbox.publish(topics.private(packet.sender, "replies"), reply);
    if (reply.status === "rejected") {
      journal.record({ type: "rejected", participant: packet.sender, topic: packet.topic, code: reply.code });
      if (reply.code === "bad-message" || reply.code === "not-registered") {
        log.warn(`rejected a message on ${topics.prefix}/in/${packet.sender}/${packet.topic}: ${reply.code}`, {
          reason: reply.reason,
        });
      }
    }
  }

  const rejection = (packet: Packet, requestId: string | null, code: RejectCode, reason: string): Reply =>
    rejectionOf(packet, requestId, code, reason, now());

  function refuse(packet: Packet, requestId: string | null, code: RejectCode, reason: string): void {
    send(packet, rejection(packet, requestId, code, reason));
  }

  /** What one command comes to. */
  function answer<T extends CommandTopic>(
    topic: T,
    packet: Packet,
    decide: (command: CommandOn<T>, sender: MemberTerms) => Decision,
  ): Reply {
    const decoded = decode(topic, packet);
    if (!decoded.ok) return rejection(packet, decoded.requestId, "bad-message", decoded.reason);
    const { command } = decoded;
    const { requestId } = command;
    if (memory.members === undefined) {
      return rejection(packet, requestId, "market-closed", "the market is starting: send again later");
    }
    const member = memory.members.get(packet.sender);
    if (member === undefined) return rejection(packet, requestId, "not-registered", notRegistered(packet.sender));
    if (member.standing === "left") {
      const only = member.role === "prosumer" ? ": only its meter is still read" : "";
      // Who read the meters of others reads none any more.
      if (topic !== "meter" || only === "")
        return rejection(packet, requestId, "not-registered", `${packet.sender} has left${only}`);
    }
    const content = contentOf(command);
    const earlier = recall(replies, packet.sender, topic, requestId, content);
    if (earlier === "reused") {
      return rejection(
        packet,
        requestId,
        "request-id-reused",
        `requestId ${requestId} stood for another message before`,
      );
    }
    if (earlier !== undefined) return earlier;
    if (!memory.open)
      return rejection(packet, requestId, "market-closed", "the market takes no commands at the moment");
    if (member.standing === "suspended")
      return rejection(packet, requestId, "suspended", `the operator has suspended ${packet.sender}`);
    // The operator brings the readings of a whole month at once.
    if (member.role !== "operator" && !rateLimit.admits(packet.sender, packet.stampedAtMs)) {
      const limit = options.maxCommandsPerWindow;
      return rejection(packet, requestId, "rate-limited", `more than ${limit} commands at once: send again later`);
    }
    const decision = decide(command, member);
    const reply: Reply =
      "code" in decision
        ? rejection(packet, requestId, decision.code, decision.reason)
        : {
            v: 1,
            ts: isoUtc(now()),
            requestId,
            topic,
            status: "accepted",
            ...decision.accepted,
            period: isoUtc(decision.periodMs),
            acceptedAt: isoUtc(packet.stampedAtMs),
          };
    if (decision.forgetAtMs !== undefined) remember(replies, packet.sender, topic, content, reply, decision.forgetAtMs);
    return reply;
  }

  return {
    get members() {
      return memory.members ?? noMembers;
    },
    set members(members) {
      memory.members = members;
    },
    get open() {
      return memory.open;
    },
    set open(open) {
      memory.open = open;
    },
    refuse,
    forgetOld: () => forget(replies, now()),
    receive: (topic, packet, decide) => send(packet, answer(topic, packet, decide)),
    receiveBatch: createBatchReception({ options, memory, rateLimit, answer, refuse }),
  };
}

function notRegistered(id: string): string {
  return `nobody is registered as ${id}; where guests are welcome, publish your status online first`;
}
