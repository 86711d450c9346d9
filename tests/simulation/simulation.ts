/**
 * One simulated run: a market, its broker, its participants and their misfortunes, in one thread, all from one seed.
 *
 * Participants act while periods are open, faults strike meanwhile; then faults stop, and what is left has to come to its end: every
 * command answered, every period billed, every hand-over taken. The auditor listens throughout.
 */
import { createHash } from "node:crypto";
import { type JournalledRole, journalledRoles } from "../../infra/journal/hosted-actor.js";
import type { ActorJournal, JournalEntry } from "../../infra/journal/journal.js";
import { type MemoryJournal, memoryJournal } from "../../infra/journal/memory-journal.js";
import { firstPeriod, lastPeriod, timesOf } from "../../market/managers/calendar.js";
import { minuteMs } from "../../shared/time.js";
import { type Auditor, createAuditor, type OperatorCounts } from "./auditor/auditor.js";
import { modelCalendar } from "./auditor/model-calendar.js";
import { createBroker } from "./broker.js";
import { type ClientView, type KnownCalendar, type SimulatedClient, startClient } from "./client.js";
import { startDso } from "./dso.js";
import { chanceOf, drawFaults, type FaultKind } from "./faults.js";
import { type MarketLife, marketClock, startLife } from "./market-life.js";
import { type SimulatedOperator, startOperator } from "./operator.js";
import type { OperatorView } from "./operator-acts.js";
import { type Setting, settingOf } from "./setting.js";
import type { SimulatedInterference } from "./simulated-registrar.js";
import { createWall, type Wall } from "./wall.js";

/** A fault planted in the market itself, which the auditor has to find. */
export interface PlantedBug {
  readonly interference?: SimulatedInterference;
  readonly journal?: (role: JournalledRole, journal: MemoryJournal) => ActorJournal;
  /** The market was killed. */
  readonly onDeath?: () => void;
}

export interface RunOptions {
  readonly seed: number;
  readonly commands: number;
  readonly plant?: (setting: Setting) => PlantedBug;
  readonly onSaid?: (line: string) => void;
}

export interface RunResult {
  readonly seed: number;
  /** What broke, first; undefined: nothing did. */
  readonly failure: { readonly what: string; readonly step: number; readonly atMs: number } | undefined;
  /** Hash of everything said. */
  readonly digest: string;
  readonly commands: number;
  readonly operator: OperatorCounts;
  readonly deaths: number;
  readonly steps: number;
  readonly mechanism: string;
  /** How often each kind of fault has struck. */
  readonly struck: ReadonlyMap<FaultKind, number>;
}

const wallStartMs = Date.UTC(2026, 0, 1);
/** So long after the last bill date the market has for what is still to be done. */
const patienceMs = 15 * minuteMs;
/** A run that is not through by then goes round in circles. */
const mostSteps = 3_000_000;

