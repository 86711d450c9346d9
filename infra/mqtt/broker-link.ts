/**
 * Hand-over between the market's processes over the broker: numbered by sender, sent again until every receiver has
 * acknowledged, taken once. Source: contract.md, "Between the market's own processes".
 */

import { readJson } from "../../market/door/decode.js";
import {
  type HandoverEvent,
  type HandoverKind,
  handoverTopic,
  type Link,
  receiversOf,
} from "../../market/managers/handover.js";
import type { Log } from "../../market/ports.js";
import {
  manageAck,
  manageContracts,
  manageControl,
  manageGrants,
  manageLimits,
  manageMembers,
  manageMetered,
  manageStatus,
  manageTariffs,
} from "../../shared/messages/manage.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { isoUtc } from "../../shared/time.js";
import { type Topics, topicParts, topicsOf } from "../../shared/topics.js";
import type { Connection } from "./connection.js";

/** Wall time after which an unacknowledged hand-over is sent again. */
const resendAfterMs = 5000;
/** So many numbers of a sender are remembered as taken. */
const mostRemembered = 10_000;

const schemas = {
  members: { type: "MEMBERS", schema: manageMembers },
  tariffs: { type: "TARIFFS", schema: manageTariffs },
  contracts: { type: "CONTRACTS", schema: manageContracts },
  limits: { type: "LIMITS", schema: manageLimits },
  metered: { type: "METERED", schema: manageMetered },
  grants: { type: "GRANTS", schema: manageGrants },
} as const satisfies Record<HandoverKind, { type: HandoverEvent["type"]; schema: unknown }>;
const senderOf: Readonly<Record<HandoverKind, ProcessRole>> = {
  members: "supervisor",
  tariffs: "supplier",
  contracts: "bidding",
  limits: "dso",
  metered: "exchange",
  grants: "settlement",
};
/** Who hears the operator. */
const controlled: readonly ProcessRole[] = ["supervisor", "bidding", "exchange"];

export interface BrokerLinkOptions {
  readonly market: string;
  readonly role: ProcessRole;
  readonly connection: () => Connection;
  readonly now: () => number;
  readonly log: Log;
  readonly onEvent: (event: HandoverEvent) => void;
}

export interface BrokerLink extends Link {
  /** Filters that this role has to subscribe to. */
  readonly filters: readonly string[];
  /** Reports again, after the broker was away. */
  republish(): void;
  /** Takes a message; false when it is none of the link's. */
  take(topic: string, payload: string): boolean;
  /** Resolves once everything handed over is acknowledged by all. */
  acknowledged(): Promise<void>;
  stop(): void;
}

interface Outstanding {
  readonly topic: string;
  readonly payload: string;
  readonly waitingFor: Set<ProcessRole>;
}

export function createBrokerLink(options: BrokerLinkOptions): BrokerLink {
  const { market, role, connection, log, onEvent } = options;
  const topics = topicsOf(market);
  const outstanding = new Map<number, Outstanding>();
  const taken = new Map<ProcessRole, Set<number>>();
  let waiting: (() => void)[] = [];
  let n = 0;
  let lastReport: string | undefined;
  const ts = () => isoUtc(options.now());
  const resend = setInterval(() => {
    for (const { topic, payload } of outstanding.values()) connection().publish(topic, payload, false);
  }, resendAfterMs);
  resend.unref();

  function takeHandover(kind: HandoverKind, payload: string): void {
    const { type, schema } = schemas[kind];
    const parsed = schema.safeParse(readJson(payload));
    if (!parsed.success) {
      log.warn(`${role} cannot read manage/${kind}`, { reason: parsed.error.message });
      return;
    }
    const sender = senderOf[kind];
    const numbers = taken.get(sender) ?? new Set<number>();
    taken.set(sender, numbers);
    connection().publish(topics.manageRole("ack", role), JSON.stringify({ from: sender, n: parsed.data.n }), false);
    if (numbers.has(parsed.data.n)) return;
    numbers.add(parsed.data.n);
    const [oldest] = numbers;
    if (numbers.size > mostRemembered && oldest !== undefined) numbers.delete(oldest);
    onEvent({ type, message: parsed.data } as HandoverEvent);
  }

  function takeAck(acknowledger: string | undefined, payload: string): void {
    const parsed = manageAck.safeParse(readJson(payload));
    if (!parsed.success || parsed.data.from !== role) return;
    const message = outstanding.get(parsed.data.n);
    message?.waitingFor.delete(acknowledger as ProcessRole);
    if (message?.waitingFor.size !== 0) return;
    outstanding.delete(parsed.data.n);
    if (outstanding.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  return {
    filters: filtersFor(role, topics),
    hand(handover) {
      n += 1;
      const topic = handoverTopic(topics, handover);
      const payload = JSON.stringify({ v: 1, ts: ts(), n, ...handover.body });
      outstanding.set(n, { topic, payload, waitingFor: new Set(receiversOf[handover.kind]) });
      connection().publish(topic, payload, false);
    },
    report(status) {
      lastReport = JSON.stringify({ v: 1, ts: ts(), ...status });
      connection().publish(topics.manageRole("status", role), lastReport, true);
    },
    republish() {
      if (lastReport !== undefined) connection().publish(topics.manageRole("status", role), lastReport, true);
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
    stop: () => clearInterval(resend),
  };

  function takeParsed<T extends "STATUS" | "CONTROL">(
    type: T,
    schema: T extends "STATUS" ? typeof manageStatus : typeof manageControl,
    payload: string,
  ): void {
    const parsed = schema.safeParse(readJson(payload));
    if (parsed.success) onEvent({ type, message: parsed.data } as HandoverEvent);
    else if (payload !== "")
      log.warn(`${role} cannot read manage/${type.toLowerCase()}`, { reason: parsed.error.message });
  }
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
