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
import { lastPeriod, timesOf } from "../../market/managers/calendar.js";
import { minuteMs } from "../../shared/time.js";
import { type Auditor, createAuditor, type DeskCounts } from "./auditor/auditor.js";
import { createBroker } from "./broker.js";
import { startDso } from "./dso.js";
import { chanceOf, drawFaults, type FaultKind } from "./faults.js";
import { type MarketLife, marketClock, startLife } from "./market-life.js";
import { startOperator } from "./operator.js";
import { operatorViewOf, startClients } from "./participants.js";
import { checkWhenCalm, pauseOf, scheduleCommands, scheduleOperator, wallOf, wallStartMs } from "./schedule.js";
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
  readonly desks: DeskCounts;
  readonly deaths: number;
  readonly steps: number;
  readonly mechanism: string;
  /** How often each kind of fault has struck. */
  readonly struck: ReadonlyMap<FaultKind, number>;
}

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
    ...{ seed, commands: auditor.commands(), desks: auditor.counts(), deaths: market.deaths(), steps: wall.steps() },
    ...{ mechanism: setting.mechanism.name, struck: faults.struck() },
    failure: what === undefined ? undefined : { what, ...atEnd },
    digest: said.digest("hex"),
  };
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
