/** Hosts of actors over a broker: where what they say goes, and how they learn that a turn is over or a time has come. */

import type { Packet } from "../../market/door/packet.js";
import { rejectionOf, requestIdOf } from "../../market/door/refusal.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Journal, Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { topicsOf } from "../../shared/topics.js";
import type { MarketHostsOptions } from "../actors/market-hosts.js";
import type { HostedRole, Output } from "../journal/hosted-actor.js";
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

type Wiring = Pick<MarketHostsOptions, "now" | "release" | "acknowledge" | "refuse"> &
  Required<Pick<MarketHostsOptions, "timing">>;

export function createHostWiring({ terms, clock, log, journal, roleOf, atEndOfTurn }: HostWiringOptions): Wiring {
  const topics = topicsOf(terms.market);

  function release(role: HostedRole, output: Output): void {
    switch (output.kind) {
      case "publish":
        roleOf(role).outbox.publish(output.topic, output.message, output.retain);
        break;
      case "hand":
      case "resend":
        roleOf(role).link.send(output.handedOver);
        break;
      case "report":
        roleOf(role).link.report(output.status);
        break;
      case "fact":
        journal.record(output.fact);
        break;
      case "log":
        log[output.level](output.message, output.values);
        break;
    }
  }

  return {
    now: clock.now,
    release,
    acknowledge: (receiver, sender, n) => roleOf(receiver).link.acknowledge(sender, n),
    refuse: (role, packet: Packet, reason) => {
      const refusal = rejectionOf(packet, requestIdOf(packet), "market-closed", reason, clock.now());
      roleOf(role).outbox.publish(topics.private(packet.sender, "replies"), refusal);
    },
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
