/**
 * Messages between participants and a lockstep market that get lost, come late, twice or out of order.
 *
 * Sent: what a participant publishes on its way to the market (`items`, `orders`, `meter`, `batch`, `ready`). Heard: replies and fills on
 * their way to it; what is retained a participant finds at the broker anyway. Late means: so many ticks later, before all else of that tick.
 * Who can no longer keep what its `ready` says is left out of the tick at once, as it would be at the deadline.
 * Source: contract.md, "The clock"; docs/chaos.md.
 */
import { readJson } from "../../market/door/decode.js";
import type { Outbox } from "../../market/ports.js";
import { sentTo, topicParts } from "../../shared/topics.js";
import type { MessageFault } from "./fault-plan.js";
import { createMessageWays } from "./message-ways.js";

export type Hear = (topic: string, payload: Buffer, retained: boolean) => void;

export interface LockstepMailOptions {
  readonly market: string;
  readonly fateOf: (messages: "sent" | "heard", whom: string, topic: string) => MessageFault | undefined;
  readonly note: (fate: MessageFault, whom: string, detail: string) => void;
  /** Number of the tick in progress; 0 before the first. */
  readonly seq: () => number;
  /** The market as it hears without faults. */
  readonly hear: Hear;
  readonly isMissing: (id: string) => boolean;
  readonly leaveOut: (id: string) => void;
}

export interface LockstepMail {
  readonly hear: Hear;
  outbox(inner: Outbox): Outbox;
  /** What is due before the next tick. */
  betweenTicks(): void;
  /** The latest tick that a participant was ready for. */
  lastReady(id: string): number;
}

const faultyNames: ReadonlySet<string> = new Set(["items", "orders", "meter", "batch", "ready"]);
const heardNames: ReadonlySet<string> = new Set(["replies", "fills"]);

export function createLockstepMail(options: LockstepMailOptions): LockstepMail {
  const { market, fateOf, note, seq, leaveOut, isMissing } = options;
  const readySeq = new Map<string, number>();
  const late: { readonly seq: number; readonly deliver: () => void }[] = [];
  const ways = createMessageWays((ticks, deliver) => void late.push({ seq: seq() + ticks, deliver }));

  function hearSent(id: string, name: string, payload: Buffer, go: () => void): void {
    const drawn = fateOf("sent", id, name);
    // Behind its ready comes nothing more that it could change places with.
    const fate = drawn?.fault === "reorder" && name === "ready" ? undefined : drawn;
    const body = readJson(payload.toString("utf8")) as { requestId?: string; seq?: number } | undefined;
    if (fate !== undefined) note(fate, id, `${name} ${body?.requestId ?? body?.seq ?? ""}`.trim());
    ways.pass(`sent ${id}`, fate, go);
    if (name !== "ready") return;
    if (body?.seq === seq() && isMissing(id)) leaveOut(id);
    readySeq.set(id, body?.seq ?? 0);
  }

  return {
    hear(topic, payload, retained) {
      const sent = seq() === 0 || retained || payload.length === 0 ? undefined : sentTo(market, topic);
      if (sent === undefined || !faultyNames.has(sent.name)) return options.hear(topic, payload, retained);
      const copy = Buffer.from(payload); // it may have to wait
      hearSent(sent.id, sent.name, copy, () => options.hear(topic, copy, retained));
    },
    outbox: (inner) => ({
      publish(topic, message, retain) {
        const go = (): void => inner.publish(topic, message, retain);
        const parts = retain === true || message === null || seq() === 0 ? undefined : topicParts(market, topic);
        const [id = "", name = ""] = parts?.levels ?? [];
        if (parts?.area !== "private" || !heardNames.has(name)) return go();
        const { requestId, n, code } = message as { requestId?: string; n?: number; code?: string };
        if (code === "absent") return go(); // comes at any time, so no lot is drawn for it
        const fate = fateOf("heard", id, name);
        if (fate !== undefined) note(fate, id, `${name} ${requestId ?? n ?? ""}`.trim());
        ways.pass(`heard ${id}`, fate, go);
      },
    }),
    betweenTicks() {
      ways.flush();
      const due = late.filter((waiting) => waiting.seq <= seq() + 1);
      late.splice(0, late.length, ...late.filter((waiting) => waiting.seq > seq() + 1));
      for (const { deliver } of due) deliver();
    },
    lastReady: (id) => readySeq.get(id) ?? 0,
  };
}
