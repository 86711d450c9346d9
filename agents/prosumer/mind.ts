/**
 * What a bot does on a tick, synchronously and in one fixed order, so that the same messages give the same commands.
 *
 * First the periods that ended since the last tick are lived and their readings sent, then each period near its gate is looked
 * at, earliest first; where imbalance is `full`, its expected position is notified in the last tick before the gate; then what was not
 * answered is sent again; then `ready` closes the tick in lockstep. A repeated tick is answered by the very same messages. Request ids are
 * `<seq>-<n>`, n counting over all topics.
 */

import { kwhFromWh } from "../../shared/decimal.js";
import type { ClockTick } from "../../shared/messages/clock.js";
import type { MarketInfo } from "../../shared/messages/public.js";
import { stream } from "../../shared/random-stream.js";
import { dayMs, instantFromIso, isoUtc, minuteMs, periodContaining } from "../../shared/time.js";
import { topicsOf } from "../../shared/topics.js";
import { type StorageOrigin, storageOriginOf } from "../devices/storage-origin.js";
import { decide, firstLook } from "../strategies/strategy.js";
import { commandOf } from "./command.js";
import { type Household, householdOf, livePeriod, noDuty, rememberPeriod } from "./household.js";
import { type Heard, hear, type Knowledge, knowsTheMarket, noKnowledge } from "./knowledge.js";
import { takesOrders } from "./markets-without-orders.js";
import { forgetPeriod, isShut, noteSent } from "./own-orders.js";
import type { BotSpecification } from "./specification.js";
import { lastState, nothingTold, stateToTell, type Telling } from "./told-state.js";
import { dueAgain, noteCommand, type SentCommand } from "./unanswered.js";
import { viewsFor } from "./view.js";

/** After a long absence no more than this many readings are made up for; before that the devices stood still. */
const mostMissedPeriods = 96;

export interface Outgoing {
  readonly topic: string;
  readonly message: object;
  readonly retain: boolean;
}

export interface Mind {
  readonly specification: BotSpecification;
  readonly knowledge: Knowledge;
  /** Made when the market's period length is known. */
  household: Household | undefined;
  runId: string | undefined;
  seq: number;
  /** Start of the earliest period whose devices have not yet been run. */
  nextPeriodMs: number | undefined;
  /** The latest tick heard, acted on or not. */
  heardTick: ClockTick | undefined;
  /** What the last tick was answered with. */
  answer: readonly Outgoing[];
  /** What the bot has said of itself. */
  readonly telling: Telling;
}

export function mindOf(specification: BotSpecification): Mind {
  return {
    specification,
    knowledge: noKnowledge(),
    household: undefined,
    runId: undefined,
    seq: 0,
    nextPeriodMs: undefined,
    heardTick: undefined,
    answer: [],
    telling: nothingTold(),
  };
}

/** Takes in a message; a tick is kept for `answerTick`. */
export function listen(mind: Mind, topic: string, payload: string): Heard {
  const { market, id } = mind.specification;
  const heard = hear(mind.knowledge, market, id, topic, payload);
  if (heard?.kind === "tick") mind.heardTick = heard.tick;
  return heard;
}

/** Whether the bot knows enough to trade. */
export function isReadyToTrade(mind: Mind): boolean {
  return knowsTheMarket(mind.knowledge);
}

/** A battery at the end: state of charge at the start and now, Wh, zeros without a battery; and where its energy came from. */
export interface ChargeReport {
  readonly initialWh: number;
  readonly socWh: number;
  readonly origin: StorageOrigin;
}

export function chargeReport(mind: Mind): ChargeReport {
  const initialWh = mind.specification.devices.reduce(
    (sum, device) => sum + (device.kind === "battery" ? device.initialWh : 0),
    0,
  );
  const { household } = mind;
  return { initialWh, socWh: household?.socWh ?? initialWh, origin: household?.origin ?? storageOriginOf(initialWh) };
}

/** Messages that answer the latest tick, in the order of sending; none before a tick was heard. */
export function answerTick(mind: Mind): readonly Outgoing[] {
  const { heardTick: tick, knowledge } = mind;
  if (tick === undefined || knowledge.info === undefined) return [];
  if (tick.runId === mind.runId && tick.seq <= mind.seq) return tick.seq === mind.seq ? mind.answer : [];
  if (mind.runId !== undefined && tick.runId !== mind.runId) startAgain(mind);
  mind.runId = tick.runId;
  mind.seq = tick.seq;
  mind.answer = answer(mind, tick, knowledge.info);
  return mind.answer;
}

/** What is new of the bot itself, after a tick is answered; undefined: nothing. */
export function ownState({ telling, specification, household, nextPeriodMs }: Mind): Outgoing | undefined {
  const message = stateToTell(telling, specification, household, nextPeriodMs);
  if (message === undefined) return undefined;
  return { topic: topicsOf(specification.market).in(specification.id, "status"), message, retain: true };
}

/** How the bot stood when it left; undefined: it never said. */
export function leavingState({ telling, specification }: Mind): Outgoing | undefined {
  const message = lastState(telling);
  if (message === undefined) return undefined;
  return { topic: topicsOf(specification.market).in(specification.id, "status"), message, retain: true };
}

/** Another run knows nothing of what was ordered in the one before it. */
function startAgain(mind: Mind): void {
  mind.knowledge.orders.periods.clear();
  mind.knowledge.orders.inFlight.clear();
  mind.knowledge.unanswered.clear();
  mind.nextPeriodMs = undefined;
}

