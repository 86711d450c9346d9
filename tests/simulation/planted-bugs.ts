/**
 * Bugs planted in the market, each at one of the places where nothing may go wrong: a simulator that does not find them is blind.
 *
 * Nothing of the market's own code is changed: they stand between its parts, and do again when a journal is replayed what they did before.
 */
import type { MakeActor } from "../../infra/journal/hosted-actor.js";
import type { JournalEntry, RetainedChanges } from "../../infra/journal/journal.js";
import type { MemoryJournal } from "../../infra/journal/memory-journal.js";
import type { Packet } from "../../market/door/packet.js";
import type { Fact } from "../../market/facts.js";
import { minuteMs } from "../../shared/time.js";
import { plantedDeskBugs } from "./planted-desk-bugs.js";
import type { Setting } from "./setting.js";
import type { PlantedBug } from "./simulation.js";

export const plantedBugs = {
  ...plantedDeskBugs,
  /** What is written is durable one append later: a reply is out before it. */
  journal: () => {
    const lost: (() => void)[] = [];
    return {
      journal(role, journal) {
        if (role !== "bidding") return journal;
        const late = lateJournal(journal);
        lost.push(late.lose);
        return late.journal;
      },
      onDeath() {
        for (const lose of lost) lose();
      },
    };
  },
  /** A request that is repeated after a restart takes effect once more. */
  dedupe: () => {
    const lifeOf = new Map<string, number>();
    const forgotten = new Set<string>();
    let lives = 0;
    return {
      interference: {
        actor(role, make) {
          if (role !== "bidding") return make;
          return (ports, saved, onError) => {
            lives += 1;
            return forgetful(make, { lifeOf, forgotten, life: lives })(ports, saved, onError);
          };
        },
      },
    };
  },
  /** A gate closes some seconds late, and who came in between is taken as in time. */
  gate: (setting) => ({
    interference: { actor: (role, make) => (role === "bidding" ? lateGate(make, setting) : make) },
  }),
  /** A hand-over that comes again is taken again. */
  "hand-over-twice": () => ({
    interference: {
      host(host) {
        const taken = new Set<string>();
        return {
          ...host,
          takeHandover(sender, event) {
            const key = `${sender} ${event.message.n}`;
            const again = { ...event, sender };
            if (taken.has(key)) host.take(again);
            else host.takeHandover(sender, event);
            taken.add(key);
          },
        };
      },
    },
  }),
  /** What was handed over and not acknowledged is forgotten by a restart. */
  "hand-over-lost": () => ({ journal: (_role, journal) => ({ ...journal, outstanding: () => [] }) }),
  /** Every fifth entry of the ledger moves a millionth too much. */
  "ledger-amount": () => ({
    interference: {
      actor: misbooking(({ entry, ...rest }) => ({
        ...rest,
        entry: { ...entry, amountMicro: (entry.amountMicro + 1) as never },
      })),
    },
  }),
  /** Every fifth entry of the ledger gives to whom it takes from. */
  "ledger-side": () => ({
    interference: {
      actor: misbooking(({ entry, ...rest }) => ({ ...rest, entry: { ...entry, credit: entry.debit } })),
    },
  }),
} as const satisfies Record<string, (setting: Setting) => PlantedBug>;

export type PlantedBugName = keyof typeof plantedBugs;

export function isPlantedBug(name: string): name is PlantedBugName {
  return Object.hasOwn(plantedBugs, name);
}

function lateJournal(journal: MemoryJournal) {
  let held: { readonly entries: readonly JournalEntry[]; readonly retained: RetainedChanges } | undefined;
  const write = (): void => {
    if (held !== undefined) journal.append(held.entries, held.retained);
    held = undefined;
  };
  return {
    lose(): void {
      held = undefined;
    },
    journal: {
      ...journal,
      append(entries: readonly JournalEntry[], retained: RetainedChanges) {
        write();
        held = { entries, retained };
      },
      inputs(after: number) {
        write();
        return journal.inputs(after);
      },
    },
  };
}

