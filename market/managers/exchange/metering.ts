/** The end of metering: missing readings are estimated, the period is told as metered, later corrections likewise. */
import { kwhFromWh, whFromKwh } from "../../../shared/decimal.js";
import type { ManageContracts } from "../../../shared/messages/manage.js";
import { instantFromIso, isoUtc } from "../../../shared/time.js";
import { wh } from "../../../shared/units.js";
import { prosumersOf, takesPartIn } from "../../door/members.js";
import type { Reading } from "../../facts.js";
import { estimatedReading } from "../../rules/estimate.js";
import type { ExchangeDesk, ExchangePeriodDesk, Position } from "./desk.js";

const noPosition: Position = { boughtWh: 0, soldWh: 0 };

/** A newer message takes the place of an older one until the period is metered; one that came late, sent again, does not. */
export function learnContracts(desk: ExchangeDesk, message: ManageContracts): void {
  const periodMs = instantFromIso(message.period);
  if (periodMs === undefined) return;
  if (message.n < (desk.contractsTold.get(periodMs) ?? 0)) return;
  if (desk.periods.get(periodMs)?.stage === "metered") {
    desk.ports.log.warn(`contracts of ${message.period} come after its metering: they change nothing`);
    return;
  }
  desk.contractsTold.set(periodMs, message.n);
  const positions = new Map<string, Position>();
  const of = (id: string): Position => {
    const known = positions.get(id) ?? { boughtWh: 0, soldWh: 0 };
    positions.set(id, known);
    return known;
  };
  for (const trade of message.trades) {
    const energyWh = whFromKwh(trade.energyKwh);
    of(trade.buyer).boughtWh += energyWh;
    of(trade.seller).soldWh += energyWh;
  }
  for (const { participant, energyKwh } of message.positions ?? []) of(participant).notifiedWh = whFromKwh(energyKwh);
  desk.positions.set(periodMs, positions);
}

export function finishMetering(desk: ExchangeDesk, period: ExchangePeriodDesk): void {
  const { periodMs } = period.times;
  const positions = desk.positions.get(periodMs) ?? new Map<string, Position>();
  if (!desk.positions.has(periodMs)) desk.ports.log.warn(`the contracts of ${isoUtc(periodMs)} have not come`);
  const expected = new Set([...prosumersOf(desk.reception.members, periodMs), ...positions.keys()]);
  const newlyMissing: string[] = [];
  for (const participant of [...expected].sort()) {
    if (period.readings.has(participant)) {
      desk.estimated.delete(participant);
      continue;
    }
    const { soldWh, boughtWh, notifiedWh } = positions.get(participant) ?? noPosition;
    const member = desk.reception.members.get(participant);
    const isGone = member !== undefined && !takesPartIn(member, periodMs); // another lives there
    const reading = estimatedReading(participant, wh(isGone ? 0 : (notifiedWh ?? soldWh - boughtWh)));
    period.readings.set(participant, { reading, fromMeter: false });
    if (!desk.estimated.has(participant)) newlyMissing.push(participant);
    desk.estimated.add(participant);
  }
  if (newlyMissing.length > 0) {
    const participants = newlyMissing;
    desk.ports.log.warn(`no reading for ${isoUtc(periodMs)} and until one comes: estimated as contracted`, {
      participants,
    });
  }
  period.stage = "metered";
  const readings = [...period.readings.values()].map(({ reading }) => reading).sort(byParticipant);
  publishEnergy(desk, periodMs, readings, positions);
  handMetered(desk, periodMs, readings, false);
  desk.positions.delete(periodMs);
  desk.contractsTold.delete(periodMs);
}

export function noteCorrection(desk: ExchangeDesk, periodMs: number, reading: Reading): void {
  const others = desk.corrections.get(periodMs);
  if (others === undefined) desk.corrections.set(periodMs, [reading]);
  else others.push(reading);
}

/** One message for each period: where a whole community reads late, a message for each reading would make everybody later still. */
export function handCorrections(desk: ExchangeDesk): void {
  for (const [periodMs, readings] of desk.corrections) handMetered(desk, periodMs, readings, true);
  desk.corrections.clear();
}

function handMetered(desk: ExchangeDesk, periodMs: number, readings: readonly Reading[], correction: boolean): void {
  for (const reading of readings) desk.ports.journal.record({ type: "metered", periodMs, reading, correction });
  desk.ports.link.hand({
    kind: "metered",
    periodMs,
    body: {
      period: isoUtc(periodMs),
      correction,
      readings: readings.map(({ participant, importWh, exportWh, generationWh, quality }) => ({
        participant,
        importKwh: kwhFromWh(importWh),
        exportKwh: kwhFromWh(exportWh),
        generationKwh: kwhFromWh(generationWh),
        quality,
      })),
    },
  });
}

/**
 * `importKwh` and `exportKwh` are what passed the community's boundary; `localKwh` what buyers took of their contracts, or in
 * a pool of what neighbours fed in.
 */
function publishEnergy(
  desk: ExchangeDesk,
  periodMs: number,
  readings: readonly Reading[],
  positions: ReadonlyMap<string, Position>,
): void {
  const sum = (of: (reading: Reading) => number) => readings.reduce((total, reading) => total + of(reading), 0);
  const netWh = sum(({ importWh, exportWh }) => importWh - exportWh);
  const generationWh = sum((reading) => reading.generationWh);
  const takenWh = sum(({ importWh, exportWh }) => Math.max(0, importWh - exportWh));
  const contractedWh = sum(({ participant, importWh }) => {
    const position = positions.get(participant);
    return position === undefined ? 0 : Math.min(importWh, Math.max(0, position.boughtWh - position.soldWh));
  });
  // What was fed in is what was taken less what came from outside.
  const localWh = desk.ports.pooled ? Math.min(takenWh, takenWh - netWh) : contractedWh;
  desk.ports.outbox.publish(
    desk.topics.public("energy"),
    {
      v: 1,
      ts: isoUtc(desk.ports.clock.now()),
      period: isoUtc(periodMs),
      importKwh: kwhFromWh(Math.max(0, netWh)),
      exportKwh: kwhFromWh(Math.max(0, -netWh)),
      generationKwh: kwhFromWh(generationWh),
      consumptionKwh: kwhFromWh(generationWh + netWh),
      localKwh: kwhFromWh(localWh),
    },
    true,
  );
}

function byParticipant(left: Reading, right: Reading): number {
  return left.participant < right.participant ? -1 : 1;
}
