/**
 * Hand-over between the market's processes over the broker: sent again until every receiver has acknowledged.
 *
 * What is sent is numbered and kept by its sender's host, which has it in its journal; likewise what was taken before is the receiving
 * host's to know, and it acknowledges when its own journal has it. This only carries. Source: contract.md, "Between the market's own processes".
 */
import { faultOf, readJson } from "../../market/door/decode.js";
import type { Clock } from "../../market/managers/alarm.js";
import {
  eventOf,
  type HandoverEvent,
  type HandoverKind,
  type Link,
  receiversOf,
  senderOf,
} from "../../market/managers/handover.js";
import type { Log } from "../../market/ports.js";
import {
  manageAccounts,
  manageAck,
  manageBooked,
  manageContracts,
  manageControl,
  manageGrants,
  manageLimits,
  manageMembers,
  manageMetered,
  managePayments,
  managePayouts,
  manageStatus,
  manageSupply,
  manageTariffs,
} from "../../shared/messages/manage.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { isoUtc } from "../../shared/time.js";
import { type Topics, topicParts, topicsOf } from "../../shared/topics.js";
import type { HandedOver } from "../journal/journal.js";
import type { Connection } from "./connection.js";

/** Wall time after which an unacknowledged hand-over is sent again. */
const resendAfterMs = 5000;
/** So many of them at once, oldest first: who is far behind must not be kept from catching up by repeats. */
const mostResent = 100;

