/** Hosts of actors over a broker: where what they say goes, and how they learn that a turn is over or a time has come. */

import type { Packet } from "../../market/door/packet.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Journal, Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { createVoice } from "../actors/voice.js";
import type { HostedRole, JournalledRole, Output } from "../journal/hosted-actor.js";
import type { ManagerHostOptions } from "../journal/manager-host.js";
import type { RoleHost } from "./role-host.js";
import type { World } from "./world.js";

export interface HostWiringOptions {
  readonly terms: MarketTerms;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears every fact once it is durable. */
  readonly journal: Journal;
  /** The connection of a role. Hosts are made before their roles connect, so it is looked up when they speak. */
  readonly roleOf: (role: ProcessRole) => RoleHost;
  readonly atEndOfTurn: World["atEndOfTurn"];
}

interface Wiring<Role extends JournalledRole> {
  readonly now: () => number;
  readonly release: (role: Role, output: Output) => void;
  readonly acknowledge: (receiver: Role, sender: ProcessRole, n: number) => void;
  readonly refuse: (role: Role, packet: Packet, reason: string) => void;
  readonly timing: () => Required<Pick<ManagerHostOptions, "atEndOfTurn" | "wakeAt">>;
}

export function createHostWiring<Role extends JournalledRole = HostedRole>({
  terms,
  clock,
  log,
  journal,
  roleOf,
  atEndOfTurn,
}: HostWiringOptions): Wiring<Role> {
  const { say, refuse } = createVoice<Role>({
    ...{ market: terms.market, now: clock.now, outboxOf: (role) => roleOf(role).outbox, journal, log },
    hand: (role, { handedOver }) => roleOf(role).link.send(handedOver),
    report: (role, status) => roleOf(role).link.report(status),
  });
  return {
    now: clock.now,
    release: say,
    acknowledge: (receiver, sender, n) => roleOf(receiver).link.acknowledge(sender, n),
    refuse,
    timing: () => ({ atEndOfTurn, wakeAt: oneWaker(clock) }),
  };
}

/** One timer that is moved: the host names the next instant after every input. */
function oneWaker(clock: Clock): (atMs: number | undefined, wake: () => void) => void {
  let armed: { readonly atMs: number; readonly timer: unknown } | undefined;
  return (atMs, wake) => {
    if (armed?.atMs === atMs) return;
    if (armed !== undefined) clock.clearTimeout(armed.timer);
    armed = undefined;
    if (atMs === undefined) return;
    const ring = (): void => {
      armed = undefined;
      wake();
    };
    armed = { atMs, timer: clock.setTimeout(ring, Math.max(0, atMs - clock.now())) };
  };
}