export async function run(options: RunOptions): Promise<RunResult> {
  const { seed } = options;
  const setting = settingOf(seed, options.commands);
  const wall = createWall(wallStartMs);
  const said = createHash("sha256");
  const say = (line: string): void => {
    said.update(line);
    options.onSaid?.(`${wall.steps()} ${wall.now() - wallStartMs} ${line}`);
  };
  const faults = drawFaults(seed);
  const broker = createBroker(wall, faults.broker, ({ topic, payload }) => say(`${topic} ${payload}`));
  const clock = marketClock({ wall, setting, wallStartMs });
  const auditor = createAuditor({ setting, nowMs: clock.now, broker });
  const bug = options.plant?.(setting) ?? {};
  const market = keepAlive({ ...{ setting, wall, broker, faults, auditor, bug, say } });
  const clients = startClients(setting, wall, broker, clock.now, auditor);
  const dsoChance = chanceOf(seed, "dso");
  if (dsoChance.uniform() < 0.5) startDso({ wall, broker, chance: dsoChance, marketMs: clock.now });
  const lastMs = wallOf(timesOf(lastPeriod(setting.terms.calendar), setting.terms.calendar).billAtMs, setting);
  const pause = pauseOf(setting);
  const quietMs = scheduleCommands(setting, wall, clients, options.commands, pause);
  const operator = startOperator({
    ...{
      wall,
      chance: chanceOf(seed, "operator"),
      view: operatorViewOf(setting, clock.now),
      registry: market.registry,
    },
    ...{ onAnswer: auditor.answered, onError: (error) => auditor.died("the operator was answered by an error", error) },
  });
  scheduleOperator(setting, wall, operator, options.commands, pause);
  const world = { wall, broker, killMarket: market.kill };
  faults.begin(world, { fromMs: wall.now(), untilMs: pause.fromMs });
  wall.at(pause.fromMs, () => faults.stop(world));
  checkWhenCalm(wall, pause, () => market.isCalm() && auditor.calm(market.journals));
  wall.at(pause.untilMs, () => faults.begin(world, { fromMs: pause.untilMs, untilMs: quietMs }));
  wall.at(quietMs, () => faults.stop(world));
  const isDone = (): boolean =>
    wall.now() > Math.max(lastMs, quietMs) + 20_000 &&
    clients.every((client) => client.pending().length === 0) &&
    operator.pending().length === 0 &&
    auditor.isComplete();
  const endMs = Math.max(lastMs, quietMs) + patienceMs;
  let checkedMs = 0;
  while (auditor.failure() === undefined && wall.now() < endMs && wall.steps() < mostSteps && wall.step()) {
    // Doors and starts await one thing after the other: all that can go on does so before the next event.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    if (wall.now() < checkedMs) continue;
    checkedMs = wall.now() + 1000;
    if (isDone()) break;
  }
  const atEnd = { step: wall.steps(), atMs: wall.now() - wallStartMs };
  if (auditor.failure() === undefined) auditor.calm(market.journals);
  if (auditor.failure() === undefined) auditor.finish(market.journals, clients, operator.pending());
  market.end();
  const what = auditor.failure();
  return {
    ...{ seed, commands: auditor.commands(), operator: auditor.counts(), deaths: market.deaths(), steps: wall.steps() },
    ...{ mechanism: setting.mechanism.name, struck: faults.struck() },
    failure: what === undefined ? undefined : { what, ...atEnd },
    digest: said.digest("hex"),
  };
}

function wallOf(marketMs: number, { rate, terms }: Setting): number {
  return wallStartMs + (marketMs - terms.calendar.startMs) / rate;
}

interface KeptAlive {
  readonly setting: Setting;
  readonly wall: Wall;
  readonly broker: ReturnType<typeof createBroker>;
  readonly faults: ReturnType<typeof drawFaults>;
  readonly auditor: Auditor;
  readonly bug: PlantedBug;
  readonly say: (line: string) => void;
}

/** The market, started again whenever it has died: as a machine's own supervision would. */
function keepAlive({ setting, wall, broker, faults, auditor, bug, say }: KeptAlive) {
  const journals = new Map<JournalledRole, MemoryJournal>(journalledRoles.map((role) => [role, memoryJournal()]));
  const journalOf = (role: JournalledRole): ActorJournal => {
    const journal = journals.get(role) as MemoryJournal;
    const kept = bug.journal?.(role, journal) ?? journal;
    return {
      ...kept,
      append(entries, retained) {
        const before = journal.entries.length;
        kept.append(entries, retained);
        lastAppendMs = wall.now();
        auditor.appended(role, journal.entries.slice(before) as JournalEntry[]);
      },
    };
  };
  const given = new Map(journalledRoles.map((role) => [role, journalOf(role)]));
  let downMs = 0;
  let deaths = 0;
  let lastAppendMs = 0;
  let begunMs = 0;
  let hasEnded = false;
  let life: MarketLife;
  const interference: SimulatedInterference = {
    ...bug.interference,
    actor: (role, make) => faults.actor(role, bug.interference?.actor?.(role, make) ?? make),
    host: (host) => faults.host(bug.interference?.host?.(host) ?? host),
  };
  const begin = (): void => {
    begunMs = wall.now();
    life = startLife({
      ...{ wall, broker, setting, wallStartMs, faults: faults.life, interference },
      journalOf: (role) => given.get(role) as ActorJournal,
      onLog: (level, message) => say(`log ${level} ${message}`),
      onEnd(reason, error) {
        if (hasEnded) return;
        deaths += 1;
        say(`the market died: ${reason} ${error === undefined ? "" : String(error)}`);
        if (error !== undefined) auditor.died(reason, error);
        bug.onDeath?.();
        const thenMs = Math.max(1000, downMs);
        downMs = 0;
        wall.setTimeout(begin, thenMs);
      },
    });
  };
  begin();
  return {
    journals,
    deaths: () => deaths,
    /** Up for a while, and with nothing to write for some seconds. */
    isCalm: () => life.isStarted() && wall.now() - begunMs > 15_000 && wall.now() - lastAppendMs > 3000,
    registry: () => life.registry(),
    kill(reason: string, awayMs: number): void {
      downMs = awayMs;
      life.kill(reason);
    },
    end(): void {
      hasEnded = true;
      life.kill("the run is over");
    },
  };
}

