/** What a host needs of the actor that it runs, and what it gives it. */

import type { AnyActorRef } from "xstate";
import type { Fact } from "../../market/facts.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Handover, Link } from "../../market/managers/handover.js";
import type { Journal, Log, Outbox } from "../../market/ports.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import type { ActorEvent, HandedOver } from "./journal.js";

/** The period managers, as a period goes through them. They can run as processes of their own. */
export const managerRoles = ["bidding", "exchange", "settlement"] as const;
export type ManagerRole = (typeof managerRoles)[number];

/** The actors of every market that remember, each with a journal of its own. */
export const hostedRoles = [...managerRoles, "supervisor", "supplier"] as const satisfies readonly ProcessRole[];
export type HostedRole = (typeof hostedRoles)[number];

/** And the registrar, which is beside them where there are doors: in `up`, never in a simulation. */
export const journalledRoles = [...hostedRoles, "api"] as const satisfies readonly ProcessRole[];
export type JournalledRole = (typeof journalledRoles)[number];

/** The world as the actor sees it: its own clock, which only inputs move, and outputs that wait until they are durable. */
export interface HostedPorts {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly link: Link;
  readonly journal: Journal;
  readonly log: Log;
}

/** An actor as whoever looks on may read it, and must not touch it. */
export interface SeenActor {
  readonly root: AnyActorRef;
  /** What it works on beside its context: no copy. */
  readonly plainState?: () => unknown;
  /** The one way to give it an event: through its host, which journals it. Undefined: nothing of it is journalled. */
  readonly take?: (event: ActorEvent) => void;
}

export interface HostedActor {
  start(): void;
  send(event: ActorEvent): void;
  stop(): void;
  /** All that its later answers depend on, as structured data. Undefined: it takes no snapshots. */
  save(): unknown;
  /** For whoever looks on; undefined: there is nothing to see. */
  readonly seen?: SeenActor;
}

/**
 * @param saved what `save` gave, to go on from; undefined: it begins
 * @param onError to be called with what the actor could not bear
 */
export type MakeActor = (ports: HostedPorts, saved: unknown, onError: (error: unknown) => void) => HostedActor;

/** Its status: whoever hears of no newer one takes it for what is. */
export interface ReportOutput {
  readonly kind: "report";
  readonly status: Parameters<Link["report"]>[0];
}

/** What an actor said, in its order. */
export type Output =
  | { readonly kind: "publish"; readonly topic: string; readonly message: object | null; readonly retain: boolean }
  | { readonly kind: "hand"; readonly handover: Handover; readonly handedOver: HandedOver }
  | ReportOutput
  /** Handed over before, in an earlier life, and not acknowledged by all. */
  | { readonly kind: "resend"; readonly handedOver: HandedOver }
  | { readonly kind: "fact"; readonly fact: Fact }
  | {
      readonly kind: "log";
      readonly level: "info" | "warn";
      readonly message: string;
      readonly values: Record<string, unknown> | undefined;
    };
