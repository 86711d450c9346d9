/** Errors thrown inside a manager's actor on purpose: it fails on an event as it would on a mistake of ours. */
import type { Interference } from "../actors/market-hosts.js";
import type { HostedRole } from "../journal/hosted-actor.js";

/** Thrown because a faults file asked for it. */
export class InjectedFault extends Error {
  override readonly name = "InjectedFault";
}

export interface ManagerErrors {
  readonly actor: NonNullable<Interference["actor"]>;
  /** The manager's actor fails after so many further events, with the next tick at the latest. */
  arm(role: HostedRole, afterEvents: number): void;
}

export function createManagerErrors(): ManagerErrors {
  const armed = new Map<HostedRole, number>();

  function pass(role: HostedRole, type: string): void {
    const left = armed.get(role);
    if (left === undefined) return;
    armed.set(role, left - 1);
    if (left > 0 && type !== "TICK") return;
    armed.delete(role);
    throw new InjectedFault(`the faults file lets ${role} fail on a ${type}`);
  }

  return {
    actor: (role, make) => (ports, saved, onError) => {
      const actor = make(ports, saved, onError);
      return {
        ...actor,
        send(event) {
          pass(role, event.type);
          actor.send(event);
        },
      };
    },
    arm: (role, afterEvents) => void armed.set(role, afterEvents),
  };
}
