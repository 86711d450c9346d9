/** All actors of a market with their hosts: who journals what, and how a market begins, goes on, and stops. */
import type { Packet } from "../../market/door/packet.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { assertHandoversAgree, type ReadJournal } from "../journal/handovers-agree.js";
import {
  type HostedRole,
  hostedRoles,
  type MakeActor,
  managerRoles,
  type Output,
  type SeenActor,
} from "../journal/hosted-actor.js";
import type { ActorEvent, ActorJournal } from "../journal/journal.js";
import {
  createManagerHost,
  type DownCause,
  type ManagerHost,
  type ManagerHostOptions,
} from "../journal/manager-host.js";
import { programBuild } from "../version.js";
import { type ActorMakersOptions, createActorMakers } from "./actor-makers.js";

/** Actors in the order in which they begin: first who hears from the others. */
export const beginningOrder: readonly HostedRole[] = [...[...managerRoles].reverse(), "supervisor", "supplier"];

export interface MarketHostsOptions extends ActorMakersOptions {
  readonly journalOf: (role: HostedRole) => ActorJournal;
  readonly now: () => number;
  readonly release: (role: HostedRole, output: Output) => void;
  readonly onSaid?: (role: HostedRole, output: Output) => void;
  /** `receiver` has taken what `sender` handed over as number `n`. */
  readonly acknowledge: (receiver: HostedRole, sender: ProcessRole, n: number) => void;
  readonly refuse: (role: HostedRole, packet: Packet, reason: string) => void;
  readonly onDown: (role: HostedRole, cause: DownCause, error: unknown) => void;
  /** How a host learns that a turn is over and that time has come; undefined: it is told from outside. */
  readonly timing?: (role: HostedRole) => Required<Pick<ManagerHostOptions, "atEndOfTurn" | "wakeAt">>;
  readonly snapshots?: ManagerHostOptions["snapshots"];
  /** Where hosts compare what they took with what their senders handed over. */
  readonly readJournal?: ReadJournal;
  readonly interference?: Interference;
  /** Shows actors to whoever looks on, as long as they live. */
  readonly onLife?: OnLife | undefined;
}

/** What stands between the parts and belongs to no market: faults that somebody wants to see borne. */
export interface Interference {
  readonly actor?: (role: HostedRole, make: MakeActor) => MakeActor;
  readonly host?: (host: ManagerHost) => ManagerHost;
}

/** An actor of a node has come to life. @returns called when that life is over */
export type OnLife = (node: string, seen: SeenActor) => () => void;

export interface MarketHosts {
  readonly of: Readonly<Record<HostedRole, ManagerHost>>;
  readonly billedKpis: ReturnType<typeof createActorMakers>["billedKpis"];
}

export function createMarketHosts(options: MarketHostsOptions): MarketHosts {
  const { terms } = options;
  const makers = createActorMakers(options);
  const { interference = {} } = options;
  const between = interference.host ?? ((host: ManagerHost) => host);
  const hostOf = (role: HostedRole): ManagerHost =>
    createManagerHost({
      ...{
        role,
        market: terms.market,
        startMs: terms.calendar.startMs,
        digest: options.digest,
        programVersion: programBuild,
      },
      ...{
        journal: options.journalOf(role),
        make: interference.actor?.(role, makers.make[role]) ?? makers.make[role],
        now: options.now,
      },
      ...options.timing?.(role),
      release: (output) => options.release(role, output),
      onSaid: (output) => options.onSaid?.(role, output),
      acknowledge: (sender, n) => options.acknowledge(role, sender, n),
      refuse: (packet, reason) => options.refuse(role, packet, reason),
      onDown: (cause, error) => options.onDown(role, cause, error),
      isLasting: (event, said) => isLasting(role, event, said),
      onFolded: (taken) => {
        if (options.readJournal !== undefined) assertHandoversAgree(terms.market, role, taken, options.readJournal);
      },
      ...(options.onLife === undefined ? {} : { onLife: (seen: SeenActor) => options.onLife?.(role, seen) ?? nothing }),
      ...(options.snapshots !== undefined && snapshotting.includes(role) ? { snapshots: options.snapshots } : {}),
    });
  const of = Object.fromEntries(hostedRoles.map((role) => [role, between(hostOf(role))])) as Record<
    HostedRole,
    ManagerHost
  >;
  return { of, billedKpis: makers.billedKpis };
}

const nothing = (): void => {};

/** What a manager reports is told again by every tick, and a stopped market is no closed one: neither outlasts the process. */
function isLasting(role: HostedRole, event: ActorEvent | null, said: readonly Output[]): boolean {
  if (role === "supervisor" && event?.type === "JOIN") return said.length > 0;
  if (role === "supervisor") return event !== null && !["STATUS", "TICK", "STOP"].includes(event.type);
  if (role === "supplier") return (event?.type !== "TICK" && event?.type !== "GUEST") || said.length > 0;
  return true;
}

/** Those whose journals grow with every command. */
const snapshotting: readonly HostedRole[] = managerRoles;

/**
 * A guest takes a free id: made known to the supervisor and the supplier. They know who is known already, so that it may be told again, as it
 * must be where one of them was down.
 * @returns `later` where one of them is down: to be tried again; `no` for who is no guest, or where none are welcome.
 */
export function guestBook(
  { of }: MarketHosts,
  terms: MarketTerms,
): (id: string, nowMs: number) => "told" | "later" | "no" {
  const known = new Set(terms.members.map(({ id }) => id));
  return (id, nowMs) => {
    if (known.has(id) || terms.guestCapacityW === undefined) return "no";
    if (!of.supervisor.isUp() || !of.supplier.isUp()) return "later";
    of.supervisor.take({ type: "JOIN", id } as ActorEvent);
    of.supplier.take({ type: "GUEST", participant: id, tsMs: nowMs } as ActorEvent);
    return of.supervisor.isUp() && of.supplier.isUp() ? "told" : "later";
  };
}

export function stopMarketHosts({ of }: MarketHosts): void {
  of.supervisor.take({ type: "STOP" });
  for (const role of hostedRoles) of[role].stop();
}
