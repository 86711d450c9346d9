/** Hand-overs between the managers' journals: numbered without gaps, each taken once by each of its receivers, as it was sent, in its order. */
import type { JournalledRole } from "../../../infra/journal/hosted-actor.js";
import type { JournalEntry } from "../../../infra/journal/journal.js";

export interface HandoverAuditor {
  /** @returns what is wrong with it, undefined where nothing is */
  entry(role: JournalledRole, entry: JournalEntry): string | undefined;
  /** What somebody has not taken, undefined where nothing is left. */
  left(): string | undefined;
}

interface Numbered {
  readonly n: number;
  readonly previous?: number;
}

interface Sent {
  readonly text: string;
  readonly waitingFor: Set<string>;
}

export function createHandoverAuditor(): HandoverAuditor {
  const sent = new Map<string, Sent>();
  const counts = new Map<string, number>();
  const taken = new Set<string>();

  function take(role: JournalledRole, sender: string, message: Numbered): string | undefined {
    const what = `hand-over ${message.n} of ${sender}`;
    if (taken.has(`${role} ${what}`)) return `${role} takes ${what} a second time`;
    taken.add(`${role} ${what}`);
    const { previous } = message;
    if (previous !== undefined && !taken.has(`${role} hand-over ${previous} of ${sender}`)) {
      return `${role} takes ${what} before hand-over ${previous}`;
    }
    const original = sent.get(what);
    if (original === undefined) return sender === "dso" ? undefined : `${role} takes ${what}, which is in no journal`;
    if (original.text !== textOf(message)) return `${role} takes ${what} otherwise than it was sent`;
    if (!original.waitingFor.delete(role)) return `${role} takes ${what}, which is for others`;
    return undefined;
  }

  return {
    entry(role, { event, handedOver }) {
      const origin = event as { readonly sender?: string; readonly message?: Numbered } | null;
      if (origin?.sender !== undefined && origin.message !== undefined) {
        const wrong = take(role, origin.sender, origin.message);
        if (wrong !== undefined) return wrong;
      }
      for (const { n, message, receivers } of handedOver) {
        const before = counts.get(role) ?? 0;
        if (n !== before + 1) return `hand-over ${n} of ${role} follows hand-over ${before}`;
        counts.set(role, n);
        sent.set(`hand-over ${n} of ${role}`, { text: textOf(message), waitingFor: new Set(receivers) });
      }
      return undefined;
    },
    left() {
      for (const [what, { waitingFor }] of sent) {
        if (waitingFor.size > 0) return `${what} was not taken by ${[...waitingFor].join(", ")}`;
      }
      return undefined;
    },
  };
}

/** Whatever the order of its fields. */
function textOf(message: object): string {
  return JSON.stringify(message, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