interface Memory {
  /** In which life a request was first heard. */
  readonly lifeOf: Map<string, number>;
  /** Requests that were heard as new ones, with the time at which they were. */
  readonly forgotten: Set<string>;
  readonly life: number;
}

/** Hears a request of an earlier life under another id, and answers it under its own. */
function forgetful(make: MakeActor, { lifeOf, forgotten, life }: Memory): MakeActor {
  return (ports, saved, onError) => {
    let renamed: string | undefined;
    const publish: typeof ports.outbox.publish = (topic, message, retain) => {
      const own = renamed === undefined || message === null ? message : renameBack(message, renamed);
      ports.outbox.publish(topic, own, retain);
    };
    const actor = make({ ...ports, outbox: { publish } }, saved, onError);
    return {
      ...actor,
      send(event) {
        const { packet } = event as { packet?: Packet };
        const requestId = packet === undefined ? undefined : idIn(packet.payload);
        if (packet === undefined || requestId === undefined) return actor.send(event);
        const request = `${packet.sender} ${packet.payload}`;
        const heard = `${request} ${packet.stampedAtMs}`;
        const before = lifeOf.get(request);
        if (before === undefined) lifeOf.set(request, life);
        if (before !== undefined && before < life && !lifeOf.has(heard)) forgotten.add(heard);
        lifeOf.set(heard, life);
        if (!forgotten.has(heard)) return actor.send(event);
        const other = `${requestId}-again-${packet.stampedAtMs}`.slice(0, 64);
        renamed = requestId;
        actor.send({
          ...event,
          packet: { ...packet, payload: packet.payload.replace(`"${requestId}"`, `"${other}"`) },
        } as never);
        renamed = undefined;
      },
    };
  };
}

function renameBack(message: object, requestId: string): object {
  return "requestId" in message && typeof message.requestId === "string" ? { ...message, requestId } : message;
}

function idIn(payload: string): string | undefined {
  return /"requestId":"([A-Za-z0-9_-]+)"/.exec(payload)?.[1];
}

const lateWallMs = 4000;

function lateGate(make: MakeActor, { terms, rate }: Setting): MakeActor {
  const gateMs = terms.calendar.gateMinutes * minuteMs;
  const lateMs = lateWallMs * rate;
  return (ports, saved, onError) => {
    const { clock } = ports;
    const late: typeof clock = {
      ...clock,
      setTimeout(callback, delayMs, rank) {
        const isGate = rank !== undefined && clock.now() + delayMs === rank - gateMs;
        return clock.setTimeout(callback, isGate ? delayMs + lateMs : delayMs, rank);
      },
    };
    const actor = make({ ...ports, clock: late }, saved, onError);
    return {
      ...actor,
      send(event) {
        const { packet } = event as { packet?: Packet };
        const period = packet === undefined ? undefined : /"period":"([^"]+)"/.exec(packet.payload)?.[1];
        if (packet === undefined || period === undefined) return actor.send(event);
        const closedMs = Date.parse(period) - gateMs;
        const isLate = packet.stampedAtMs >= closedMs && packet.stampedAtMs < closedMs + lateMs;
        actor.send(isLate ? ({ ...event, packet: { ...packet, stampedAtMs: closedMs - 1 } } as never) : event);
      },
    };
  };
}

type EntryFact = Extract<Fact, { readonly type: "entry" }>;

function misbooking(change: (fact: EntryFact) => EntryFact) {
  return (role: string, make: MakeActor): MakeActor => {
    if (role !== "settlement") return make;
    return (ports, saved, onError) => {
      const record = (fact: Fact): void =>
        ports.journal.record(fact.type === "entry" && fact.entry.entry % 5 === 0 ? change(fact) : fact);
      return make({ ...ports, journal: { record } }, saved, onError);
    };
  };
}
