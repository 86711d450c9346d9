/**
 * Metering once more, from the journal's inputs alone: which readings had to be taken, and what every period had to be told as.
 *
 * Taken from the period's end; until the due time a later one takes the place of an earlier, a meter's outranks a participant's own; after it
 * only what is better counts, as a correction. Source: docs/contract.md, elecbay.md 0 (rule 4).
 */
import type { JournalEntry } from "../../../infra/journal/journal.js";
import type { Packet } from "../../../market/door/packet.js";
import type { ManageMembers } from "../../../shared/messages/manage.js";
import type { Setting } from "../setting.js";
import { type BatchRules, checkPacket } from "./model-batch.js";
import { type ModelPeriod, modelCalendar } from "./model-calendar.js";
import { createDoor, type Decided, type ModelMember } from "./model-door.js";
import { type Fields, whOf } from "./requests.js";

interface ModelReading {
  readonly importWh: number;
  readonly exportWh: number;
  readonly quality: string;
  readonly fromMeter: boolean;
}

interface ModelMetering {
  readonly period: ModelPeriod;
  readonly readings: Map<string, ModelReading>;
  /** Taken after the due time and not told yet. */
  readonly corrections: (ModelReading & { readonly participant: string })[];
  isMetered: boolean;
}

export interface ExchangeModel {
  /** @returns what is wrong with it, undefined where nothing is */
  entry(entry: JournalEntry): string | undefined;
  meteredPeriods(): number;
}

/** Corrections are taken for that long; no run lasts until then. */
const longMs = 80 * 86_400_000;

export function createExchangeModel({ terms, rate }: Setting): ExchangeModel {
  const calendar = modelCalendar(terms.calendar);
  const door = createDoor();
  const rules: BatchRules = { mostCommands: terms.maxCommandsPerTick, windowMs: 1000 * rate, topics: ["meter"] };
  const periods = new Map<number, ModelMetering>(
    calendar.periods.map((period) => [
      period.periodMs,
      { period, readings: new Map(), corrections: [], isMetered: false },
    ]),
  );
  let metered = 0;
  const refused = (code: string): Decided => ({ expected: { code }, heldUntilMs: Number.POSITIVE_INFINITY });

  function subjectOf(fields: Fields, member: ModelMember): ModelMember | undefined {
    const named = fields.for === undefined ? undefined : door.members.get(fields.for as string);
    if (member.role === "meter") return named?.role === "prosumer" ? named : undefined;
    if (member.role !== "prosumer") return undefined;
    return fields.for === undefined || fields.for === member.id ? member : undefined;
  }

  const decide =
    (packet: Packet) =>
    (fields: Fields, member: ModelMember): Decided => {
      const subject = subjectOf(fields, member);
      if (subject === undefined) return refused("not-owner");
      const metering = periods.get(Date.parse(fields.period as string));
      if (metering === undefined) return refused("unknown-period");
      if (packet.stampedAtMs < metering.period.endMs) return refused("not-open-yet");
      const [importWh, exportWh] = [whOf(fields.importKwh), whOf(fields.exportKwh)];
      const largestWh = Math.max(importWh, exportWh, whOf(fields.generationKwh));
      if (largestWh > 10 * subject.capacityWh) return refused("energy-out-of-range");
      const fromMeter = member.role === "meter";
      const quality = (fields.quality as string | undefined) ?? "actual";
      const code = take(metering, subject.id, { importWh, exportWh, quality, fromMeter });
      if (code !== undefined) return refused(code);
      return { expected: { periodMs: metering.period.periodMs }, heldUntilMs: metering.period.endMs + longMs };
    };

  function take(
    { readings, corrections, isMetered }: ModelMetering,
    subject: string,
    next: ModelReading,
  ): string | undefined {
    const held = readings.get(subject);
    if (held?.fromMeter && !next.fromMeter) return "not-owner";
    const isBetter = held?.quality === "estimated" || (next.fromMeter && held !== undefined && !held.fromMeter);
    if (isMetered && !isBetter) return "gate-closed";
    readings.set(subject, next);
    if (isMetered) corrections.push({ ...next, participant: subject });
    return undefined;
  }

  /** What was told has to be what was read; who was not read is estimated, in line with his contract. */
  function checkMetered(entry: JournalEntry): string | undefined {
    for (const fact of entry.facts) {
      if (fact.type !== "metered") continue;
      const metering = periods.get(fact.periodMs);
      if (metering === undefined) return "a reading of no period";
      const { participant, importWh, exportWh, quality } = fact.reading;
      const { readings, corrections } = metering;
      const held = fact.correction ? corrections.shift() : readings.get(participant);
      if (held === undefined) {
        if (fact.correction || quality !== "estimated") return `${participant} is metered without having been read`;
        readings.set(participant, { importWh, exportWh, quality, fromMeter: false });
      } else if (held.importWh !== importWh || held.exportWh !== exportWh || held.quality !== quality) {
        return `${participant} is metered as ${importWh} in, ${exportWh} out, which nobody has read`;
      }
    }
    return noteMetered(entry);
  }

  function noteMetered(entry: JournalEntry): string | undefined {
    const told = entry.handedOver.map(({ message }) => message as { period: string; correction: boolean });
    for (const { period, correction } of told) {
      const metering = periods.get(Date.parse(period));
      if (metering === undefined) return "metering of no period";
      if (correction) continue;
      if (metering.isMetered) return `${period} is metered a second time`;
      if (entry.atMs < metering.period.dueAtMs) return `${period} is metered before its readings are due`;
      metering.isMetered = true;
      metered += 1;
    }
    return undefined;
  }

  return {
    entry(entry) {
      const { event } = entry;
      if (event?.type === "MEMBERS") {
        for (const { id, role, capacityKw, gateway } of (event as unknown as { message: ManageMembers }).message
          .members) {
          const capacityWh = (capacityKw * 1000 * terms.calendar.periodMinutes) / 60;
          door.members.set(id, { id, role, capacityWh, creditLimitMicro: undefined, gateway });
        }
      }
      if (event?.type === "COMMAND") {
        const { packet } = event as unknown as { packet: Packet };
        const wrong = checkPacket(door, rules, packet, entry.atMs, entry.reply, decide);
        if (wrong !== undefined) return wrong;
      }
      return checkMetered(entry);
    },
    meteredPeriods: () => metered,
  };
}
