/**
 * Decides one meter reading.
 *
 * Taken from the period's end, due at `dueAt`; which of two readings stands is rules/standing-reading.ts. Corrections are told with the
 * next tick, all of a period in one message.
 */
import { whFromKwh } from "../../../shared/decimal.js";
import type { MeterReading } from "../../../shared/messages/commands.js";
import { instantFromIso, isoUtc } from "../../../shared/time.js";
import { whyNotOwnPeriod } from "../../door/members.js";
import type { Packet } from "../../door/packet.js";
import type { Decision, Refusal } from "../../door/reception.js";
import type { Reading } from "../../facts.js";
import { effectOf, type ReadingSource, type SourcedReading, whyAbsurd } from "../../rules/standing-reading.js";
import type { MemberTerms } from "../../terms.js";
import { correctionLimitMs, isInRun, timesOf } from "../calendar.js";
import type { ExchangeDesk, ExchangePeriodDesk, TakenReading } from "./desk.js";
import { noteCorrection } from "./metering.js";

export function decideReading(
  desk: ExchangeDesk,
  command: MeterReading,
  member: MemberTerms,
  packet: Packet,
): Decision {
  const subject = subjectOf(desk, command, member);
  if ("code" in subject) return subject;
  const period = periodOf(desk, command.period, packet);
  if ("code" in period) return period;
  const { periodMs } = period.times;
  const notOwn = whyNotOwnPeriod(subject, periodMs);
  if (notOwn !== undefined) return { code: "not-registered", reason: notOwn, forgetAtMs: undefined };
  const reading: Reading = {
    participant: subject.id,
    importWh: whFromKwh(command.importKwh),
    exportWh: whFromKwh(command.exportKwh),
    generationWh: whFromKwh(command.generationKwh),
    quality: command.quality ?? "actual",
  };
  const forgetAtMs = period.times.forgetAtMs;
  const absurd = absurdity(desk, reading, subject, forgetAtMs);
  if (absurd !== undefined) return absurd;
  const taken = take(desk, period, { reading, source: sourceOf(member) });
  if (taken !== undefined) return { ...taken, forgetAtMs };
  return { accepted: {}, periodMs, forgetAtMs };
}

function sourceOf({ role }: MemberTerms): ReadingSource {
  return role === "operator" || role === "meter" ? role : "participant";
}

function subjectOf(desk: ExchangeDesk, command: MeterReading, member: MemberTerms): MemberTerms | Refusal {
  const forgetAtMs = desk.ports.clock.now() + correctionLimitMs(desk.terms.calendar);
  if (member.role === "meter" || member.role === "operator") {
    const subject = command.for === undefined ? undefined : desk.reception.members.get(command.for);
    if (subject?.role === "prosumer") return subject;
    return {
      code: "not-owner",
      reason: `a ${member.role} names in \`for\` whose reading it sends; ${command.for ?? "nobody"} is no prosumer`,
      forgetAtMs,
    };
  }
  if (member.role !== "prosumer") {
    return { code: "not-owner", reason: `${member.id} is no prosumer and has no reading of its own`, forgetAtMs };
  }
  if (command.for === undefined || command.for === member.id) return member;
  return { code: "not-owner", reason: `${member.id} is no meter and reads only its own`, forgetAtMs };
}

function periodOf(desk: ExchangeDesk, iso: string, packet: Packet): ExchangePeriodDesk | Refusal {
  const periodMs = instantFromIso(iso);
  const limitMs = desk.ports.clock.now() + correctionLimitMs(desk.terms.calendar);
  if (periodMs === undefined || !isInRun(periodMs, desk.terms.calendar)) {
    return { code: "unknown-period", reason: `${iso} is no delivery period of this market`, forgetAtMs: limitMs };
  }
  const { endMs } = timesOf(periodMs, desk.terms.calendar);
  if (packet.stampedAtMs < endMs) {
    const reason = `readings of ${iso} are taken from ${isoUtc(endMs)}`;
    return { code: "not-open-yet", reason, forgetAtMs: endMs + correctionLimitMs(desk.terms.calendar) };
  }
  const period = desk.periods.get(periodMs);
  if (period !== undefined) return period;
  return { code: "unknown-period", reason: `the correction limit of ${iso} has passed`, forgetAtMs: limitMs };
}

function absurdity(
  desk: ExchangeDesk,
  reading: Reading,
  subject: MemberTerms,
  forgetAtMs: number,
): Refusal | undefined {
  const reason = whyAbsurd(reading, subject.capacityW, desk.terms.calendar.periodMinutes);
  return reason === undefined ? undefined : { code: "energy-out-of-range", reason, forgetAtMs };
}

/** @returns why it is not taken, or undefined. */
function take(
  desk: ExchangeDesk,
  period: ExchangePeriodDesk,
  next: SourcedReading,
): Omit<Refusal, "forgetAtMs"> | undefined {
  const { participant } = next.reading;
  const held = period.readings.get(participant);
  const isMetered = period.stage === "metered";
  const effect = effectOf(next, held === undefined ? undefined : sourced(held), isMetered);
  switch (effect) {
    case "outranked": {
      const whose = held?.fromOperator === true ? "the operator" : `${participant}'s meter`;
      return { code: "not-owner", reason: `the reading of ${whose} stands` };
    }
    case "not-there":
      // Settlement corrects what it has settled: who joined after the metering has nothing there to correct.
      return {
        code: "gate-closed",
        reason: `${participant} took no part when the readings were due at ${isoUtc(period.times.dueAtMs)}`,
      };
    case "stands":
      return {
        code: "gate-closed",
        reason: `readings were due at ${isoUtc(period.times.dueAtMs)} and one of ${participant} stands`,
      };
  }
  period.readings.set(participant, takenFrom(next));
  if (effect === "corrected") noteCorrection(desk, period.times.periodMs, next.reading);
  return undefined;
}

function sourced({ reading, fromMeter, fromOperator }: TakenReading): SourcedReading {
  return { reading, source: fromOperator === true ? "operator" : fromMeter ? "meter" : "participant" };
}

function takenFrom({ reading, source }: SourcedReading): TakenReading {
  const fromMeter = source !== "participant";
  return source === "operator" ? { reading, fromMeter, fromOperator: true } : { reading, fromMeter };
}
