/**
 * Commands of whoever is signed in, and what became of each. Published is not accepted: only the market's reply says so. A command without
 * a reply is sent again as it was, so that it takes effect once.
 *
 *   sent --accepted--> accepted      sent --rejected--> rejected
 *     |--no reply, three times--> unanswered
 *     '--the server lets it not through--> refused
 */
import { signal } from "@preact/signals";
import type { Reply } from "../../../../shared/messages/private.js";
import type { Refusal } from "../../page/private-stream.js";

export interface SentCommand {
  readonly requestId: string;
  readonly name: "items" | "orders";
  /** What it asks for, in words. */
  readonly words: string;
  readonly state: "sent" | "accepted" | "rejected" | "unanswered" | "refused";
  readonly reply: Reply | undefined;
  /** Why the market never got it. */
  readonly refusal?: Refusal;
  readonly wallMs: number;
}

export interface CommandDesk {
  /** Newest first, bounded. */
  readonly commands: { readonly value: readonly SentCommand[] };
  /** @param command without `v` and `requestId` @returns its request id */
  send(name: "items" | "orders", command: object, words: string): string;
  /** A reply that came; those to commands of others of the same participant are not ours. */
  heard(reply: Reply): void;
}

export interface CommandWorld {
  /** Resolves with why it got no further, where somebody in between says so. */
  readonly publish: (name: "items" | "orders", command: object) => Promise<Refusal | undefined>;
  readonly requestId: () => string;
  readonly now: () => number;
  readonly after: (ms: number, act: () => void) => void;
}

const kept = 50;
const sendAgainAfterMs = 5000;
const mostTries = 3;

export function createCommandDesk({ publish, requestId, now, after }: CommandWorld): CommandDesk {
  const commands = signal<readonly SentCommand[]>([]);
  const change = (id: string, to: Pick<SentCommand, "state" | "reply" | "refusal">): void => {
    commands.value = commands.value.map((one) => (one.requestId === id ? { ...one, ...to } : one));
  };
  const isOpen = (id: string): boolean => commands.value.some((one) => one.requestId === id && one.state === "sent");

  function attempt(name: "items" | "orders", command: object, id: string, tries: number): void {
    // While the broker is away nothing goes out: the next try may.
    publish(name, command).then(
      (refusal) => {
        if (refusal !== undefined && isOpen(id)) change(id, { state: "refused", reply: undefined, refusal });
      },
      () => {},
    );
    after(sendAgainAfterMs, () => {
      if (!isOpen(id)) return;
      if (tries < mostTries) attempt(name, command, id, tries + 1);
      else change(id, { state: "unanswered", reply: undefined });
    });
  }

  return {
    commands,
    send(name, command, words) {
      const id = requestId();
      const sent: SentCommand = { requestId: id, name, words, state: "sent", reply: undefined, wallMs: now() };
      commands.value = [sent, ...commands.value].slice(0, kept);
      attempt(name, { v: 1, requestId: id, ...command }, id, 1);
      return id;
    },
    heard(reply) {
      const mine = commands.value.find(({ requestId: id, name }) => id === reply.requestId && name === reply.topic);
      if (mine !== undefined && mine.state !== "accepted") change(mine.requestId, { state: reply.status, reply });
    },
  };
}
