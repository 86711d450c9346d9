/**
 * What an item's owner may do until the gate: list it, and withdraw what of it is not reserved.
 *
 * Checks in the order of contract.md's list of codes; whoever calls has checked the period, the sender and the message.
 * Source: elecbay.md 0, rule 1.
 */
import { kwhFromWh } from "../../shared/decimal.js";
import { type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import type { CreditCheck } from "./credit.js";
import { type Item, leftWh, type Sale } from "./item.js";
import { accepted, enter, liveItem, type Outcome, type PeriodBook, rejected, retire } from "./period-book.js";
import { belowMinimum, energyOutOfRange, priceOutOfRange, tooManyOrders } from "./period-book-limits.js";

export interface ListItemCommand {
  readonly itemId: string;
  readonly participant: string;
  /** sell: surplus energy; buy: a need. */
  readonly side: Side;
  readonly energyWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
  /** Smallest part that may be ordered; undefined, or less than the market's: the market's. */
  readonly minEnergyWh: Wh | undefined;
  readonly sale: Sale;
  readonly auction: boolean;
  readonly arrival: number;
  readonly acceptedAtMs: number;
  readonly biddingCycle: number;
  readonly capacityWh: Wh;
  /** Undefined where money limits nobody. */
  readonly credit?: CreditCheck | undefined;
}

/** Puts an item on the list. An item smaller than its own smallest part is `below-minimum`. */
export function listItem(book: PeriodBook, command: ListItemCommand): Outcome {
  const { itemId, capacityWh, energyWh, credit, ...described } = command;
  const marketWh = book.terms.minEnergyWh;
  const minEnergyWh = wh(Math.max(marketWh, command.minEnergyWh ?? 0));
  const refusal =
    energyOutOfRange(book, command) ??
    priceOutOfRange(book, command.priceMicroPerKwh) ??
    belowMinimum(energyWh, marketWh, "the market") ??
    belowMinimum(energyWh, minEnergyWh, "the item itself") ??
    credit?.(command) ??
    tooManyOrders(book, command.participant);
  if (refusal !== undefined) return refusal;
  const item: Item = {
    ...described,
    kind: "item",
    id: itemId,
    listedWh: energyWh,
    energyWh,
    reservedWh: wh(0),
    minEnergyWh,
    version: 1,
    withdrawn: false,
    live: true,
  };
  enter(book, item);
  return accepted(item, [{ kind: "item", itemId }]);
}

export interface WithdrawItemCommand {
  readonly itemId: string;
  readonly participant: string;
}

/** Takes back what is not reserved; the reserved part stays, and what of it is released later goes to the owner. */
export function withdrawItem(book: PeriodBook, command: WithdrawItemCommand): Outcome {
  const { itemId, participant } = command;
  const item = liveItem(book, itemId);
  if (item === undefined) return rejected("unknown-item", `No item ${itemId} is listed in this period.`);
  if (item.participant !== participant) return rejected("not-owner", `Item ${itemId} belongs to somebody else.`);
  if (leftWh(item) === 0) {
    return rejected("item-taken", `All ${kwhFromWh(item.reservedWh)} kWh of item ${itemId} are reserved.`);
  }
  item.version += 1;
  item.withdrawn = true;
  item.energyWh = item.reservedWh;
  if (item.energyWh === 0) retire(book, item);
  return accepted(item, [{ kind: "item", itemId }]);
}
