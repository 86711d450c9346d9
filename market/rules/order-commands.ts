/**
 * What an order's owner may do until the gate: place it, modify it, cancel it.
 *
 * Checks in the order of contract.md's list of codes; whoever calls has checked the period, the sender and the message.
 * A modified order keeps its item, and its arrival only with the same price and no more energy. Its energy is all of it, what was
 * traded already included; that part can neither be changed nor cancelled. A fill leaves the version as it is.
 * Source: elecbay.md 0, rule 1.
 */
import { kwhFromWh, majorFromMicro } from "../../shared/decimal.js";
import { type MicroPerKwh, type Wh, wh } from "../../shared/units.js";
import type { Side } from "../facts.js";
import type { CreditCheck } from "./credit.js";
import { type Item, leftWh, reachesPrice } from "./item.js";
import { release, reserve } from "./listing.js";
import { match, matchAgain, withdrawMatching } from "./matching.js";
import { keepsArrival, type Order, openWh } from "./order.js";
import {
  accepted,
  enter,
  liveItem,
  liveOrder,
  type Outcome,
  type PeriodBook,
  type Rejection,
  rejected,
  retire,
} from "./period-book.js";
import { belowMinimum, energyOutOfRange, priceOutOfRange, tooManyOrders } from "./period-book-limits.js";

export interface PlaceOrderCommand {
  readonly orderId: string;
  readonly participant: string;
  readonly side: Side;
  readonly energyWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
  /** The item ordered; undefined: to the period's auction. */
  readonly itemId: string | undefined;
  readonly auction: boolean;
  readonly arrival: number;
  readonly acceptedAtMs: number;
  readonly biddingCycle: number;
  readonly capacityWh: Wh;
  /** Undefined where money limits nobody. */
  readonly credit?: CreditCheck | undefined;
}

/** Takes an order into the book and reserves on its item what a fixed item can give. */
export function placeOrder(book: PeriodBook, command: PlaceOrderCommand): Outcome {
  const { orderId, credit } = command;
  const item = liveItem(book, command.itemId);
  if (command.itemId !== undefined && item === undefined) {
    return rejected("unknown-item", `No item ${command.itemId} is listed in this period.`);
  }
  const refusal =
    (item === undefined ? undefined : misplaced(item, command)) ??
    energyOutOfRange(book, command) ??
    priceOutOfRange(book, command.priceMicroPerKwh) ??
    tooSmall(book, command.energyWh, item, 0) ??
    credit?.(command) ??
    tooManyOrders(book, command.participant);
  if (refusal !== undefined) return refusal;
  const { participant, side, energyWh, priceMicroPerKwh, itemId, auction, arrival, acceptedAtMs, biddingCycle } =
    command;
  // Field by field: spread, it would cost more than all else here.
  const order: Order = {
    kind: "order",
    id: orderId,
    participant,
    side,
    energyWh,
    reservedWh: wh(0),
    filledWh: wh(0),
    priceMicroPerKwh,
    itemId,
    auction,
    arrival,
    acceptedAtMs,
    biddingCycle,
    version: 1,
    live: true,
  };
  enter(book, order);
  return accepted(order, item === undefined ? match(book, order) : reserve(item, order));
}

export interface ModifyOrderCommand {
  readonly orderId: string;
  readonly participant: string;
  readonly expectedVersion: number;
  readonly energyWh: Wh;
  readonly priceMicroPerKwh: MicroPerKwh;
  readonly arrival: number;
  readonly capacityWh: Wh;
  /** As when placing; it knows what this order holds already. */
  readonly credit?: CreditCheck | undefined;
}

