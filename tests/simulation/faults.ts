/** What goes wrong in a run, and when: drawn from its seed. Each kind of fault has odds of its own, none of them in some runs. */
import { type JournalledRole, journalledRoles, type MakeActor } from "../../infra/journal/hosted-actor.js";
import type { ManagerHost } from "../../infra/journal/manager-host.js";
import { type RandomStream, stream } from "../../shared/random-stream.js";
import type { Broker, BrokerChance } from "./broker.js";
import type { LifeFaults } from "./market-life.js";
import { oneOf } from "./setting.js";
import type { Wall } from "./wall.js";

export interface Faults {
  readonly life: LifeFaults;
  readonly broker: BrokerChance;
  /** Makes an actor throw on an input, when that is drawn; not while it is made anew from its journal, which it has borne before. */
  readonly actor: (role: JournalledRole, make: MakeActor) => MakeActor;
  readonly host: <Role extends JournalledRole>(host: ManagerHost<Role>) => ManagerHost<Role>;
  /** Faults begin, and go on until `untilMs`. */
  begin(world: FaultyWorld, during: { readonly fromMs: number; readonly untilMs: number }): void;
  /** Nothing goes wrong from now on; what is broken is mended. */
  stop(world: FaultyWorld): void;
  /** How often each kind has struck. */
  struck(): ReadonlyMap<FaultKind, number>;
}

export interface FaultyWorld {
  readonly wall: Wall;
  readonly broker: Broker;
  readonly killMarket: (reason: string, downMs: number) => void;
}

/** What may befall the market as a whole, or one of its connections, at an instant. */
export const faultKinds = [
  "kill",
  "die-at-append",
  "die-at-publish",
  "break",
  "break-role",
  "partition",
  "broker",
  "disk",
  "throw",
] as const;
export type FaultKind = (typeof faultKinds)[number];

export function drawFaults(seed: number): Faults {
  const chance = stream(seed, "simulation", "faults");
  const network = stream(seed, "simulation", "network");
  // One run in eight has no fault but delay; the others have a choice of kinds, from seldom to all the time.
  const isCalm = chance.uniform() < 0.125;
  const chosen = isCalm ? [] : faultKinds.filter(() => chance.uniform() < 0.55);
  /** In a run, about so many. */
  const strikes = oneOf([2, 5, 12], chance);
  const slowestMs = oneOf([3, 40, 1500], chance);
  const repeatOdds = isCalm ? 0 : oneOf([0, 0.02, 0.2], chance);
  const slowestTurnMs = oneOf([0, 5, 200], chance);
  let isOn = false;
  let isFolding = false;
  let deathAtAppend: { left: number; readonly how: "dies-before" | "dies-after" } | undefined;
  let deathAtPublish: number | undefined;
  const fullDisks = new Set<JournalledRole>();
  const throwsOn = new Map<JournalledRole, number>();
  const lastThrowMs = new Map<JournalledRole, number>();

  const struck = new Map<FaultKind, number>();

  function strike(kind: FaultKind, { wall, broker, killMarket }: FaultyWorld): void {
    struck.set(kind, (struck.get(kind) ?? 0) + 1);
    const awayMs = chance.uniform() < 0.8 ? chance.integer(0, 5000) : chance.integer(5000, 120_000);
    switch (kind) {
      case "kill":
        killMarket("killed", awayMs);
        return;
      case "die-at-append":
        deathAtAppend = { left: chance.integer(0, 20), how: oneOf(["dies-before", "dies-after"], chance) };
        return;
      case "die-at-publish":
        deathAtPublish = chance.integer(0, 60);
        return;
      case "break":
        broker.breakConnection(oneOf(broker.clientIds(), chance), awayMs);
        return;
      case "break-role":
        broker.breakConnection(oneOf(journalledRoles, chance), awayMs);
        return;
      case "partition":
        broker.breakConnection(oneOf(journalledRoles, chance), 20 * awayMs);
        return;
      case "broker": {
        const [keepsSessions, keepsRetained] = [chance.uniform() < 0.5, chance.uniform() < 0.5];
        broker.restart({ keepsSessions, keepsRetained, downMs: awayMs });
        return;
      }
      case "disk": {
        const role = oneOf(journalledRoles, chance);
        fullDisks.add(role);
        wall.setTimeout(() => fullDisks.delete(role), chance.uniform() < 0.3 ? 120_000 : Math.min(30_000, 2 * awayMs));
        return;
      }
      case "throw":
        throwAt(oneOf(journalledRoles, chance), wall.now());
    }
  }

  /** Seldom enough that nobody is given up for failing in a row. */
  function throwAt(role: JournalledRole, nowMs: number): void {
    const after = chance.integer(1, 10);
    if (nowMs - (lastThrowMs.get(role) ?? Number.NEGATIVE_INFINITY) < 90_000) return;
    lastThrowMs.set(role, nowMs);
    throwsOn.set(role, after);
  }

  return {
    struck: () => struck,
    begin(world, { fromMs, untilMs }) {
      const meanMs = (untilMs - fromMs) / strikes;
      isOn = chosen.length > 0;
      if (!isOn) return;
      const later = (): void => {
        const afterMs = -Math.log(1 - chance.uniform()) * meanMs;
        if (world.wall.now() + afterMs >= untilMs) return;
        world.wall.setTimeout(() => {
          if (!isOn) return;
          strike(oneOf(chosen, chance), world);
          later();
        }, afterMs);
      };
      later();
    },
    stop({ broker }) {
      isOn = false;
      broker.heal();
      deathAtAppend = undefined;
      deathAtPublish = undefined;
      fullDisks.clear();
      throwsOn.clear();
    },
    broker: {
      latencyMs: () => (network.uniform() < 0.95 ? network.integer(1, 3) : network.integer(1, slowestMs)),
      repeats: () => isOn && repeatOdds > 0 && network.uniform() < repeatOdds,
      noticedAfterMs: () => network.integer(0, 10_000),
    },
    life: {
      isFull: (role) => fullDisks.has(role),
      atAppend(role) {
        if (fullDisks.has(role)) return "full";
        if (deathAtAppend === undefined) return "fine";
        deathAtAppend.left -= 1;
        if (deathAtAppend.left >= 0) return "fine";
        const { how } = deathAtAppend;
        deathAtAppend = undefined;
        return how;
      },
      diesAtPublish() {
        if (deathAtPublish === undefined) return false;
        deathAtPublish -= 1;
        if (deathAtPublish >= 0) return false;
        deathAtPublish = undefined;
        return true;
      },
      turnMs: () => network.integer(0, slowestTurnMs),
    },
    host: (host) => ({
      ...host,
      restart() {
        isFolding = true;
        try {
          host.restart();
        } finally {
          isFolding = false;
        }
      },
    }),
    actor: (role, make) => (ports, saved, onError) => {
      const actor = make(ports, saved, onError);
      return {
        ...actor,
        send(event) {
          const left = isFolding ? undefined : throwsOn.get(role);
          if (left !== undefined && left <= 1) {
            throwsOn.delete(role);
            throw new Error(`${role} cannot bear the event ${event.type}`);
          }
          if (left !== undefined) throwsOn.set(role, left - 1);
          actor.send(event);
        },
      };
    },
  };
}

export function chanceOf(seed: number, purpose: string): RandomStream {
  return stream(seed, "simulation", purpose);
}