function answer(mind: Mind, tick: ClockTick, info: MarketInfo): Outgoing[] {
  const { id, market } = mind.specification;
  const topics = topicsOf(market);
  const nowMs = instantFromIso(tick.ts) ?? 0;
  const outgoing: Outgoing[] = [];
  const send = <M extends SentCommand["message"]>(name: "meter" | "orders" | "items", message: M): void => {
    const command = { topic: topics.in(id, name), message };
    outgoing.push({ ...command, retain: false });
    noteCommand(mind.knowledge.unanswered, name, command, tick.seq);
  };
  const requestId = (): string => `${tick.seq}-${outgoing.length + 1}`;
  const household = homeIn(mind, info, nowMs);
  liveUntil(mind, household, nowMs, (periodMs, reading) => {
    if (!isInRun(info, periodMs)) return;
    send("meter", {
      v: 1,
      requestId: requestId(),
      period: isoUtc(periodMs),
      importKwh: kwhFromWh(reading.importWh),
      exportKwh: kwhFromWh(reading.exportWh),
      generationKwh: kwhFromWh(reading.generationWh),
      quality: "actual",
    });
  });
  const { strategy, seed } = mind.specification;
  const mayTrade = takesOrders(info) && !mind.knowledge.ordersRefused;
  const draw = (purpose: string) => stream(seed, id, purpose);
  const looks = mayTrade ? viewsFor(mind, household, info, tick, nowMs, firstLook(strategy, tick.rounds)) : [];
  for (const look of looks) {
    if (!isInRun(info, look.periodMs) || isShut(mind.knowledge.orders, look.periodMs)) continue;
    const view = look.view();
    for (const intent of decide(strategy, view, draw)) {
      const command = requestId();
      if (!noteSent(mind.knowledge.orders, intent, command)) continue;
      send(intent.action === "list" || intent.action === "withdraw" ? "items" : "orders", commandOf(intent, command));
    }
    if (info.imbalance === "full" && view.ticksToGate === 1) {
      const { periodMs: period, positionWh } = view;
      const energyKwh = kwhFromWh(positionWh);
      send("orders", { v: 1, requestId: requestId(), action: "notify", period: isoUtc(period), energyKwh });
    }
  }
  const sent = outgoing.length; // repeats do not count
  for (const command of dueAgain(mind.knowledge.unanswered, tick, info.periodMinutes))
    outgoing.push({ ...command, retain: false });
  if (tick.mode === "lockstep") {
    const message = { v: 1, seq: tick.seq, sent };
    outgoing.push({ topic: topics.in(id, "ready"), message, retain: false });
  }
  return outgoing;
}

/** Whether the market trades this period at all, as far as it says so. */
function isInRun({ firstPeriod, lastPeriod }: MarketInfo, periodMs: number): boolean {
  const firstMs = firstPeriod === undefined ? undefined : instantFromIso(firstPeriod);
  const lastMs = lastPeriod === undefined ? undefined : instantFromIso(lastPeriod);
  return (firstMs === undefined || periodMs >= firstMs) && (lastMs === undefined || periodMs <= lastMs);
}

/** The home, made at the first tick with what it remembers of the day before. */
function homeIn(mind: Mind, info: MarketInfo, nowMs: number): Household {
  const { periodMinutes } = info;
  if (mind.household !== undefined && mind.household.periodMinutes === periodMinutes) return mind.household;
  const household = householdOf(mind.specification, periodMinutes);
  const lengthMs = periodMinutes * minuteMs;
  const presentMs = periodContaining(nowMs, periodMinutes);
  for (let periodMs = presentMs - dayMs; periodMs < presentMs; periodMs += lengthMs) {
    rememberPeriod(household, mind.knowledge.trends, periodMs);
  }
  mind.household = household;
  return household;
}

type Read = ReturnType<typeof livePeriod>;

/** Runs the devices through all periods that have ended by `nowMs`; what is kept for them is forgotten after that. */
function liveUntil(
  mind: Mind,
  household: Household,
  nowMs: number,
  report: (periodMs: number, reading: Read) => void,
): void {
  const { knowledge } = mind;
  const lengthMs = household.periodMinutes * minuteMs;
  const presentMs = periodContaining(nowMs, household.periodMinutes);
  const firstMs = Math.max(mind.nextPeriodMs ?? presentMs, presentMs - mostMissedPeriods * lengthMs);
  for (let periodMs = firstMs; periodMs < presentMs; periodMs += lengthMs) {
    const duty = knowledge.contracts.get(periodMs) ?? noDuty;
    report(periodMs, livePeriod(household, knowledge.trends, duty, periodMs));
  }
  if (mind.nextPeriodMs === presentMs) return;
  // A clock that was set back must not make the devices live a period twice.
  mind.nextPeriodMs = Math.max(mind.nextPeriodMs ?? presentMs, presentMs);
  for (const periodMs of knowledge.contracts.keys()) if (periodMs < presentMs) knowledge.contracts.delete(periodMs);
  for (const periodMs of knowledge.lists.keys()) if (periodMs < presentMs) knowledge.lists.delete(periodMs);
  for (const periodMs of knowledge.orders.periods.keys()) {
    if (periodMs < presentMs) forgetPeriod(knowledge.orders, periodMs);
  }
}
