/**
 * Decides one command on items or orders: is its period open, then what do the rules say.
 *
 * A command stamped before the gate is in, at the gate it is out, even when the alarm that closes the gate is late.
 */
import { microPerKwhFromMajor, whFromKwh } from "../../../shared/decimal.js";
import type {
  CancelOrder,
  ItemsCommand,
  ListItem,
  ModifyOrder,
  NotifyPosition,
  OrdersCommand,
  PlaceOrder,
  WithdrawItem,
} from "../../../shared/messages/commands.js";
import { dayMs, instantFromIso, isoUtc, minuteMs, periodContaining } from "../../../shared/time.js";
import type { Wh } from "../../../shared/units.js";
import { whyNotOwnPeriod } from "../../door/members.js";
import type { Packet } from "../../door/packet.js";
import type { Acceptance, Decision, Refusal } from "../../door/reception.js";
import { listItem, withdrawItem } from "../../rules/item-commands.js";
import { cancelOrder, modifyOrder, placeOrder } from "../../rules/order-commands.js";
import type { Outcome } from "../../rules/period-book.js";
import type { MemberTerms } from "../../terms.js";
import { biddingCycle, isInRun, timesOf } from "../calendar.js";
import { creditCheck, holdAnew, whyCreditUnknown } from "./credit-desk.js";
import type { BiddingDesk } from "./desk.js";
import type { PeriodDesk } from "./period-desk.js";
import { notifyPosition } from "./positions.js";
import { publishBookChanges } from "./publish.js";

export function decideItems(desk: BiddingDesk, command: ItemsCommand, member: MemberTerms, packet: Packet): Decision {
  if (command.action === "withdraw") return withdraw(desk, command, member, packet);
  return creditUnknown(desk, member) ?? list(desk, command, member, packet);
}

export function decideOrders(desk: BiddingDesk, command: OrdersCommand, member: MemberTerms, packet: Packet): Decision {
  switch (command.action) {
    case "place":
      return creditUnknown(desk, member) ?? place(desk, command, member, packet);
    case "modify":
      return creditUnknown(desk, member) ?? modify(desk, command, member, packet);
    case "cancel":
      return cancel(desk, command, member, packet);
    case "notify":
      return notify(desk, command, member, packet);
  }
}

function list(desk: BiddingDesk, command: ListItem, member: MemberTerms, packet: Packet): Decision {
  const found = openPeriod(desk, command.period, member, packet);
  if ("code" in found) return found;
  const unheard = takesNoOrders(desk, found);
  if (unheard !== undefined) return unheard;
  const itemId = `i${desk.itemNumber + 1}`;
  const outcome = listItem(found.book, {
    itemId,
    participant: member.id,
    side: command.side,
    energyWh: whFromKwh(command.energyKwh),
    priceMicroPerKwh: microPerKwhFromMajor(command.pricePerKwh),
    minEnergyWh: command.minEnergyKwh === undefined ? undefined : whFromKwh(command.minEnergyKwh),
    sale: command.sale ?? "fixed",
    auction: command.auction ?? true,
    ...arriving(desk, found, packet),
    capacityWh: capacityOf(desk, member),
    credit: creditCheck(desk, found, member),
  });
  if (outcome.ok) desk.itemNumber += 1;
  return decided(desk, found, outcome, packet);
}

function withdraw(desk: BiddingDesk, command: WithdrawItem, member: MemberTerms, packet: Packet): Decision {
  const found = periodHolding(desk, command.itemId, "unknown-item", packet);
  if ("code" in found) return found;
  return decided(desk, found, withdrawItem(found.book, { itemId: command.itemId, participant: member.id }), packet);
}

