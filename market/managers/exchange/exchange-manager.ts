/** The exchange manager put together: the machine says when, the desk holds the readings, the ports reach the world. */
import { isoUtc } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { createDoorMemory } from "../../door/door-memory.js";
import { membersFrom, withOperator } from "../../door/members.js";
import { createReception } from "../../door/reception.js";
import type { MarketTerms } from "../../terms.js";
import { alarmOn } from "../alarm.js";
import type { PeriodTimes } from "../calendar.js";
import { nothingPending, soon } from "../soon.js";
import type { ExchangeDesk, ExchangePeriodDesk, ExchangePorts, ExchangeState } from "./desk.js";
import { exchangeMachine } from "./exchange.machine.js";
import { exchangePeriodMachine } from "./exchange-period.machine.js";
import { finishMetering, handCorrections, learnContracts } from "./metering.js";
import { decideReading } from "./readings.js";

/**
 * Actor logic to be started with `input: {calendar: terms.calendar}`, and its state: all that later answers depend on beside the actor's own
 * persisted snapshot. `state` is no copy: write it down before the actor goes on.
 * @param saved a state to go on from, read back from what was written; it is taken over
 */
export function exchangeManager(terms: MarketTerms, ports: ExchangePorts, saved: ExchangeState = createState()) {
  const desk = createDesk(terms, ports, saved);
  const alarm = alarmOn(ports.clock);
  const reportSoon = soon(ports.clock, ports.leastReportIntervalMs, desk.report, () => report(desk));
  const periodMachine = exchangePeriodMachine.provide({
    actors: { alarm },
    actions: {
      startExchange: ({ context }) => {
        desk.periods.set(context.periodMs, { times: { ...context }, stage: "exchange", readings: new Map() });
        reportSoon();
      },
      startMetering: ({ context }) => {
        periodDesk(desk, context).stage = "metering";
        reportSoon();
      },
      finishMetering: ({ context }) => {
        finishMetering(desk, periodDesk(desk, context));
        reportSoon();
      },
    },
  });
  const logic = exchangeMachine.provide({
    actors: { alarm, period: periodMachine },
    actions: {
      learnMembers: ({ event }) => {
        if (event.type === "MEMBERS") desk.reception.members = withOperator(membersFrom(event.message));
      },
      learnContracts: ({ event }) => {
        if (event.type === "CONTRACTS") learnContracts(desk, event.message);
      },
      decideCommand: ({ event }) => {
        if (event.type !== "COMMAND") return;
        const { packet } = event;
        if (packet.topic === "batch") {
          desk.reception.receiveBatch(packet, {
            meter: (command, member, own) => decideReading(desk, command, member, own),
          });
        } else
          desk.reception.receive("meter", packet, (command, member) => decideReading(desk, command, member, packet));
      },
      reportPeriods: () => {
        handCorrections(desk);
        desk.reception.forgetOld();
        forgetReadings(desk);
        report(desk);
      },
      openDoor: () => {
        desk.reception.open = true;
      },
      closeDoor: () => {
        desk.reception.open = false;
      },
      countUnknown: ({ event }) => {
        desk.unknownEvents += 1;
        ports.log.warn(`the exchange manager has no use for the event ${event.type}`, { count: desk.unknownEvents });
      },
    },
  });
  return { logic, state: () => stateOf(desk) };
}

/** What the manager starts with: no period is taken up yet. */
function createState(): ExchangeState {
  return {
    door: createDoorMemory(),
    periods: new Map(),
    positions: new Map(),
    contractsTold: new Map(),
    corrections: new Map(),
    estimated: new Set(),
    report: nothingPending(),
    unknownEvents: 0,
  };
}

function createDesk(terms: MarketTerms, ports: ExchangePorts, saved: ExchangeState): ExchangeDesk {
  const topics = topicsOf(terms.market);
  const { outbox, journal, log, clock, rateWindowMs } = ports;
  const maxCommandsPerWindow = terms.maxCommandsPerTick;
  const given = { topics, outbox, journal, log, now: () => clock.now(), maxCommandsPerWindow, rateWindowMs };
  return { ...saved, terms, topics, ports, reception: createReception(given, saved.door) };
}

function stateOf({
  terms: _terms,
  topics: _topics,
  ports: _ports,
  reception: _reception,
  ...state
}: ExchangeDesk): ExchangeState {
  return state;
}

function periodDesk(desk: ExchangeDesk, { periodMs }: PeriodTimes): ExchangePeriodDesk {
  const period = desk.periods.get(periodMs);
  if (period === undefined) throw new Error(`the exchange manager holds no desk for the period at ${periodMs}`);
  return period;
}

/** Drops what no reading may correct any more; periods stand in their order. */
function forgetReadings(desk: ExchangeDesk): void {
  const nowMs = desk.ports.clock.now();
  for (const [periodMs, { times }] of desk.periods) {
    if (times.forgetAtMs > nowMs) break;
    desk.periods.delete(periodMs);
  }
}

function report(desk: ExchangeDesk): void {
  const periods = [];
  for (const { stage, times } of desk.periods.values()) {
    if (stage !== "metered") periods.push({ period: isoUtc(times.periodMs), phase: stage });
  }
  desk.ports.link.report({ role: "exchange", status: "online", periods });
}