/** None of them keeps the program from ending. */
const machineTimers: Pick<Clock, "setTimeout" | "clearTimeout"> = {
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

const schemas = {
  members: manageMembers,
  accounts: manageAccounts,
  supply: manageSupply,
  payments: managePayments,
  payouts: managePayouts,
  booked: manageBooked,
  tariffs: manageTariffs,
  contracts: manageContracts,
  limits: manageLimits,
  metered: manageMetered,
  grants: manageGrants,
} as const satisfies Record<HandoverKind, unknown>;
/** Who hears the operator. */
const controlled: readonly ProcessRole[] = ["supervisor", "bidding", "exchange"];

/** A hand-over as a receiver hears it. */
export type NumberedEvent = Exclude<HandoverEvent, { readonly type: "STATUS" | "CONTROL" }>;
export type UnnumberedEvent = Extract<HandoverEvent, { readonly type: "STATUS" | "CONTROL" }>;

export interface BrokerLinkOptions {
  readonly market: string;
  readonly role: ProcessRole;
  readonly connection: () => Connection;
  readonly now: () => number;
  readonly log: Log;
  /** Wall time, for what is sent again; the machine's by default. */
  readonly wall?: Pick<Clock, "setTimeout" | "clearTimeout">;
  /** Hears a hand-over, at least once, in whatever order it comes; `acknowledge` it when it is taken. */
  readonly onHandover: (sender: ProcessRole, event: NumberedEvent) => void;
  readonly onEvent: (event: UnnumberedEvent) => void;
  /** Somebody has taken what this role sent. */
  readonly onAcknowledged: (n: number, receiver: ProcessRole) => void;
}

export interface BrokerLink {
  /** Filters that this role has to subscribe to. */
  readonly filters: readonly string[];
  /** Sends now and again until all receivers have acknowledged; the same number only once at a time. */
  send(handedOver: HandedOver): void;
  acknowledge(sender: ProcessRole, n: number): void;
  /** How it stands with this role: retained, only the last one matters. */
  report(status: Parameters<Link["report"]>[0]): void;
  /** Reports and sends again, after the broker was away. */
  republish(): void;
  /** Takes a message; false when it is none of the link's. */
  take(topic: string, payload: string): boolean;
  /** Resolves once everything sent is acknowledged by all. */
  acknowledged(): Promise<void>;
  stop(): void;
}

interface Outstanding {
  readonly topic: string;
  readonly payload: string;
  readonly waitingFor: Set<ProcessRole>;
}

export function createBrokerLink(options: BrokerLinkOptions): BrokerLink {
  const { market, role, connection, log } = options;
  const topics = topicsOf(market);
  const outstanding = new Map<number, Outstanding>();
  let waiting: (() => void)[] = [];
  let lastReport: string | undefined;
  const ts = () => isoUtc(options.now());
  const wall = options.wall ?? machineTimers;
  /** Of a turn that could not send all: the next one follows as soon as these are acknowledged. */
  let resent = new Set<number>();
  const sendAgain = (most: number): void => {
    const oldest = [...outstanding].slice(0, most);
    resent = new Set(oldest.length < outstanding.size ? oldest.map(([n]) => n) : []);
    for (const [, { topic, payload }] of oldest) connection().publish(topic, payload, false);
  };
  let resend: unknown;
  const resendLater = (): void => {
    resend = wall.setTimeout(() => {
      resendLater();
      sendAgain(mostResent);
    }, resendAfterMs);
  };
  resendLater();

  function takeHandover(kind: HandoverKind, payload: string): void {
    const parsed = schemas[kind].safeParse(readJson(payload));
    if (parsed.success) {
      options.onHandover(senderOf[kind], { type: eventOf[kind], message: parsed.data } as NumberedEvent);
    } else {
      const { period, n } = readJson(payload) ?? {};
      const remedy = "nothing of it counts until it comes again, put right, under the same number";
      const fault = faultOf(payload, parsed.error);
      log.warn(`${role} cannot take manage/${kind}: ${fault}; ${remedy}`, { period, n });
    }
  }

  function takeAck(acknowledger: string | undefined, payload: string): void {
    const json = readJson(payload);
    if (json?.from !== role) return; // everybody hears all acknowledgements: most are another's
    const parsed = manageAck.safeParse(json);
    if (!parsed.success) return;
    const { n } = parsed.data;
    const message = outstanding.get(n);
    if (!message?.waitingFor.delete(acknowledger as ProcessRole)) return;
    options.onAcknowledged(n, acknowledger as ProcessRole);
    if (message.waitingFor.size > 0) return;
    outstanding.delete(n);
    if (resent.delete(n) && resent.size === 0) sendAgain(mostResent);
    if (outstanding.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  function takeParsed<T extends "STATUS" | "CONTROL">(
    type: T,
    schema: T extends "STATUS" ? typeof manageStatus : typeof manageControl,
    payload: string,
  ): void {
    const parsed = schema.safeParse(readJson(payload));
    if (parsed.success) options.onEvent({ type, message: parsed.data } as UnnumberedEvent);
    else if (payload !== "")
      log.warn(`${role} cannot read manage/${type.toLowerCase()}`, { reason: parsed.error.message });
  }

  return {
    filters: filtersFor(role, topics),
    send({ n, topic, message, receivers }) {
      const payload = JSON.stringify(message);
      outstanding.set(n, { topic, payload, waitingFor: new Set(receivers) });
      connection().publish(topic, payload, false);
    },
    acknowledge(from, n) {
      connection().publish(topics.manageRole("ack", role), JSON.stringify({ from, n }), false);
    },
    report(status) {
      lastReport = JSON.stringify({ v: 1, ts: ts(), ...status });
      connection().publish(topics.manageRole("status", role), lastReport, true);
    },
    republish() {
      if (lastReport !== undefined) connection().publish(topics.manageRole("status", role), lastReport, true);
      sendAgain(outstanding.size);
    },
    take(topic, payload) {
      const parts = topicParts(market, topic);
      if (parts?.area !== "manage") return false;
      const [kind, detail] = parts.levels;
      if (kind === "ack") takeAck(detail, payload);
      else if (kind === "status") takeParsed("STATUS", manageStatus, payload);
      else if (kind === "control") takeParsed("CONTROL", manageControl, payload);
      else if (kind !== undefined && kind in schemas) takeHandover(kind as HandoverKind, payload);
      return true;
    },
    acknowledged: () => (outstanding.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    stop: () => wall.clearTimeout(resend),
  };
}

function filtersFor(role: ProcessRole, topics: Topics): string[] {
  const kinds = (Object.keys(receiversOf) as HandoverKind[]).filter((kind) => receiversOf[kind].includes(role));
  const received = kinds.map((kind) =>
    kind === "contracts" || kind === "limits" || kind === "metered"
      ? `${topics.prefix}/manage/${kind}/+`
      : topics.manage(kind),
  );
  return [
    ...received,
    topics.manageRole("ack", "+"),
    ...(role === "supervisor" ? [topics.manageRole("status", "+")] : []),
    ...(controlled.includes(role) ? [topics.manage("control")] : []),
  ];
}