function place(desk: BiddingDesk, command: PlaceOrder, member: MemberTerms, packet: Packet): Decision {
  const found = openPeriod(desk, command.period, member, packet);
  if ("code" in found) return found;
  // Nothing is listed in such a market: an order on an item meets `unknown-item`, which comes first.
  const unheard = command.itemId === undefined ? takesNoOrders(desk, found) : undefined;
  if (unheard !== undefined) return unheard;
  const outcome = placeOrder(found.book, {
    orderId: `o${desk.orderNumber + 1}`,
    participant: member.id,
    side: command.side,
    energyWh: whFromKwh(command.energyKwh),
    priceMicroPerKwh: microPerKwhFromMajor(command.pricePerKwh),
    itemId: command.itemId,
    auction: command.auction ?? true,
    ...arriving(desk, found, packet),
    capacityWh: capacityOf(desk, member),
    credit: creditCheck(desk, found, member),
  });
  if (outcome.ok) desk.orderNumber += 1;
  return decided(desk, found, outcome, packet);
}

function modify(desk: BiddingDesk, command: ModifyOrder, member: MemberTerms, packet: Packet): Decision {
  const found = periodHolding(desk, command.orderId, "unknown-order", packet);
  if ("code" in found) return found;
  const outcome = modifyOrder(found.book, {
    orderId: command.orderId,
    participant: member.id,
    expectedVersion: command.expectedVersion,
    energyWh: whFromKwh(command.energyKwh),
    priceMicroPerKwh: microPerKwhFromMajor(command.pricePerKwh),
    arrival: nextArrival(desk),
    capacityWh: capacityOf(desk, member),
    credit: creditCheck(desk, found, member, command.orderId),
  });
  return decided(desk, found, outcome, packet);
}

function cancel(desk: BiddingDesk, command: CancelOrder, member: MemberTerms, packet: Packet): Decision {
  const found = periodHolding(desk, command.orderId, "unknown-order", packet);
  if ("code" in found) return found;
  return decided(desk, found, cancelOrder(found.book, { orderId: command.orderId, participant: member.id }), packet);
}

function decided(desk: BiddingDesk, period: PeriodDesk, outcome: Outcome, packet: Packet): Acceptance | Refusal {
  const forgetAtMs = period.times.billAtMs;
  if (!outcome.ok) return { code: outcome.code, reason: outcome.reason, forgetAtMs };
  const { kind, id, version } = outcome.object;
  if (!desk.periodOf.has(id)) {
    desk.periodOf.set(id, period.times.periodMs);
    period.objectIds.push(id);
  }
  desk.ownersChanged.add(packet.sender);
  holdAnew(desk, period, packet.sender, outcome.changes);
  publishBookChanges(desk, period, outcome.changes);
  return {
    accepted: {
      ...(kind === "item" ? { itemId: id } : { orderId: id }),
      version,
      biddingCycle: biddingCycle(packet.stampedAtMs, period.times, desk.terms.calendar),
    },
    periodMs: period.times.periodMs,
    forgetAtMs,
  };
}

/** A later notification takes the place of an earlier one. Kept until the gate: see positions.ts. */
function notify(desk: BiddingDesk, command: NotifyPosition, member: MemberTerms, packet: Packet): Decision {
  if (desk.terms.settlement.imbalance !== "full") {
    const reason = "positions are notified only where imbalance is settled in full; here it is `promised`";
    return refusal(desk, "bad-message", reason);
  }
  const found = openPeriod(desk, command.period, member, packet);
  if ("code" in found) return found;
  const { billAtMs: forgetAtMs, periodMs } = found.times;
  const rejection = notifyPosition(found, member, whFromKwh(command.energyKwh), capacityOf(desk, member));
  if (rejection !== undefined) return { code: rejection.code, reason: rejection.reason, forgetAtMs };
  const cycle = biddingCycle(packet.stampedAtMs, found.times, desk.terms.calendar);
  return { accepted: { biddingCycle: cycle }, periodMs, forgetAtMs };
}

/** What would hold funds waits until somebody has said how much there is: that is the market's fault, and the same may be sent again. */
function creditUnknown(desk: BiddingDesk, member: MemberTerms): Refusal | undefined {
  const reason = whyCreditUnknown(desk, member);
  return reason === undefined ? undefined : { code: "market-closed", reason, forgetAtMs: undefined };
}