function startClients(
  setting: Setting,
  wall: Wall,
  broker: ReturnType<typeof createBroker>,
  marketMs: () => number,
  auditor: Auditor,
): SimulatedClient[] {
  const { terms, guests } = setting;
  const { periodMinutes, openMinutes, gateMinutes, periods = 1 } = terms.calendar;
  const calendar: KnownCalendar = {
    ...{ firstPeriodMs: firstPeriod(terms.calendar), periods, mechanism: terms.bidding.mechanism },
    ...{ periodMs: periodMinutes * minuteMs, openMs: openMinutes * minuteMs, gateMs: gateMinutes * minuteMs },
  };
  return [...terms.members.map(({ id }) => id), ...guests, "stranger"].map((id) => {
    const chance = chanceOf(setting.seed, `client ${id}`);
    const view: ClientView = {
      ...{ id, calendar, marketMs, isGuest: guests.includes(id), own: [], listed: new Map(), sent: [], requests: 0 },
      meterOf: id.endsWith("-meter") ? id.slice(0, -"-meter".length) : undefined,
    };
    const { sent: onSent, replied: onReply } = auditor;
    return startClient({ view, wall, broker, chance, onSent, onReply, clean: chance.uniform() < 0.3 });
  });
}

function operatorViewOf({ terms, supplier }: Setting, marketMs: () => number): OperatorView {
  const homes = terms.members.filter(({ role }) => role === "prosumer");
  const limited = homes.filter(({ creditLimitMicro }) => creditLimitMicro !== undefined);
  return {
    ...{ homes: homes.map(({ id }) => id), limited: limited.map(({ id }) => id), paid: [] },
    ...{ supplier: supplier.name, calendar: modelCalendar(terms.calendar), marketMs },
  };
}

/** As often as a sixth of all commands, from the start until the last readings are due. */
function scheduleOperator(
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

interface Pause {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** In the midst of the run everybody is silent for a while and nothing fails. */
function pauseOf(setting: Setting): Pause {
  const { calendar } = setting.terms;
  const [firstMs, lastMs] = [wallOf(calendar.startMs, setting), wallOf(lastPeriod(calendar), setting)];
  const fromMs = firstMs + Math.round((0.2 + 0.6 * chanceOf(setting.seed, "pause").uniform()) * (lastMs - firstMs));
  return { fromMs, untilMs: fromMs + 25_000 };
}

/** Once, as soon as it is calm; never where it does not become so. */
function checkWhenCalm(wall: Wall, { fromMs, untilMs }: Pause, check: () => unknown): void {
  const tryAt = (atMs: number): void => {
    if (atMs >= untilMs) return;
    wall.at(atMs, () => {
      if (check() === false) tryAt(atMs + 1000);
    });
  };
  tryAt(fromMs + 8000);
}

/** Commands from the start until the last readings may come, more while periods are open. @returns when the last one is sent */
function scheduleCommands(
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
