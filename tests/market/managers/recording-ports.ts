/** What a manager needs from outside, recorded: facts, log lines, what it hands to the others and reports of itself. */
import { createHash } from "node:crypto";
import { type SteppedClock, steppedClock } from "../../../infra/clock/stepped-clock.js";
import type { Packet } from "../../../market/door/packet.js";
import type { Fact } from "../../../market/facts.js";
import type { Handover, Link } from "../../../market/managers/handover.js";
import type { MemberTerms } from "../../../market/terms.js";
import { kwFromWatt, majorFromMicro } from "../../../shared/decimal.js";
import type { ManageMembers, ManageStatus } from "../../../shared/messages/manage.js";
import { isoUtc } from "../../../shared/time.js";
import { type CheckingOutbox, checkingOutbox } from "./checking-outbox.js";
import { startMs } from "./sample-terms.js";

export interface RecordingPorts {
  readonly clock: SteppedClock;
  readonly outbox: CheckingOutbox;
  readonly facts: Fact[];
  readonly lines: string[];
  readonly handed: Handover[];
  readonly reports: Omit<ManageStatus, "v" | "ts">[];
  readonly link: Link;
  readonly journal: { record(fact: Fact): void };
  readonly log: { info(message: string): void; warn(message: string): void };
}

export function recordingPorts(atMs = startMs): RecordingPorts {
  const facts: Fact[] = [];
  const lines: string[] = [];
  const handed: Handover[] = [];
  const reports: Omit<ManageStatus, "v" | "ts">[] = [];
  const note = (message: string): void => {
    lines.push(message);
  };
  return {
    clock: steppedClock(atMs),
    outbox: checkingOutbox(),
    ...{ facts, lines, handed, reports },
    link: { hand: (handover) => handed.push(handover), report: (status) => reports.push(status) },
    journal: { record: (fact) => facts.push(fact) },
    log: { info: note, warn: note },
  };
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export function membersMessage(members: readonly MemberTerms[]): ManageMembers {
  return {
    ...{ v: 1, ts: isoUtc(startMs), n: 1 },
    members: members.map(
      ({ id, role, capacityW, connectionPoint, phase, creditLimitMicro, depositMicro, ...more }) => ({
        ...{ id, role, connectionPoint, phase },
        ...(more.gateway === undefined ? {} : { gateway: more.gateway }),
        ...(more.standing === undefined ? {} : { standing: more.standing }),
        ...(more.fromMs === undefined ? {} : { from: isoUtc(more.fromMs) }),
        ...(more.untilMs === undefined ? {} : { until: isoUtc(more.untilMs) }),
        ...(creditLimitMicro === undefined ? {} : { creditLimit: majorFromMicro(creditLimitMicro) }),
        ...(depositMicro === 0 ? {} : { deposit: majorFromMicro(depositMicro) }),
        capacityKw: kwFromWatt(capacityW),
      }),
    ),
  };
}

/** A message of `sender` as it came off the wire; `content` is sent as JSON unless it is a text. */
export function packetOf(sender: string, topic: string, content: object | string, stampedAtMs: number): Packet {
  const payload = typeof content === "string" ? content : JSON.stringify(content);
  return { sender, topic, payload, bytes: Buffer.byteLength(payload), stampedAtMs };
}
