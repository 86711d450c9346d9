/**
 * Hand-overs between the journals of a run: what one has taken, another has handed over, word for word; what was acknowledged was taken, and once.
 *
 * A market may be writing meanwhile. So senders are asked what is acknowledged before receivers are read, and what they handed over after.
 */
import { receiversOf } from "../../market/managers/handover.js";
import type { ProcessRole } from "../../shared/participant-id.js";
import { topicParts } from "../../shared/topics.js";
import type { JournalledRole } from "../journal/hosted-actor.js";
import type { ActorJournal, RecordedEntry } from "../journal/journal.js";
import { compareRecorded } from "../replay/first-difference.js";
import { Difference } from "../results/difference.js";

export interface HandoverCheck {
  /** To be told every entry of every journal. @throws Difference */
  entry(role: JournalledRole, entry: RecordedEntry): void;
  /** @returns how many hand-overs were taken. @throws Difference where something acknowledged was never taken */
  end(): number;
}

interface Acknowledged {
  /** Up to this number, what does not wait any more was taken by all. */
  readonly until: number;
  readonly waitingFor: ReadonlyMap<number, readonly ProcessRole[]>;
}

interface Origin {
  readonly sender?: ProcessRole;
  readonly message?: { readonly n: number };
}

/** To be made before the journals are read. @param roles all that have a journal */
export function createHandoverCheck(
  market: string,
  roles: readonly JournalledRole[],
  journalOf: (role: JournalledRole) => ActorJournal,
): HandoverCheck {
  const acknowledged = new Map(roles.map((role) => [role, acknowledgedIn(journalOf(role))]));
  /** Numbers by receiver and sender. */
  const taken = new Map<string, Set<number>>();
  const takenOf = (receiver: ProcessRole, sender: ProcessRole): Set<number> => {
    const key = `${receiver} ${sender}`;
    const known = taken.get(key) ?? new Set();
    taken.set(key, known);
    return known;
  };
  const handed: { readonly sender: JournalledRole; readonly n: number; readonly receivers: readonly ProcessRole[] }[] =
    [];

  function take(
    receiver: JournalledRole,
    entry: RecordedEntry,
    sender: JournalledRole,
    message: { readonly n: number },
  ): void {
    const place = { file: `${receiver}.sqlite`, column: `input ${entry.n}` };
    const known = takenOf(receiver, sender);
    if (known.has(message.n)) {
      const told = { expected: "taken once", found: "taken again", meaning: "a hand-over had two effects" };
      throw new Difference({ ...place, column: `${place.column}, hand-over ${message.n} of ${sender}` }, told);
    }
    known.add(message.n);
    const said = journalOf(sender).handedOver(message.n);
    const parted = compareRecorded(said?.message, message).parted;
    if (parted === undefined) return;
    throw new Difference(
      { ...place, column: `${place.column}, hand-over ${message.n} of ${sender}` },
      {
        expected:
          said === undefined ? "a hand-over of this number" : `${parted.path} ${JSON.stringify(parted.recorded)}`,
        found: said === undefined ? "none" : String(JSON.stringify(parted.replayed)),
        meaning: `${receiver} took something else than ${sender} handed over`,
      },
    );
  }

  return {
    entry(role, entry) {
      const { sender, message } = (entry.event ?? {}) as Origin;
      const isOurs = roles.some((one) => one === sender);
      if (isOurs && message !== undefined) take(role, entry, sender as JournalledRole, message);
      for (const { n, topic } of entry.handedOver) {
        const kind = topicParts(market, topic)?.levels[0] as keyof typeof receiversOf;
        handed.push({ sender: role, n, receivers: receiversOf[kind] });
      }
    },
    end() {
      for (const { sender, n, receivers } of handed) {
        const { until, waitingFor } = acknowledged.get(sender) ?? { until: 0, waitingFor: new Map<number, never>() };
        if (n > until) continue;
        const lost = receivers.find((role) => !waitingFor.get(n)?.includes(role) && !takenOf(role, sender).has(n));
        if (lost === undefined) continue;
        const told = { expected: `taken by ${lost}`, found: "not in its journal", meaning: "a hand-over was lost" };
        throw new Difference({ file: `${sender}.sqlite`, column: `hand-over ${n}` }, told);
      }
      return [...taken.values()].reduce((sum, numbers) => sum + numbers.size, 0);
    },
  };
}

function acknowledgedIn(journal: ActorJournal): Acknowledged {
  const until = journal.lastHandedOver();
  return { until, waitingFor: new Map(journal.outstanding().map(({ n, receivers }) => [n, receivers])) };
}
