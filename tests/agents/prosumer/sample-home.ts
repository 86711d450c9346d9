/** A home and the messages of a market around it, for tests: what the market would say, made by hand. */
import { createActor } from "xstate";
import { type ProsumerEmitted, prosumerMachine } from "../../../agents/prosumer/prosumer.machine.js";
import type { BotSpecification, Device } from "../../../agents/prosumer/specification.js";
import { isoUtc, minuteMs } from "../../../shared/time.js";
import { topicsOf } from "../../../shared/topics.js";
import { microPerKwh, watt, wh } from "../../../shared/units.js";

export const startMs = Date.parse("2016-08-01T08:00:00Z");
export const half = 30 * minuteMs;
export const topics = topicsOf("main");

/** A load of the same energy in each period. */
export function steadyLoad(energyWh: number, disturbance = 0): Device {
  const series = { fromMs: startMs, periodMinutes: 30, energyWh: Int32Array.of(energyWh), repeats: true };
  return { kind: "load", series, disturbance, forecast: "persistence" };
}

export function steadySolar(energyWh: number, disturbance = 0): Device {
  const series = { fromMs: startMs, periodMinutes: 30, energyWh: Int32Array.of(energyWh), repeats: true };
  return { kind: "solar", peakW: watt(10_000), series, disturbance, forecast: "persistence" };
}

export function batteryOf(initialWh: number, capacityWh = 10_000, powerW = 4000): Device {
  return {
    kind: "battery",
    capacityWh: wh(capacityWh),
    powerW: watt(powerW),
    efficiency: 0.81,
    initialWh: wh(initialWh),
  };
}

export function homeWith(
  devices: readonly Device[],
  strategy: Partial<BotSpecification["strategy"]> = {},
): BotSpecification {
  return {
    id: "home1",
    market: "main",
    seed: 11,
    devices,
    strategy: { name: "price-taker", margin: 0.5, usesList: false, minReliability: 0, ...strategy },
    priceFloorMicroPerKwh: microPerKwh(-1_000_000),
    priceCapMicroPerKwh: microPerKwh(2_000_000),
  };
}

const stamp = { v: 1, ts: isoUtc(startMs) };
export const marketInfo = {
  ...stamp,
  currency: "GBP",
  mechanism: "uniform",
  k: 0.5,
  tie: "pro-rata",
  periodMinutes: 30,
  openMinutes: 300,
  gateMinutes: 60,
  timezone: "Europe/London",
  priceFloor: -1,
  priceCap: 2,
  minEnergyKwh: 0.001,
  maxOrdersPerPeriod: 50,
  imbalance: "promised",
  imbalancePrice: "dual",
  serviceChargePerKwh: 0.001,
  meterDueMinutes: 60,
  billDays: 1,
};
export const tariff = {
  ...stamp,
  supplier: "retail1",
  from: isoUtc(startMs),
  stepMinutes: 30,
  importPerKwh: [0.1457],
  exportPerKwh: [0.0503],
  systemBuyPerKwh: [0.16],
  systemSellPerKwh: [0.04],
  freeFunds: null,
  capacityKw: 20,
  connectionPoint: null,
  phase: null,
};
export const solarForecast = {
  ...stamp,
  stepMinutes: 30,
  from: isoUtc(startMs),
  ghiWm2: Array.from({ length: 48 }, () => 300),
  temperatureC: Array.from({ length: 48 }, () => null),
};
export const consumptionCurve = {
  ...stamp,
  date: "2016-08-01",
  stepMinutes: 30,
  typicalKw: Array.from({ length: 48 }, () => 0.4),
};

export type Sent = Extract<ProsumerEmitted, { type: "SEND" }>;
/** The fields of any message a bot sends that tests look at. */
export type Body = Record<string, unknown>;

/** A running bot: say something on a topic, and read what it sent since last asked. */
export function runningBot(specification: BotSpecification) {
  const actor = createActor(prosumerMachine, { input: specification });
  let sent: Sent[] = [];
  const notes: string[] = [];
  actor.on("SEND", (message) => sent.push(message));
  actor.on("NOTE", (note) => notes.push(note.message));
  actor.start();
  const say = (topic: string, message: object | string): void =>
    actor.send({ type: "MESSAGE", topic, payload: typeof message === "string" ? message : JSON.stringify(message) });
  const taken = (): Sent[] => {
    const result = sent;
    sent = [];
    return result;
  };
  const tick = (seq: number, more: object = {}): Sent[] => {
    const ts = isoUtc(startMs + (seq - 1) * half);
    say(topics.public("clock"), { ...clockTick, seq, ts, period: ts, ...more });
    return taken();
  };
  const learnAll = (rules: object = {}): Sent[] => {
    actor.send({ type: "CONNECTED" });
    say(topics.public("market-info"), { ...marketInfo, ...rules });
    say(topics.private("home1", "tariff"), tariff);
    say(topics.public("solar-forecast"), solarForecast);
    say(topics.public("consumption-curve"), consumptionCurve);
    return taken();
  };
  /** Answers each command as the market would that has taken it. */
  const accept = (commands: readonly Sent[]): void => {
    for (const { topic, message } of commands) {
      const { requestId } = { ...message } as { requestId?: string };
      if (requestId === undefined) continue;
      const taken = { status: "accepted", orderId: `o${requestId}`, version: 1, acceptedAt: isoUtc(startMs) };
      const reply = { ...stamp, requestId, topic: topic.split("/").at(-1), ...taken };
      say(topics.private("home1", "replies"), reply);
    }
  };
  return { actor, say, taken, tick, learnAll, accept, notes };
}

const clockTick = {
  ...stamp,
  runId: "r1",
  seq: 1,
  mode: "lockstep",
  rate: 1,
  period: isoUtc(startMs),
  round: 1,
  rounds: 1,
  deadline: isoUtc(startMs),
};

export const on = (sent: readonly Sent[], name: "orders" | "items" | "meter" | "ready" | "status"): Body[] =>
  sent.filter(({ topic }) => topic === topics.in("home1", name)).map(({ message }) => ({ ...message }));
