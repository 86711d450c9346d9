/**
 * The measurement of a restart: managers made anew from journals of many commands, from the newest snapshots and without any.
 *
 * Homes of the shipped swarm trade as bots do: in each period an order, now and then changed or cancelled, and a meter reading.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginningOrder, createMarketHosts, type MarketHosts } from "../../infra/actors/market-hosts.js";
import type { SnapshotPolicy } from "../../infra/journal/actor-snapshots.js";
import type { HostedRole } from "../../infra/journal/hosted-actor.js";
import { openJournals } from "../../infra/journal/journal-folder.js";
import { createLockstepMarket, lockstepPace } from "../../infra/lockstep/lockstep-market.js";
import { snapshotPolicy } from "../../infra/main/market-processes.js";
import { sha256 } from "../../infra/main/secrets.js";
import type { Packet } from "../../market/door/packet.js";
import { firstPeriod, tickLengthMs } from "../../market/managers/calendar.js";
import { uniform } from "../../market/rules/mechanisms/uniform.js";
import { type RandomStream, stream } from "../../shared/random-stream.js";
import { isoUtc, minuteMs } from "../../shared/time.js";
import { benchScenario, silentLog } from "./setting.js";

export interface RestartCell {
  readonly kind: "restart";
  readonly homes: number;
  /** In the journals of bidding and exchange together. */
  readonly commands: number;
}

export interface RestartFigures {
  readonly commands: number;
  /** As a market restarts: the newest snapshot of each manager, and the inputs behind it. */
  readonly fromSnapshots: RestartTime;
  /** As after an update of the program: all inputs. */
  readonly fromAllInputs: RestartTime;
}

export interface RestartTime {
  readonly seconds: number;
  /** Worked again. */
  readonly inputs: number;
  /** Seconds of each manager. */
  readonly byRole: Readonly<Record<string, number>>;
}

export function restartCell({ homes, commands }: RestartCell): RestartFigures {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-restart-"));
  try {
    const sent = traded(folder, homes, commands);
    const fromSnapshots = restarted(folder, homes, readOnly);
    return { commands: sent, fromSnapshots, fromAllInputs: restarted(folder, homes, undefined) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As a market keeps them; the restarts that are measured write none. */
const snapshots: SnapshotPolicy = snapshotPolicy();
const readOnly: SnapshotPolicy = { everyInputs: Number.POSITIVE_INFINITY, afterRestartOf: Number.POSITIVE_INFINITY };

const actorsOf = (homes: number) => {
  const { terms, supplier, environment } = benchScenario(homes);
  const endless = { ...terms, calendar: { ...terms.calendar, periods: undefined } };
  return {
    ...{ terms: endless, supplier, environment, mechanism: uniform, digest: sha256 },
    ...{ sign: () => "", statementKey: "", version: "bench" },
  };
};

/** Journals so many commands in `folder`. @returns how many */
function traded(folder: string, homes: number, commands: number): number {
  const actors = actorsOf(homes);
  const { calendar, members } = actors.terms;
  const journals = openJournals(folder, { programVersion: "bench", durability: "normal" });
  const market = createLockstepMarket({
    ...{ ...actors, outbox: { publish: () => {} }, journal: { record: () => {} }, log: silentLog },
    ...{ journalOf: journals.journalOf, snapshots },
    onFailure: (error) => {
      throw error;
    },
  });
  market.begin();
  const people = members.filter(({ role }) => role === "prosumer").map(({ id }) => id);
  const chance = stream(1, "bench", "restart");
  const tickMs = tickLengthMs(calendar);
  const lengthMs = calendar.periodMinutes * minuteMs;
  let sent = 0;
  for (let seq = 1; sent < commands; seq += 1) {
    const tsMs = calendar.startMs + (seq - 1) * tickMs;
    const packets = new Map<string, Packet[]>();
    if (seq % calendar.rounds === 1) {
      const metered = Math.floor(tsMs / lengthMs) * lengthMs - lengthMs;
      const traded = metered + 2 * lengthMs + calendar.gateMinutes * minuteMs;
      for (const id of people) {
        const own = commandsOf(id, seq, metered < firstPeriod(calendar) ? undefined : metered, traded, chance);
        packets.set(
          id,
          own.map((each) => packetOf(id, tsMs, each)),
        );
        sent += own.length;
      }
    }
    market.work(seq + 1, tsMs + tickMs, packets);
  }
  market.stop();
  journals.close();
  return sent;
}

type Command = readonly [topic: string, content: object];

function commandsOf(
  id: string,
  seq: number,
  meteredMs: number | undefined,
  tradedMs: number,
  chance: RandomStream,
): Command[] {
  const kwh = () => Math.ceil(chance.uniform() * 2000) / 1000;
  const price = () => Math.round((0.06 + chance.uniform() * 0.08) * 1e6) / 1e6;
  const side = chance.uniform() < 0.5 ? "buy" : "sell";
  const order = { action: "place", period: isoUtc(tradedMs), side, energyKwh: kwh(), pricePerKwh: price() };
  const found: Command[] = [["orders", { requestId: `o${seq}-${id}`, ...order }]];
  if (chance.uniform() < 0.2)
    found.push(["orders", { requestId: `c${seq}-${id}`, action: "cancel", orderId: `o${seq}` }]);
  if (meteredMs === undefined) return found;
  const metered = { period: isoUtc(meteredMs), importKwh: kwh(), exportKwh: 0, generationKwh: 0 };
  return [...found, ["meter", { requestId: `m${seq}`, ...metered }]];
}

function packetOf(sender: string, stampedAtMs: number, [topic, content]: Command): Packet {
  const payload = JSON.stringify({ v: 1, ...content });
  return { sender, topic, payload, bytes: payload.length, stampedAtMs };
}

function restarted(folder: string, homes: number, policy: SnapshotPolicy | undefined): RestartTime {
  const actors = actorsOf(homes);
  const secret = String(actors.terms.seed); // as the lockstep market has it
  const inputs = inputsIn(folder, policy !== undefined);
  const startedAt = performance.now();
  const journals = openJournals(folder, { programVersion: "bench", durability: "normal" });
  const hosts: MarketHosts = createMarketHosts({
    ...{ ...actors, ...lockstepPace, pseudonymSalt: secret, statementSecret: secret, journalOf: journals.journalOf },
    ...(policy === undefined ? {} : { snapshots: policy }),
    ...{ now: () => 0, release: () => {}, acknowledge: () => {}, refuse: () => {} },
    onDown: (_role, _cause, error) => {
      throw error;
    },
  });
  const byRole: Record<string, number> = {};
  for (const role of beginningOrder) {
    const before = performance.now();
    hosts.of[role satisfies HostedRole].restart();
    byRole[role] = (performance.now() - before) / 1000;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  journals.close();
  return { seconds, inputs, byRole };
}

/** @param behindSnapshots those alone that came after the newest snapshot of their manager */
function inputsIn(folder: string, behindSnapshots: boolean): number {
  const journals = openJournals(folder, { programVersion: "bench", durability: "normal" });
  let inputs = 0;
  for (const role of beginningOrder) {
    const journal = journals.journalOf(role);
    inputs += journal.lastNumber() - (behindSnapshots ? (journal.snapshot()?.n ?? 0) : 0);
  }
  journals.close();
  return inputs;
}
