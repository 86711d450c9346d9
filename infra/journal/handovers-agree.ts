/**
 * Whether what one actor has taken fits what its senders' journals hold: asked at each of its starts, before it says anything.
 *
 * Journals of one market belong to one moment. A receiver that is ahead of its sender would take the sender's next hand-overs for known, and
 * acknowledge them unread; one that is behind would wait for ever for what nobody sends again. Both lose money without a word.
 */
import { type HandoverKind, receiversOf, senderOf } from "../../market/managers/handover.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { topicParts } from "../../shared/topics.js";
import type { JournalledRole } from "./hosted-actor.js";
import { type ActorJournal, JournalError } from "./journal.js";
import { isTaken, newestTaken, type TakenNumbers } from "./taken-numbers.js";

/** Reads the journal of a role; undefined where it is out of reach. */
export type ReadJournal = <T>(role: JournalledRole, read: (journal: ActorJournal) => T) => T | undefined;

/** So many acknowledged hand-overs of each sender are looked for, the newest first: a receiver that is behind lacks those. */
const lookedFor = 20;

const whatToDo =
  "restore a backup of all of them (elecbay restore), put back the one that is missing or older, or begin anew with --fresh, which keeps the old journals aside";

/** @throws JournalError where `receiver` is ahead of one of its senders, or behind what it has acknowledged. */
export function assertHandoversAgree(
  market: string,
  receiver: JournalledRole,
  taken: TakenNumbers,
  readJournal: ReadJournal,
): void {
  for (const sender of sendersTo(receiver)) {
    const ahead = newestTaken(taken, sender);
    const found = readJournal(sender, (journal) => ({
      last: journal.lastHandedOver(),
      lost: newestAcknowledged(market, receiver, journal).find((n) => !isTaken(taken, sender, n)),
    }));
    if (found === undefined) continue;
    if (ahead > found.last) {
      throw new JournalError(
        `the journals of this market are not of one moment: ${receiver} took hand-over ${ahead} of ${sender}, whose journal ends with ${found.last === 0 ? "none" : found.last}; ${whatToDo}`,
      );
    }
    if (found.lost === undefined) continue;
    throw new JournalError(
      `the journals of this market are not of one moment: ${receiver} has acknowledged hand-over ${found.lost} of ${sender}, which its own journal lacks; ${whatToDo}`,
    );
  }
}

function sendersTo(receiver: ProcessRole): JournalledRole[] {
  const kinds = (Object.keys(receiversOf) as HandoverKind[]).filter((kind) => receiversOf[kind].includes(receiver));
  const senders = kinds.map((kind) => senderOf[kind]).filter((sender) => sender !== "dso"); // a stranger's, which keeps no journal here
  return [...new Set(senders)] as JournalledRole[];
}

function newestAcknowledged(market: string, receiver: ProcessRole, journal: ActorJournal): number[] {
  const waiting = new Set(
    journal.outstanding().flatMap(({ n, receivers }) => (receivers.includes(receiver) ? [n] : [])),
  );
  const found: number[] = [];
  for (let n = journal.lastHandedOver(); n > 0 && found.length < lookedFor; n -= 1) {
    const kind = topicParts(market, journal.handedOver(n)?.topic ?? "")?.levels[0] as HandoverKind | undefined;
    if (kind !== undefined && receiversOf[kind]?.includes(receiver) && !waiting.has(n)) found.push(n);
  }
  return found;
}
