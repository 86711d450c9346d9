/**
 * Who has to be waited for before the next tick of a lockstep run, and what each has sent in which tick.
 *
 * A tick is complete once everyone enrolled is ready for it and at least as many distinct requestIds have come from each as
 * its ready says. What comes after one's ready belongs to the next tick. Ready counts once per sender and tick; what has no
 * readable requestId, and repeats, do not count. A gateway that is there is ready for all under it. Source: contract.md, "The clock".
 */
import type { Packet } from "../../door/packet.js";

interface Sender {
  enrolled: boolean;
  /** Marked absent at a deadline: not waited for until it is ready for a current tick again. */
  absent: boolean;
  readySeq: number;
  promised: number;
  /** `topic/requestId` of the tick in progress. */
  seen: Set<string>;
  packets: Packet[];
  /** What came after its ready. */
  nextSeen: Set<string>;
  nextPackets: Packet[];
  /** What it sent in earlier ticks: repeats of these do not count. The older half is forgotten now and then. */
  before: Set<string>;
  longBefore: Set<string>;
}

export interface Barrier {
  readonly senders: Map<string, Sender>;
  /** Who is enrolled from the next tick on. */
  readonly enrolling: Set<string>;
  /** Who is ready for whom: nobody under a gateway that is there is waited for. */
  readonly gatewayOf: ReadonlyMap<string, string>;
  seq: number;
}

export function createBarrier(gatewayOf: ReadonlyMap<string, string> = new Map()): Barrier {
  return { senders: new Map(), enrolling: new Set(), gatewayOf, seq: 0 };
}

/** From the next tick on `id` is waited for. */
export function enrol(barrier: Barrier, id: string): void {
  const sender = barrier.senders.get(id);
  if (sender?.enrolled && !sender.absent) return;
  barrier.enrolling.add(id);
}

/**
 * Begins tick `seq`; returns what belongs to the tick before, by sender, each one's in the order of sending, all stamped
 * with `stampedAtMs`, the time of that tick: what came after one's ready came in the tick before it.
 */
export function beginTick(barrier: Barrier, seq: number, stampedAtMs: number): Map<string, readonly Packet[]> {
  const sent = new Map<string, readonly Packet[]>();
  barrier.seq = seq;
  for (const [id, sender] of barrier.senders) {
    if (sender.packets.length > 0)
      sent.set(
        id,
        sender.packets.map((packet) => ({ ...packet, stampedAtMs })),
      );
    rememberSeen(sender, seq);
    sender.packets = sender.nextPackets;
    sender.seen = sender.nextSeen;
    sender.nextPackets = [];
    sender.nextSeen = new Set();
  }
  for (const id of barrier.enrolling) {
    const sender = senderOf(barrier, id);
    sender.enrolled = true;
    sender.absent = false;
  }
  barrier.enrolling.clear();
  return sent;
}

/** So many packets of one sender wait for the next tick; what is beyond is dropped, newest first. */
const mostWaiting = 5000;

/** Takes one packet; `requestId` as far as readable. Returns what it changed. */
export function takePacket(
  barrier: Barrier,
  packet: Packet,
  requestId: string | null,
): "taken" | "complete" | "dropped" {
  const sender = senderOf(barrier, packet.sender);
  const afterReady = isComplete(barrier, sender);
  const waiting = afterReady ? sender.nextPackets : sender.packets;
  if (waiting.length >= mostWaiting) return "dropped";
  waiting.push(packet);
  const key = `${packet.topic}/${requestId}`;
  const isRepeat = requestId === null || sender.before.has(key) || sender.longBefore.has(key);
  if (!isRepeat) (afterReady ? sender.nextSeen : sender.seen).add(key);
  return !afterReady && isComplete(barrier, sender) ? "complete" : "taken";
}

/** Takes a ready; one for another tick than the current is ignored. True when it completes its sender's tick. */
export function takeReady(barrier: Barrier, id: string, seq: number, sent: number): boolean {
  if (seq !== barrier.seq) return false;
  const sender = senderOf(barrier, id);
  if (sender.readySeq === seq) return false;
  sender.readySeq = seq;
  sender.promised = sent;
  if (sender.absent) {
    sender.absent = false;
    sender.enrolled = true;
  }
  return isComplete(barrier, sender);
}

/** Who is still waited for, sorted. */
export function missing(barrier: Barrier): string[] {
  const ids: string[] = [];
  for (const [id, sender] of barrier.senders) {
    if (isWaitedFor(barrier, id, sender) && !isComplete(barrier, sender)) ids.push(id);
  }
  return ids.sort();
}

export function isTickComplete(barrier: Barrier): boolean {
  for (const [id, sender] of barrier.senders) {
    if (isWaitedFor(barrier, id, sender) && !isComplete(barrier, sender)) return false;
  }
  return true;
}

/** Marks whoever is missing absent, and returns them. */
export function markAbsent(barrier: Barrier): string[] {
  const ids = missing(barrier);
  for (const id of ids) senderOf(barrier, id).absent = true;
  return ids;
}

/** Gone, and known to be: not waited for until it is ready for a current tick, or enrolled, again. @returns false where it is not waited for anyway */
export function leaveOut(barrier: Barrier, id: string): boolean {
  barrier.enrolling.delete(id);
  const sender = barrier.senders.get(id);
  if (sender === undefined || !sender.enrolled || sender.absent) return false;
  sender.absent = true;
  return true;
}

/** Whether it is still waited for in the tick in progress. */
export function isMissing(barrier: Barrier, id: string): boolean {
  const sender = barrier.senders.get(id);
  return sender !== undefined && isWaitedFor(barrier, id, sender) && !isComplete(barrier, sender);
}

/** Number of those who are waited for. */
export function enrolledCount(barrier: Barrier): number {
  let count = 0;
  for (const [id, sender] of barrier.senders) if (isWaitedFor(barrier, id, sender)) count += 1;
  return count;
}

function isWaitedFor({ senders, gatewayOf }: Barrier, id: string, { enrolled, absent }: Sender): boolean {
  if (!enrolled || absent) return false;
  const gateway = senders.get(gatewayOf.get(id) ?? "");
  return gateway === undefined || !gateway.enrolled || gateway.absent;
}

/** Repeats are known for at least that many ticks. */
const rememberedTicks = 64;

function rememberSeen(sender: Sender, seq: number): void {
  if (seq % rememberedTicks === 0) {
    sender.longBefore = sender.before;
    sender.before = new Set();
  }
  for (const key of sender.seen) sender.before.add(key);
}

function isComplete(barrier: Barrier, sender: Sender): boolean {
  return sender.readySeq === barrier.seq && countOf(sender) >= sender.promised;
}

function countOf(sender: Sender): number {
  return sender.seen.size;
}

function senderOf(barrier: Barrier, id: string): Sender {
  const known = barrier.senders.get(id);
  if (known !== undefined) return known;
  const sender: Sender = {
    enrolled: false,
    absent: false,
    readySeq: 0,
    promised: 0,
    seen: new Set(),
    packets: [],
    nextSeen: new Set(),
    nextPackets: [],
    before: new Set(),
    longBefore: new Set(),
  };
  barrier.senders.set(id, sender);
  return sender;
}
