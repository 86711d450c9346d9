/** Tariffs as the supplier last told them: who pays what in which period, and the messages that tell each his own. */
import { majorFromMicro, microFromMajor, microPerKwhFromMajor } from "../../../shared/decimal.js";
import type { ManageTariffs, Member } from "../../../shared/messages/manage.js";
import { dayMs, instantFromIso, isoUtc, minuteMs } from "../../../shared/time.js";
import type { MicroPerKwh } from "../../../shared/units.js";
import { balanceOf, participantAccount } from "../../rules/ledger.js";
import type { Tariff } from "../../rules/settlement.js";
import type { KnownTariffs, SettlementDesk } from "./desk.js";

/** A message is kept that long after a newer one took its place: no period waits longer for being settled. */
const keptMs = 7 * dayMs;

export function learnTariffs(desk: SettlementDesk, told: ManageTariffs): void {
  const { tariffs } = desk;
  const message = { ...told, own: new Map(told.tariffs.map((tariff) => [tariff.participant, tariff])) };
  // Each guest that comes within a step brings a message from the same step on: the newest one tells all. It goes behind those from later
  // steps, too: the supplier may have heard of a change when it had told them already.
  const same = tariffs.findIndex(({ from }) => from === message.from);
  if (same !== -1) tariffs.splice(same, 1);
  tariffs.push(message);
  const limitMs = desk.ports.clock.now() - keptMs;
  for (const periodMs of tooLateFor(desk, told)) {
    desk.ports.log.warn(
      `the supplier's word on ${isoUtc(periodMs)} came when it was settled already: it stays settled at the prices known before`,
    );
  }
  while (tariffs[1] !== undefined && beginsMs(tariffs[1]) < limitMs) tariffs.shift();
  tellTariffs(desk);
}

/** Settled periods at whose prices this message says otherwise: it came too late for them. Nothing is edited. */
function tooLateFor(desk: SettlementDesk, message: ManageTariffs): number[] {
  const fromMs = beginsMs(message);
  const late: number[] = [];
  for (const [periodMs, { input }] of desk.settled) {
    if (periodMs < fromMs || desk.ports.mechanism.kind === "pool" || !tariffsCover(desk, periodMs)) continue;
    const known = [...input.tariffs.keys()].filter((id) => hasTariff(desk, id));
    const { tariffs } = tariffsOf(desk, periodMs, known);
    const isOther = [...tariffs].some(([id, tariff]) => !isSame(tariff, input.tariffs.get(id)));
    if (isOther) late.push(periodMs);
  }
  return late;
}

function isSame(one: Tariff, other: Tariff | undefined): boolean {
  return (
    one.supplier === other?.supplier &&
    one.importMicroPerKwh === other.importMicroPerKwh &&
    one.exportMicroPerKwh === other.exportMicroPerKwh
  );
}

/** Tells everyone his own tariff, where it is not what he was told last. */
export function tellTariffs(desk: SettlementDesk): void {
  const newest = desk.tariffs.at(-1);
  if (newest === undefined) return;
  for (const member of desk.members) {
    if (member.role !== "prosumer") continue;
    const own = newest.own.get(member.id);
    if (own === undefined) continue;
    const values = {
      supplier: own.supplier,
      from: newest.from,
      stepMinutes: newest.stepMinutes,
      importPerKwh: own.importPerKwh,
      exportPerKwh: own.exportPerKwh,
      systemBuyPerKwh: newest.systemBuyPerKwh,
      systemSellPerKwh: newest.systemSellPerKwh,
      freeFunds: freeFunds(desk, member),
      capacityKw: member.capacityKw,
      connectionPoint: member.connectionPoint,
      phase: member.phase,
    };
    const text = JSON.stringify(values);
    if (desk.tariffsTold.get(member.id) === text) continue;
    desk.tariffsTold.set(member.id, text);
    const message = { v: 1, ts: isoUtc(desk.ports.clock.now()), ...values };
    desk.ports.outbox.publish(desk.topics.private(member.id, "tariff"), message, true);
  }
}

/** The balance and how far it may fall; null without a limit. What is held for open orders is not taken off: bidding knows that. */
function freeFunds(desk: SettlementDesk, { id, creditLimit }: Member): number | null {
  if (creditLimit === undefined) return null;
  return majorFromMicro(balanceOf(desk.ledger, participantAccount(id)) + microFromMajor(creditLimit));
}

