/** Bugs planted at the desks of money, supply and batches: each takes back what one of them promises. See planted-bugs.ts. */
import type { MakeActor } from "../../infra/journal/hosted-actor.js";
import type { ActorEvent } from "../../infra/journal/journal.js";
import type { Packet } from "../../market/door/packet.js";
import type { Handover } from "../../market/managers/handover.js";
import type { BatchReply } from "../../shared/messages/batch-reply.js";
import type { ManagePayments, ManagePayouts } from "../../shared/messages/manage.js";
import type { Setting } from "./setting.js";
import type { PlantedBug } from "./simulation.js";

export const plantedDeskBugs = {
  /** What bidding says of a payout behind a restart of settlement is worked once more, with all that comes of it. */
  "payout-twice": () => {
    const notes = new Map<string, ActorEvent>();
    const lives = createLives();
    return at("settlement", (make) => (ports, saved, onError) => {
      const life = lives.begin();
      const actor = make(ports, saved, onError);
      return {
        ...actor,
        send(event) {
          actor.send(event);
          if (event.type === "PAYMENTS")
            for (const { paymentId } of messageOf<ManagePayments>(event).payments) notes.set(paymentId, event);
          if (event.type !== "PAYOUTS" || life.firstHeard(event) === 1) return;
          for (const { paymentId } of messageOf<ManagePayouts>(event).payouts) {
            const note = notes.get(paymentId);
            if (note === undefined) continue;
            actor.send(note);
            actor.send(event);
          }
        },
      };
    });
  },
  /** What is to be paid out is promised and not held. */
  "payout-unheld": () =>
    at("bidding", (make) => (ports, saved, onError) => {
      const actor = make(ports, saved, onError);
      return {
        ...actor,
        send(event) {
          actor.send(event);
          if (event.type !== "PAYMENTS") return;
          const message = messageOf<ManagePayments>(event);
          const payouts = message.payments.map(({ paymentId }) => paymentId);
          actor.send({ type: "GRANTS", message: { ...message, grants: [], payouts } } as ActorEvent);
        },
      };
    }),
  /** A supplier that was started again tells the prices of the beginning. */
  "supply-lost": ({ supplier }) => {
    const lives = createLives();
    const first = new Map(supplier.tariffs.map((tariff) => [tariff.participant, tariff]));
    const asAtFirst = (handover: Handover): Handover => {
      if (handover.kind !== "tariffs") return handover;
      const tariffs = handover.body.tariffs.map(({ participant }) => {
        const own = first.get(participant) ?? supplier.guestTariff;
        const inMajor = (prices: readonly number[]): number[] => prices.map((price) => price / 1_000_000);
        const prices = { importPerKwh: inMajor(own.importMicroPerKwh), exportPerKwh: inMajor(own.exportMicroPerKwh) };
        return { participant, supplier: own.supplier, ...prices };
      });
      return { ...handover, body: { ...handover.body, tariffs } };
    };
    return at("supplier", (make) => (ports, saved, onError) => {
      const life = lives.begin();
      let isForgetful = false;
      const hand: typeof ports.link.hand = (handover) => ports.link.hand(isForgetful ? asAtFirst(handover) : handover);
      const actor = make({ ...ports, link: { ...ports.link, hand } }, saved, onError);
      return {
        ...actor,
        send(event) {
          isForgetful = life.firstHeard(event) > 1;
          actor.send(event);
          isForgetful = false;
        },
      };
    });
  },
  /** A batch that comes again is worked again. */
  "batch-again": () => {
    const heard = new Map<string, number>();
    return at("bidding", (make) => (ports, saved, onError) => {
      const publish: typeof ports.outbox.publish = (topic, message, retain) =>
        ports.outbox.publish(topic, message === null ? null : renamedBack(message), retain);
      const actor = make({ ...ports, outbox: { publish } }, saved, onError);
      return {
        ...actor,
        send(event) {
          const { packet } = event as { packet?: Packet };
          if (packet?.topic !== "batch") return actor.send(event);
          const key = `${packet.sender} ${packet.payload}`;
          const before = heard.get(key) ?? packet.stampedAtMs;
          heard.set(key, before);
          if (before === packet.stampedAtMs) return actor.send(event);
          const payload = packet.payload.replaceAll(
            /"requestId":"(\w+)"/g,
            `"requestId":"$1${mark}${packet.stampedAtMs}"`,
          );
          actor.send({ ...event, packet: { ...packet, payload } } as never);
        },
      };
    });
  },
} as const satisfies Record<string, (setting: Setting) => PlantedBug>;

function at(role: string, change: (make: MakeActor) => MakeActor): PlantedBug {
  return { interference: { actor: (own, make) => (own === role ? change(make) : make) } };
}

/** Lives of an actor; in a later one what was heard in an earlier one is known to be so, so that a replay goes the same way. */
function createLives() {
  const firstLife = new Map<string, number>();
  let lives = 0;
  return {
    begin() {
      lives += 1;
      const life = lives;
      return {
        firstHeard(event: ActorEvent): number {
          const key = JSON.stringify(event);
          const first = firstLife.get(key) ?? life;
          firstLife.set(key, first);
          return first;
        },
      };
    },
  };
}

function messageOf<Message>(event: ActorEvent): Message {
  return (event as ActorEvent & { readonly message: Message }).message;
}

const mark = "-again-";

function renamedBack(message: object): object {
  const { requestId, replies } = message as Partial<BatchReply>;
  if (typeof requestId !== "string" || replies === undefined) return message;
  const plain = (id: string | null): string | null => id?.split(mark)[0] ?? null;
  return {
    ...message,
    requestId: plain(requestId),
    replies: replies.map((one) => ({ ...one, requestId: plain(one.requestId) })),
  };
}