/** Changes energy and limit. What a fixed item gave is kept, shrunk, or grown by what the list can give now. */
export function modifyOrder(book: PeriodBook, command: ModifyOrderCommand): Outcome {
  const { energyWh, priceMicroPerKwh } = command;
  const found = ownOrder(book, command);
  if (!("kind" in found)) return found;
  const order = found;
  if (order.version !== command.expectedVersion) {
    const versions = `version ${command.expectedVersion} expected, order ${order.id} is at version ${order.version}`;
    return rejected("version-conflict", `${versions}.`);
  }
  const item = liveItem(book, order.itemId);
  const openEnergyWh = wh(energyWh - order.filledWh);
  const refusal =
    (item === undefined ? undefined : belowItemPrice(item, priceMicroPerKwh)) ??
    energyOutOfRange(book, { ...command, side: order.side }, order) ??
    tradedAlready(order, energyWh) ??
    priceOutOfRange(book, priceMicroPerKwh) ??
    // What was accepted once does not become too small by a change of price.
    (energyWh === order.energyWh ? undefined : tooSmall(book, openEnergyWh, item, order.reservedWh)) ??
    command.credit?.({ side: order.side, energyWh: openEnergyWh, priceMicroPerKwh });
  if (refusal !== undefined) return refusal;
  const keepsPlace = keepsArrival(order, energyWh, priceMicroPerKwh);
  if (!keepsPlace) order.arrival = command.arrival;
  order.energyWh = energyWh;
  order.priceMicroPerKwh = priceMicroPerKwh;
  order.version += 1;
  if (item === undefined) return accepted(order, matchAgain(book, order, keepsPlace));
  const shrinks = energyWh < order.reservedWh;
  return accepted(order, shrinks ? release(book, item, order, energyWh) : reserve(item, order));
}

export interface CancelOrderCommand {
  readonly orderId: string;
  readonly participant: string;
}

/** Takes an order out; what it had reserved returns to the list, what it has traded stays traded. */
export function cancelOrder(book: PeriodBook, command: CancelOrderCommand): Outcome {
  const order = ownOrder(book, command);
  if (!("kind" in order)) return order;
  order.version += 1;
  const item = liveItem(book, order.itemId);
  const changes = item === undefined ? [] : release(book, item, order, 0);
  withdrawMatching(book, order);
  retire(book, order);
  return accepted(order, changes);
}

function ownOrder(book: PeriodBook, command: CancelOrderCommand): Order | Rejection {
  const { orderId, participant } = command;
  const order = liveOrder(book, orderId);
  if (order === undefined) return rejected("unknown-order", `No order ${orderId} is open in this period.`);
  return order.participant === participant
    ? order
    : rejected("not-owner", `Order ${orderId} belongs to somebody else.`);
}

function misplaced(item: Item, command: PlaceOrderCommand): Rejection | undefined {
  const { participant, side, energyWh, priceMicroPerKwh } = command;
  if (leftWh(item) === 0) {
    return rejected("item-taken", `${kwhFromWh(energyWh)} kWh asked, 0 kWh are left of item ${item.id}.`);
  }
  if (item.participant === participant) return rejected("own-item", `Item ${item.id} is your own.`);
  if (item.side === side) {
    const other = side === "sell" ? "buy" : "sell";
    return rejected("wrong-side", `Item ${item.id} is to ${side} itself: an order on it must ${other}.`);
  }
  return belowItemPrice(item, priceMicroPerKwh);
}

/** What is traded is final: at least something beyond it must stay open. */
function tradedAlready(order: Order, energyWh: Wh): Rejection | undefined {
  if (energyWh > order.filledWh || order.filledWh === 0) return undefined;
  const traded = `${kwhFromWh(order.filledWh)} kWh of order ${order.id} are traded already`;
  const asked = `${kwhFromWh(energyWh)} kWh asked in all, ${traded}`;
  return rejected(
    "energy-out-of-range",
    `${asked}: it must be more, or cancel what is open (${kwhFromWh(openWh(order))} kWh).`,
  );
}

function belowItemPrice(item: Item, priceMicroPerKwh: MicroPerKwh): Rejection | undefined {
  if (reachesPrice(item, priceMicroPerKwh)) return undefined;
  const bound = item.side === "sell" ? "at least" : "at most";
  const asked = `${majorFromMicro(priceMicroPerKwh)} per kWh asked`;
  return rejected(
    "below-item-price",
    `${asked}, item ${item.id} takes ${bound} ${majorFromMicro(item.priceMicroPerKwh)}.`,
  );
}

/** `heldWh`: what the order has reserved already. An order for all that it can have is never too small. */
function tooSmall(book: PeriodBook, energyWh: Wh, item: Item | undefined, heldWh: number): Rejection | undefined {
  if (item === undefined) return belowMinimum(energyWh, book.terms.minEnergyWh, "the market");
  if (energyWh === leftWh(item) + heldWh) return undefined;
  return (
    belowMinimum(energyWh, book.terms.minEnergyWh, "the market") ??
    belowMinimum(energyWh, item.minEnergyWh, `item ${item.id}`)
  );
}