/** Prices of one period for each of `participants`. @throws Error when the supplier never named one of them. */
export function tariffsOf(desk: SettlementDesk, periodMs: number, participants: Iterable<string>) {
  const message = coveringMessage(desk, periodMs);
  const tariffs = new Map<string, Tariff>();
  for (const participant of participants) tariffs.set(participant, tariffOf(desk, message, participant, periodMs));
  return {
    tariffs,
    systemBuyMicroPerKwh: priceAt(message, message.systemBuyPerKwh, periodMs),
    systemSellMicroPerKwh: priceAt(message, message.systemSellPerKwh, periodMs),
  };
}

/** What each kWh from the grid emitted in a period; undefined where the supplier does not know it. */
export function carbonOf(desk: SettlementDesk, periodMs: number): number | undefined {
  const message = coveringMessage(desk, periodMs);
  const { carbonIntensity } = message;
  return carbonIntensity === undefined ? undefined : Math.round(stepAt(message, carbonIntensity, periodMs) * 1000);
}

/** Whether what the supplier has told reaches to the period. */
export function tariffsCover({ tariffs }: SettlementDesk, periodMs: number): boolean {
  const word = wordOn(tariffs, periodMs);
  return word !== undefined && reachesTo(word, periodMs);
}

function reachesTo(message: ManageTariffs, periodMs: number): boolean {
  const { systemBuyPerKwh, tariffs: own } = message;
  const step = stepOf(message, periodMs);
  const reaches = (prices: readonly number[]): boolean => prices.length === 1 || step < prices.length;
  return (
    reaches(systemBuyPerKwh) &&
    own.every(({ importPerKwh, exportPerKwh }) => reaches(importPerKwh) && reaches(exportPerKwh))
  );
}

/** Whether the supplier has ever named this participant. */
export function hasTariff(desk: SettlementDesk, participant: string): boolean {
  return desk.tariffs.some(({ own }) => own.has(participant));
}

/** Who came later than the message that covers the period has the first prices it was told; in a pool the one offer that holds for all. */
function tariffOf(desk: SettlementDesk, covering: KnownTariffs, participant: string, periodMs: number): Tariff {
  const [common] = desk.ports.mechanism.kind === "pool" ? covering.own.values() : [];
  const own = covering.own.get(participant) ?? common;
  if (own !== undefined) {
    return {
      supplier: own.suppliers?.[stepOf(covering, periodMs)] ?? own.supplier,
      importMicroPerKwh: priceAt(covering, own.importPerKwh, periodMs),
      exportMicroPerKwh: priceAt(covering, own.exportPerKwh, periodMs),
    };
  }
  for (const message of desk.tariffs) {
    const later = message.own.get(participant);
    const [importPerKwh] = later?.importPerKwh ?? [];
    const [exportPerKwh] = later?.exportPerKwh ?? [];
    if (later === undefined || importPerKwh === undefined || exportPerKwh === undefined) continue;
    return {
      supplier: later.supplier,
      importMicroPerKwh: microPerKwhFromMajor(importPerKwh),
      exportMicroPerKwh: microPerKwhFromMajor(exportPerKwh),
    };
  }
  throw new Error(`the supplier named no tariff for ${participant}`);
}

/**
 * The newest message on the period; the oldest one where all begin later. What was told late, from an early step on, may not reach as far as
 * what was told before it from a later one: then that holds still.
 */
function wordOn(tariffs: readonly KnownTariffs[], periodMs: number): KnownTariffs | undefined {
  const begun = tariffs.filter((message) => beginsMs(message) <= periodMs);
  let word: KnownTariffs | undefined;
  for (const message of begun.reverse()) {
    if (word === undefined || beginsMs(message) > beginsMs(word)) word = message;
    if (reachesTo(word, periodMs)) return word;
  }
  return word ?? tariffs[0];
}

const beginsMs = ({ from }: ManageTariffs): number => instantFromIso(from) ?? 0;

function coveringMessage(desk: SettlementDesk, periodMs: number): KnownTariffs {
  const covering = wordOn(desk.tariffs, periodMs);
  if (covering === undefined) throw new Error(`the supplier told no tariff for ${isoUtc(periodMs)}`);
  return covering;
}

function priceAt(message: ManageTariffs, prices: readonly number[], periodMs: number): MicroPerKwh {
  return microPerKwhFromMajor(stepAt(message, prices, periodMs));
}

function stepAt(message: ManageTariffs, values: readonly number[], periodMs: number): number {
  const value = values.length === 1 ? values[0] : values[stepOf(message, periodMs)];
  if (value === undefined) throw new Error(`the tariff told from ${message.from} does not cover ${isoUtc(periodMs)}`);
  return value;
}

function stepOf(message: ManageTariffs, periodMs: number): number {
  return Math.max(0, Math.floor((periodMs - beginsMs(message)) / (message.stepMinutes * minuteMs)));
}
