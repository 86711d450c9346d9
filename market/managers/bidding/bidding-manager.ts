/** The bidding manager put together: the machine says when, the desk holds the books, the ports reach the world. */
import { instantFromIso } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { membersFrom } from "../../door/members.js";
import type { Packet } from "../../door/packet.js";
import { createReception } from "../../door/reception.js";
import { createPeriodBook } from "../../rules/period-book.js";
import type { MarketTerms } from "../../terms.js";
import { alarmOn } from "../alarm.js";
import type { PeriodTimes } from "../calendar.js";
import { soon } from "../soon.js";
import { biddingActorId, biddingMachine } from "./bidding.machine.js";
import { biddingPeriodMachine } from "./bidding-period.machine.js";
import { type BiddingState, biddingStateOf, createBiddingState, memoryFrom } from "./bidding-state.js";
import { forgetHoldPrice, learnGrants } from "./credit-desk.js";
import { applyLimits, refuseLimits } from "./cuts.js";
import { decideItems, decideOrders } from "./decide.js";
import type { BiddingDesk, BiddingPorts } from "./desk.js";
import { closeGate } from "./gate.js";
import { learnPayments } from "./payouts.js";
import { createPeriodDesk } from "./period-desk.js";
import { publishChanges } from "./publish.js";
import { learnMetered } from "./ratings.js";

/**
 * Actor logic to be started with `input: {calendar: terms.calendar}`, and its state: all that later answers depend on beside the actor's own
 * persisted snapshot. `state` is no copy: write it down before the actor goes on.
 * @param saved a state to go on from, read back from what was written; it is taken over
 */
export function biddingManager(terms: MarketTerms, ports: BiddingPorts, saved?: BiddingState) {
  const desk = createDesk(terms, ports, saved);
  const alarm = alarmOn(ports.clock);
  const periodMachine = biddingPeriodMachine.provide({
    actors: { alarm },
    actions: {
      openBook: ({ context }) => {
        desk.periods.set(context.periodMs, createPeriodDesk({ ...context }, createPeriodBook(terms.bidding)));
        desk.tellSoon();
      },
      closeGate: ({ context }) => {
        closeGate(desk, periodDesk(desk, context));
        desk.tellSoon();
      },
      applyLimits: ({ context, event }) => {
        if (event.type === "LIMITS") applyLimits(desk, periodDesk(desk, context), event.message);
        desk.tellSoon();
      },
      refuseLimits: ({ event }) => {
        if (event.type === "LIMITS") refuseLimits(desk, event.message);
      },
      endCheck: ({ context }) => {
        periodDesk(desk, context).closing = undefined;
        forgetHoldPrice(desk, context.periodMs);
      },
      clearResults: ({ context }) =>
        ports.outbox.publish(desk.topics.publicPeriod("results", context.periodMs), null, true),
      forgetOrders: ({ context }) => forgetPeriod(desk, context),
    },
    guards: { isBeforeStart: ({ context }) => ports.clock.now() < context.periodMs },
  });
  const logic = biddingMachine.provide({
    actors: { alarm, period: periodMachine },
    actions: {
      learnMembers: ({ event }) => {
        if (event.type === "MEMBERS") desk.reception.members = membersFrom(event.message);
      },
      learnTariffs: ({ event }) => {
        if (event.type === "TARIFFS") desk.credit.tariffs = event.message;
      },
      learnGrants: ({ event }) => {
        if (event.type === "GRANTS") learnGrants(desk, event.message);
      },
      learnPayments: ({ event }) => {
        if (event.type === "PAYMENTS") learnPayments(desk, event.message);
      },
      learnMetered: ({ event }) => {
        if (event.type === "METERED") learnMetered(desk, event.message);
      },
      passOnLimits: ({ event, self }) => {
        if (event.type !== "LIMITS") return;
        const periodMs = instantFromIso(event.message.period);
        const period = periodMs === undefined ? undefined : self.getSnapshot().children[biddingActorId(periodMs)];
        if (period === undefined) refuseLimits(desk, event.message);
        else period.send(event);
      },
      decideCommand: ({ event }) => {
        if (event.type !== "COMMAND") return;
        decide(desk, event.packet);
        desk.tellSoon();
      },
      publishChanges: () => {
        desk.reception.forgetOld();
        publishChanges(desk);
      },
      openDoor: () => {
        desk.reception.open = true;
      },
      closeDoor: () => {
        desk.reception.open = false;
      },
      countUnknown: ({ event }) => {
        desk.unknownEvents += 1;
        ports.log.warn(`the bidding manager has no use for the event ${event.type}`, { count: desk.unknownEvents });
      },
    },
  });
  return { logic, state: () => biddingStateOf(desk) };
}

/** A desk that goes on from `saved`. */
export function createDesk(
  terms: MarketTerms,
  ports: BiddingPorts,
  saved: BiddingState = createBiddingState(),
): BiddingDesk {
  const topics = topicsOf(terms.market);
  const { outbox, journal, log, clock, rateWindowMs, leastListIntervalMs } = ports;
  const maxCommandsPerWindow = terms.maxCommandsPerTick;
  const given = { topics, outbox, journal, log, now: () => clock.now(), maxCommandsPerWindow, rateWindowMs };
  const memory = memoryFrom(saved, terms.bidding);
  const desk: BiddingDesk = {
    ...{ ...memory, terms, topics, ports },
    reception: createReception(given, memory.door),
    tellSoon: soon(clock, leastListIntervalMs, memory.tell, () => publishChanges(desk)),
  };
  return desk;
}

function decide(desk: BiddingDesk, packet: Packet): void {
  const { reception } = desk;
  if (packet.topic === "items") {
    reception.receive("items", packet, (command, member) => decideItems(desk, command, member, packet));
  } else if (packet.topic === "orders") {
    reception.receive("orders", packet, (command, member) => decideOrders(desk, command, member, packet));
  } else {
    reception.receiveBatch(packet, {
      items: (command, member, own) => decideItems(desk, command, member, own),
      orders: (command, member, own) => decideOrders(desk, command, member, own),
    });
  }
}

function periodDesk(desk: BiddingDesk, { periodMs }: PeriodTimes) {
  const period = desk.periods.get(periodMs);
  if (period === undefined) throw new Error(`the bidding manager holds no book for the period at ${periodMs}`);
  return period;
}

function forgetPeriod(desk: BiddingDesk, times: PeriodTimes): void {
  const period = periodDesk(desk, times);
  for (const id of period.objectIds) desk.periodOf.delete(id);
  for (const participant of period.contractHolders) {
    desk.ports.outbox.publish(desk.topics.privatePeriod(participant, "contracts", times.periodMs), null, true);
  }
  desk.periods.delete(times.periodMs);
}