/** The desk of the period `iso` where it takes commands at the packet's time. */
function openPeriod(desk: BiddingDesk, iso: string, member: MemberTerms, packet: Packet): PeriodDesk | Refusal {
  const periodMs = instantFromIso(iso);
  if (periodMs === undefined || !isInRun(periodMs, desk.terms.calendar)) {
    return refusal(desk, "unknown-period", `${iso} is no delivery period of this market`);
  }
  const notOwn = whyNotOwnPeriod(member, periodMs);
  if (notOwn !== undefined) return { code: "not-registered", reason: notOwn, forgetAtMs: undefined };
  const times = timesOf(periodMs, desk.terms.calendar);
  const period = desk.periods.get(periodMs);
  if (period !== undefined) return whileOpen(desk, period, packet);
  if (desk.ports.clock.now() >= times.billAtMs) return refusal(desk, "unknown-period", `${iso} has been billed`);
  const reason = `bidding for ${iso} opens at ${isoUtc(times.opensAtMs)}`;
  return { code: "not-open-yet", reason, forgetAtMs: times.billAtMs };
}

/** Rule 6: a pool prices what was metered, and without a market there is nobody to trade with. */
function takesNoOrders(desk: BiddingDesk, period: PeriodDesk): Refusal | undefined {
  const { kind, name } = desk.ports.mechanism;
  if (kind === "auction") return undefined;
  const reason =
    kind === "pool"
      ? `this market is a pool (${name}): it prices what was metered, without items or orders`
      : "nobody trades in this market: everyone is served by the supplier";
  return refusal(desk, "no-orders-in-pool", reason, period.times.billAtMs);
}

function periodHolding(
  desk: BiddingDesk,
  id: string,
  unknown: "unknown-item" | "unknown-order",
  packet: Packet,
): PeriodDesk | Refusal {
  const periodMs = desk.periodOf.get(id);
  const period = periodMs === undefined ? undefined : desk.periods.get(periodMs);
  const kind = unknown === "unknown-item" ? "item" : "order";
  if (period === undefined) return refusal(desk, unknown, `there is no ${kind} ${id}`);
  return whileOpen(desk, period, packet);
}

function whileOpen(desk: BiddingDesk, period: PeriodDesk, packet: Packet): PeriodDesk | Refusal {
  const { gateAtMs, periodMs } = period.times;
  if (!period.closed && packet.stampedAtMs < gateAtMs) return period;
  return refusal(
    desk,
    "gate-closed",
    `gate of ${isoUtc(periodMs)} closed at ${isoUtc(gateAtMs)}`,
    period.times.billAtMs,
  );
}

function refusal(desk: BiddingDesk, code: Refusal["code"], reason: string, forgetAtMs = longestLife(desk)): Refusal {
  return { code, reason, forgetAtMs };
}

/** A refusal that belongs to no period is remembered for as long as a period opening now would live, in whole periods. */
function longestLife(desk: BiddingDesk): number {
  const { calendar } = desk.terms;
  const minutes = calendar.openMinutes + calendar.gateMinutes + 2 * calendar.periodMinutes;
  const nowMs = periodContaining(desk.ports.clock.now(), calendar.periodMinutes);
  return nowMs + minutes * minuteMs + calendar.billDays * dayMs;
}

function arriving(desk: BiddingDesk, period: PeriodDesk, packet: Packet) {
  return {
    arrival: nextArrival(desk),
    acceptedAtMs: packet.stampedAtMs,
    biddingCycle: biddingCycle(packet.stampedAtMs, period.times, desk.terms.calendar),
  };
}

function nextArrival(desk: BiddingDesk): number {
  desk.arrival += 1;
  return desk.arrival;
}

function capacityOf(desk: BiddingDesk, member: MemberTerms): Wh {
  return Math.floor((member.capacityW * desk.terms.calendar.periodMinutes) / 60) as Wh;
}
