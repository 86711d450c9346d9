/**
 * What a message does to what is known. Most say all there is to say about their topic; a delta changes one item of a list, and what
 * happens only once (trades, replies, fills) is kept as a bounded list, oldest first.
 */
import type { ItemList, ListedItem } from "../../../../shared/messages/public.js";

export interface Heard {
  /** The topic below `elecbay/<m>/`, such as `public/price`. */
  readonly topic: string;
  /** Null: cleared. */
  readonly message: object | null;
  /** Characters of its text. */
  readonly size: number;
}

/** Of things that happen only once. */
const keptOfEach = 200;

/** A place in a list takes 4 to 8 bytes; a message, once parsed, some 1.4 bytes for each character of its text. */
const charactersPerPlace = 4;

const happensOnce = /^(public\/trades|private\/[^/]+\/(?:replies|fills))(\/|$)/;
const delta = /^public\/items-delta\//;

/** Under which name it is known what a topic tells. */
export function keyOf(topic: string): string {
  if (delta.test(topic)) return topic.replace(delta, "public/items/");
  return happensOnce.exec(topic)?.[1] ?? topic;
}

/** @param messages of one key, in the order of their coming @returns what is known after them; undefined: nothing */
export function reduced(before: unknown, messages: readonly Heard[]): unknown {
  const first = messages[0];
  if (first === undefined) return before;
  if (happensOnce.test(first.topic)) return appended(before, messages);
  if (keyOf(first.topic).startsWith("public/items/")) return withDeltas(before as ItemList | undefined, messages);
  return messages.at(-1)?.message ?? undefined;
}

/** What holding it takes beside what was held before, in characters of text: the messages, and a list that was copied for them. */
export function sizeOf(after: unknown, messages: readonly Heard[]): number {
  const list = Array.isArray(after) ? after : (after as Partial<ItemList> | undefined)?.items;
  const copied = Array.isArray(list) ? list.length * charactersPerPlace : 0;
  return messages.reduce((sum, { size }) => sum + size, copied);
}

function appended(before: unknown, messages: readonly Heard[]): readonly object[] {
  const all = [...((before as object[] | undefined) ?? []), ...messages.flatMap(({ message }) => message ?? [])];
  return all.slice(-keptOfEach);
}

/** One copy of the list for all the deltas that came at once. */
function withDeltas(before: ItemList | undefined, messages: readonly Heard[]): ItemList | undefined {
  let list = before;
  let changed: Map<string, ListedItem> | undefined;
  for (const { topic, message } of messages) {
    if (!delta.test(topic)) {
      list = (message ?? undefined) as ItemList | undefined;
      changed = undefined;
      continue;
    }
    const change = message as (ListedItem & { readonly n: number; readonly ts: string }) | null;
    // A list tells all changes up to its own number.
    if (list === undefined || change === null || change.n <= list.n) continue;
    changed ??= new Map(list.items.map((item) => [item.itemId, item]));
    list = { ...list, n: change.n, ts: change.ts };
    if (change.energyKwh === 0) changed.delete(change.itemId);
    else changed.set(change.itemId, itemOf(change));
  }
  return list === undefined || changed === undefined ? list : { ...list, items: [...changed.values()] };
}

function itemOf(change: ListedItem): ListedItem {
  const { itemId, side, energyKwh, pricePerKwh, minEnergyKwh, sale, owner, reliability } = change;
  return { itemId, side, energyKwh, pricePerKwh, minEnergyKwh, sale, owner, reliability };
}
