/** Who stands behind the item lists, as everybody may know it: pseudonyms, how reliable they are, what they list. */
import { computed } from "@preact/signals";
import type { ItemList } from "../../../../shared/messages/public.js";
import { told, topicsBelow } from "./market.js";

export interface ListOwner {
  readonly owner: string;
  /** Share of what was promised that was kept. */
  readonly reliability: number;
  readonly items: number;
  readonly sellsKwh: number;
  readonly wantsKwh: number;
}

const lists = topicsBelow("public/items/");

/** The most reliable first. */
export const listOwners = computed((): readonly ListOwner[] => {
  const owners = new Map<string, ListOwner>();
  for (const key of lists.value) {
    for (const { owner, reliability, side, energyKwh } of told<ItemList>(key).value?.items ?? []) {
      const { items = 0, sellsKwh = 0, wantsKwh = 0 } = owners.get(owner) ?? {};
      owners.set(owner, {
        ...{ owner, reliability, items: items + 1 },
        sellsKwh: sellsKwh + (side === "sell" ? energyKwh : 0),
        wantsKwh: wantsKwh + (side === "buy" ? energyKwh : 0),
      });
    }
  }
  return [...owners.values()].sort(
    (one, other) => other.reliability - one.reliability || (one.owner < other.owner ? -1 : 1),
  );
});
