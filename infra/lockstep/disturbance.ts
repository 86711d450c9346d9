/** Where somebody who wants to see faults borne can reach into a lockstep market. Nothing of it is there unless it was asked for. */
import type { Packet } from "../../market/door/packet.js";
import type { Interference, MarketHosts } from "../actors/market-hosts.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { HandoverQueue } from "./handover-queue.js";

/** Parts of a tick, in their order: commands are worked, gates close and readings fall due, the tick is told. */
export const turns = ["commands", "gates", "told"] as const;
export type Turn = (typeof turns)[number];

export interface Disturbance {
  readonly interference: Interference;
  /** What the managers hand to each other goes through this. */
  readonly queue: (inner: HandoverQueue) => HandoverQueue;
  /** Before anything of the tick is worked. */
  beginTick(seq: number, hosts: MarketHosts): void;
  /** A command is about to be worked. */
  onCommand(packet: Packet): void;
  /** Something of the tick is worked, and not yet durable. `role`: by this manager alone; undefined: by all. */
  endTurn(turn: Turn, hosts: MarketHosts, role?: HostedRole): void;
  /** Its replies, publications, hand-overs and acknowledgements get lost at the moment. */
  isMuted(role: HostedRole): boolean;
  /** An actor failed. @returns false where nobody asked for that: the run cannot go on */
  bears(role: HostedRole, error: unknown): boolean;
}
