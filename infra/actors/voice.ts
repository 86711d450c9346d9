/** How what actors say reaches the world: alike over a broker and in lockstep, but for what they hand to each other and report. */
import type { Packet } from "../../market/door/packet.js";
import { rejectionOf, requestIdOf } from "../../market/door/refusal.js";
import type { Journal, Log, Outbox } from "../../market/ports.js";
import { topicsOf } from "../../shared/topics.js";
import type { HostedRole, JournalledRole, Output } from "../journal/hosted-actor.js";

type Said<Kind extends Output["kind"]> = Extract<Output, { readonly kind: Kind }>;

export interface VoiceOptions<Role extends JournalledRole = HostedRole> {
  readonly market: string;
  /** Market time now. */
  readonly now: () => number;
  readonly outboxOf: (role: Role) => Outbox;
  /** Hears every fact. */
  readonly journal: Journal;
  readonly log: Log;
  readonly hand: (role: Role, handover: Said<"hand"> | Said<"resend">) => void;
  readonly report: (role: Role, status: Said<"report">["status"]) => void;
}

export interface Voice<Role extends JournalledRole = HostedRole> {
  say(role: Role, output: Output): void;
  /** Answers a command that could not be worked or written down: the same command may be sent again. */
  refuse(role: Role, packet: Packet, reason: string): void;
}

export function createVoice<Role extends JournalledRole>({
  market,
  now,
  outboxOf,
  journal,
  log,
  hand,
  report,
}: VoiceOptions<Role>): Voice<Role> {
  const topics = topicsOf(market);
  return {
    say(role, output) {
      switch (output.kind) {
        case "publish":
          outboxOf(role).publish(output.topic, output.message, output.retain);
          break;
        case "fact":
          journal.record(output.fact);
          break;
        case "log":
          log[output.level](output.message, output.values);
          break;
        case "report":
          report(role, output.status);
          break;
        case "hand":
        case "resend":
          hand(role, output);
          break;
      }
    },
    refuse(role, packet, reason) {
      const refusal = rejectionOf(packet, requestIdOf(packet), "market-closed", reason, now());
      outboxOf(role).publish(topics.private(packet.sender, "replies"), refusal);
    },
  };
}
