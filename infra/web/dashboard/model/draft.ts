/** What somebody is about to send: the form's state, how it begins from an item or an order, and the command it becomes. Pure. */
import type { OwnOrders } from "../../../../shared/messages/private.js";
import type { ListedItem } from "../../../../shared/messages/public.js";

export type Side = "buy" | "sell";

interface Amounts {
  readonly side: Side;
  /** As typed. */
  readonly energyKwh: string;
  readonly pricePerKwh: string;
}

export type Draft =
  | ({ readonly kind: "auction" } & Amounts)
  | ({ readonly kind: "list"; readonly minEnergyKwh: string; readonly sale: "fixed" | "best-offer" } & Amounts)
  | ({ readonly kind: "item"; readonly item: ListedItem } & Amounts)
  | ({ readonly kind: "modify"; readonly orderId: string; readonly version: number } & Amounts);

export const freshDraft: Draft = { kind: "auction", side: "buy", energyKwh: "", pricePerKwh: "" };

export const otherSide = (side: Side): Side => (side === "buy" ? "sell" : "buy");

/** An order on an item: all that is left of it, at its price. */
export function orderOn(item: ListedItem): Draft {
  const { side, energyKwh, pricePerKwh } = item;
  return { kind: "item", item, side: otherSide(side), energyKwh: String(energyKwh), pricePerKwh: String(pricePerKwh) };
}

export function changeOf({ orderId, version, side, energyKwh, pricePerKwh }: OwnOrders["orders"][number]): Draft {
  const amounts = { energyKwh: String(energyKwh), pricePerKwh: String(pricePerKwh) };
  return { kind: "modify", orderId, version, side, ...amounts };
}

/** The same amounts to another end. */
export function asKind({ side, energyKwh, pricePerKwh }: Draft, kind: "auction" | "list"): Draft {
  const amounts = { side, energyKwh, pricePerKwh };
  return kind === "list" ? { kind, ...amounts, minEnergyKwh: "", sale: "fixed" } : { kind, ...amounts };
}

export interface Command {
  readonly name: "items" | "orders";
  readonly command: object;
  readonly words: string;
}

/** A draft that was sent, and what became of it; undefined: it is not known any more. */
export interface SentDraft {
  readonly draft: Draft;
  readonly state: "sent" | "accepted" | "rejected" | "unanswered" | "refused" | undefined;
}

/** What stands in the form after an answer: a new draft where the market took this one, else what was typed, also since it was sent. */
export function draftAfter(now: Draft, sent: SentDraft): Draft {
  return sent.state === "accepted" && now === sent.draft ? { ...freshDraft, side: now.side } : now;
}

/** @param period ISO 8601 UTC @param at the period for reading */
export function commandOf(draft: Draft, period: string, at: string, currency: string): Command {
  const { side } = draft;
  const [energyKwh, pricePerKwh] = [Number(draft.energyKwh), Number(draft.pricePerKwh)];
  const amounts = { energyKwh, pricePerKwh };
  const words = `${side} ${energyKwh} kWh at ${pricePerKwh} ${currency}/kWh for ${at}`;
  switch (draft.kind) {
    case "auction":
      return { name: "orders", command: { action: "place", period, side, ...amounts }, words: `Order: ${words}` };
    case "item": {
      const { itemId } = draft.item;
      return {
        name: "orders",
        command: { action: "place", period, side, ...amounts, itemId },
        words: `Item ${itemId}: ${words}`,
      };
    }
    case "modify": {
      const { orderId, version } = draft;
      const command = { action: "modify", orderId, expectedVersion: version, ...amounts };
      return { name: "orders", command, words: `Change of ${orderId}: ${words}` };
    }
    case "list": {
      const least = draft.minEnergyKwh === "" ? {} : { minEnergyKwh: Number(draft.minEnergyKwh) };
      const command = { action: "list", side, period, ...amounts, ...least, sale: draft.sale };
      return { name: "items", command, words: `On the list: ${words}` };
    }
  }
}
