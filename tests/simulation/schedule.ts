/** When participants and the operator act, and the pause in their midst in which nothing goes on. */
import { firstPeriod, lastPeriod, timesOf } from "../../market/managers/calendar.js";
import { minuteMs } from "../../shared/time.js";
import type { SimulatedClient } from "./client.js";
import { chanceOf } from "./faults.js";
import type { SimulatedOperator } from "./operator.js";
import type { Setting } from "./setting.js";
import type { Wall } from "./wall.js";

export const wallStartMs = Date.UTC(2026, 0, 1);

export function wallOf(marketMs: number, { rate, terms }: Setting): number {
  return wallStartMs + (marketMs - terms.calendar.startMs) / rate;
}

/** As often as a sixth of all commands, from the start until the last readings are due. */
export function scheduleOperator(
  setting: Setting,
  wall: Wall,
  { act }: SimulatedOperator,
  commands: number,
  pause: Pause,
): void {
  const chance = chanceOf(setting.seed, "operator's time");
  const { calendar } = setting.terms;
  const [fromMs, untilMs] = [calendar.startMs, timesOf(lastPeriod(calendar), calendar).dueAtMs].map((atMs) =>
    wallOf(atMs, setting),
  ) as [number, number];
  for (let drawn = 0; drawn < commands / 6; drawn += 1) {
    const atMs = fromMs + 3000 + chance.uniform() * (untilMs - fromMs);
    wall.at(atMs >= pause.fromMs && atMs < pause.untilMs ? pause.untilMs : atMs, act);
  }
}

export interface Pause {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** In the midst of the run everybody is silent for a while and nothing fails. */
export function pauseOf(setting: Setting): Pause {
  const { calendar } = setting.terms;
  const [firstMs, lastMs] = [wallOf(calendar.startMs, setting), wallOf(lastPeriod(calendar), setting)];
  const fromMs = firstMs + Math.round((0.2 + 0.6 * chanceOf(setting.seed, "pause").uniform()) * (lastMs - firstMs));
  return { fromMs, untilMs: fromMs + 25_000 };
}

/** Once, as soon as it is calm; never where it does not become so. */
export function checkWhenCalm(wall: Wall, { fromMs, untilMs }: Pause, check: () => unknown): void {
  const tryAt = (atMs: number): void => {
    if (atMs >= untilMs) return;
    wall.at(atMs, () => {
      if (check() === false) tryAt(atMs + 1000);
    });
  };
  tryAt(fromMs + 8000);
}

/** Commands from the start until the last readings may come, more while periods are open. @returns when the last one is sent */
export function scheduleCommands(
  setting: Setting,
  wall: Wall,
  clients: SimulatedClient[],
  commands: number,
  pause: Pause,
): number {
  const chance = chanceOf(setting.seed, "commands");
  const { calendar } = setting.terms;
  const last = timesOf(lastPeriod(calendar), calendar);
  const firstMs = wallOf(calendar.startMs, setting);
  const gateMs = wallOf(last.gateAtMs, setting);
  const endMs = wallOf(last.dueAtMs, setting) + 30_000;
  let latestMs = firstMs;
  for (let drawn = 0; drawn < commands; drawn += 1) {
    const client = clients[chance.integer(0, clients.length - (chance.uniform() < 0.03 ? 1 : 2))] as SimulatedClient;
    const untilMs = chance.uniform() < 0.8 ? gateMs : endMs;
    const period = timesOf(
      firstPeriod(calendar) + chance.integer(0, (calendar.periods ?? 1) - 1) * calendar.periodMinutes * minuteMs,
      calendar,
    );
    // Some come at the very gate: just before, just after, or at it.
    const isAtGate = chance.uniform() < 0.08;
    const atGateMs = wallOf(period.gateAtMs, setting) + chance.integer(-20, 200) * chance.integer(0, 5);
    const drawnMs = isAtGate ? Math.max(firstMs, atGateMs) : firstMs + 3000 + chance.uniform() * (untilMs - firstMs);
    const atMs = drawnMs >= pause.fromMs && drawnMs < pause.untilMs ? pause.untilMs : drawnMs;
    latestMs = Math.max(latestMs, atMs);
    wall.at(atMs, client.act);
    // A burst, as of a program gone wild.
    if (chance.uniform() < 0.01)
      for (let more = 0; more < 12 && drawn < commands; more += 1, drawn += 1) wall.at(atMs, client.act);
  }
  return Math.max(latestMs, gateMs);
}
