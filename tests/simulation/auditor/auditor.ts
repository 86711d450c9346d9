/** Listens to a run and says what is wrong: an independent view of what the contract promises. */
import type { HostedRole } from "../../../infra/journal/hosted-actor.js";
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { MemoryJournal } from "../../../infra/journal/memory-journal.js";
import type { Broker } from "../broker.js";
import type { SimulatedClient } from "../client.js";
import type { Drawn } from "../commands.js";
import type { Setting } from "../setting.js";

export interface AuditorOptions {
  readonly setting: Setting;
  readonly nowMs: () => number;
  readonly broker: Broker;
}

export interface Auditor {
  /** A participant has sent a command for the first time. */
  sent(sender: string, drawn: Drawn): void;
  /** A reply has reached its participant. */
  replied(receiver: string, payload: string): void;
  /** So much is durable now. */
  appended(role: HostedRole, entries: readonly JournalEntry[]): void;
  /** The market ended for a reason that is no fault of the world's. */
  died(reason: string, error: unknown): void;
  /** Whether all is billed. */
  isComplete(): boolean;
  finish(journals: ReadonlyMap<HostedRole, MemoryJournal>, clients: readonly SimulatedClient[]): void;
  /** The first thing that was found wrong. */
  failure(): string | undefined;
  commands(): number;
}

export function createAuditor({ setting }: AuditorOptions): Auditor {
  let failure: string | undefined;
  let commands = 0;
  let billed = 0;
  const report = (what: string): void => {
    failure ??= what;
  };
  return {
    sent: () => {
      commands += 1;
    },
    replied: () => {},
    appended(role, entries) {
      if (role !== "settlement") return;
      for (const { facts } of entries) billed += facts.filter(({ type }) => type === "billed").length;
    },
    died(reason, error) {
      if (String(error).includes("replay")) report(`${reason}: ${String(error)}`);
    },
    isComplete: () => billed >= (setting.terms.calendar.periods ?? 0),
    finish(_journals, clients) {
      if (billed < (setting.terms.calendar.periods ?? 0)) report(`${billed} periods are billed`);
      for (const { view, pending } of clients) {
        for (const { payload } of pending()) report(`${view.id} has no reply to ${payload}`);
      }
    },
    failure: () => failure,
    commands: () => commands,
  };
}
