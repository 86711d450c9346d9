/**
 * The inputs of all journals of a run in one order in which they can have been worked together: by market time, each journal in its own
 * order, and nothing taken before it was handed over.
 *
 * What one actor took of another is told by where it came from: the input of the sender, and which of its kind it was there.
 */
import type { HandoverKind } from "../../market/managers/handover.js";
import { topicParts } from "../../shared/topics.js";
import { type HostedRole, hostedRoles, managerRoles } from "../journal/hosted-actor.js";
import type { ActorJournal, RecordedEntry } from "../journal/journal.js";

/** Names a hand-over by what made it: `bidding 17 contracts 0`. */
export type HandoverName = string;

export interface RecordedInput {
  readonly role: HostedRole;
  readonly entry: RecordedEntry;
  /** Where it took something of another actor. */
  readonly taken: HandoverName | undefined;
  /** What it handed over then. */
  readonly handed: readonly HandoverName[];
}

/** Of equal times first who hears from nobody. */
export const tellingOrder: readonly HostedRole[] = ["supervisor", "supplier", ...managerRoles];

interface Cursor {
  readonly role: HostedRole;
  readonly rest: Iterator<RecordedEntry>;
  next: RecordedEntry | undefined;
  /** Numbers up to this were handed over by what has been told. */
  handed: number;
}

/** Counts kinds within one input. */
export function handoverNamer(role: HostedRole, input: number): (kind: string) => HandoverName {
  const counts = new Map<string, number>();
  return (kind) => {
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    return `${role} ${input} ${kind} ${count}`;
  };
}

export function* recordedInputs(
  market: string,
  journalOf: (role: HostedRole) => ActorJournal,
): Generator<RecordedInput> {
  const cursors = tellingOrder.map((role): Cursor => {
    const rest = journalOf(role).recorded(0)[Symbol.iterator]();
    return { role, rest, next: rest.next().value as RecordedEntry | undefined, handed: 0 };
  });
  const cursorOf = new Map<string, Cursor>(cursors.map((cursor) => [cursor.role, cursor]));
  /** Names by sender and number, until all have come by. */
  const names = new Map<string, HandoverName>();

  const isReady = ({ next }: Cursor): boolean => {
    const origin = originOf(next);
    const sender = origin === undefined ? undefined : cursorOf.get(origin.sender);
    // A sender whose journal ends before it said that is waited for in vain: a run that was broken off.
    return origin === undefined || sender === undefined || sender.next === undefined || sender.handed >= origin.n;
  };
  const kindOf = (topic: string): string => (topicParts(market, topic)?.levels[0] ?? "") as HandoverKind;

  for (;;) {
    const live = cursors.filter(({ next }) => next !== undefined);
    const ready = live.filter(isReady);
    const cursor = earliest(ready.length > 0 ? ready : live);
    if (cursor?.next === undefined) return;
    const entry = cursor.next;
    const nameOf = handoverNamer(cursor.role, entry.n);
    const handed = entry.handedOver.map(({ n, topic }) => {
      const name = nameOf(kindOf(topic));
      names.set(`${cursor.role} ${n}`, name);
      cursor.handed = n;
      return name;
    });
    const origin = originOf(entry);
    const taken = origin === undefined ? undefined : names.get(`${origin.sender} ${origin.n}`);
    cursor.next = cursor.rest.next().value as RecordedEntry | undefined;
    yield { role: cursor.role, entry, taken, handed };
  }
}

function earliest(cursors: readonly Cursor[]): Cursor | undefined {
  let found: Cursor | undefined;
  for (const cursor of cursors) {
    if (cursor.next === undefined) continue;
    if (found?.next === undefined || cursor.next.atMs < found.next.atMs) found = cursor;
  }
  return found;
}

/** The DSO keeps no journal: its word is an input like a participant's. */
export function originOf(
  entry: RecordedEntry | undefined,
): { readonly sender: HostedRole; readonly n: number } | undefined {
  const { sender, message } = (entry?.event ?? {}) as { sender?: string; message?: { n: number } };
  const role = hostedRoles.find((one) => one === sender);
  return role === undefined || message === undefined ? undefined : { sender: role, n: message.n };
}
