/**
 * Faults in a market that runs over a broker: what comes at a tick comes at that tick's market time, messages are disturbed on the connections
 * of the market's processes. When exactly each falls into the work of others is up to the machine, so two runs need not be alike.
 */
import type { Packet } from "../../market/door/packet.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import type { Interference } from "../actors/market-hosts.js";
import type { HostedRole } from "../journal/hosted-actor.js";
import type { ActorEvent } from "../journal/journal.js";
import type { ManagerHost } from "../journal/manager-host.js";
import type { Connect } from "../mqtt/connection.js";
import type { Swarm } from "../threads/swarm.js";
import { faultFileIn } from "./fault-file.js";
import type { FaultPlan, MessageFault } from "./fault-plan.js";
import { createFaultRecord, type FaultRecord } from "./fault-record.js";
import { faultyConnect } from "./faulty-connect.js";
import type { InvariantWatch } from "./invariants.js";
import { createManagerErrors, InjectedFault } from "./manager-errors.js";
import { createMessageFaults } from "./message-faults.js";
import { createMessageWays } from "./message-ways.js";
import { beginningIn, crashKindOf, type Occurrence } from "./schedule.js";

export interface UpChaosOptions {
  readonly plan: FaultPlan;
  readonly market: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly watch: InvariantWatch;
  /** faults.csv goes on there. */
  readonly folder: string;
}

export interface Disturbed {
  readonly swarm: Swarm | undefined;
  /** Undefined: a broker that is not ours. */
  readonly pauseBroker: ((forMs: number) => void) | undefined;
  /** Kills a manager; it is brought back as after any crash. */
  readonly crash: (role: HostedRole, error: Error) => void;
}

/** The operator's: off, nothing begins that the file asks for; what has begun ends as it says. */
export interface ChaosSwitch {
  isOn(): boolean;
  turn(on: boolean): void;
  /** How often each fault has struck. */
  counts(): Readonly<Record<string, number>>;
}

export interface UpChaos {
  readonly record: FaultRecord;
  readonly watch: InvariantWatch;
  readonly interference: Interference;
  connect(inner: Connect): Connect;
  /** From now on things go wrong. */
  begin(disturbed: Disturbed): void;
  readonly switch: ChaosSwitch;
  stop(): void;
}

export function createUpChaos({ plan, market, clock, log, watch, folder }: UpChaosOptions): UpChaos {
  const errors = createManagerErrors();
  const messageFaults = createMessageFaults(plan);
  const addToFile = faultFileIn({ folder, say: log.info });
  const record = createFaultRecord((event) => {
    log.info(`fault: ${event.fault} ${event.whom} ${event.detail}`);
    addToFile(event);
  });
  const hosts = new Map<HostedRole, ManagerHost>();
  const muted = new Set<string>();
  const timers = new Set<unknown>();
  let disturbed: Disturbed | undefined;
  let isOn = true;

  const tick = (): number => Math.floor((clock.now() - plan.startMs) / plan.tickMs);
  const note = (fault: string, whom: string, detail: string): void =>
    record.note({ seq: tick() + 1, atMs: plan.startMs + tick() * plan.tickMs, fault, whom, detail });
  const later = (ticks: number, go: () => void): void => {
    const timer = clock.setTimeout(() => {
      timers.delete(timer);
      go();
    }, ticks * plan.tickMs);
    timers.add(timer);
  };
  const ways = createMessageWays(later);

  function crashManager(occurrence: Occurrence, role: HostedRole): void {
    const host = hosts.get(role);
    if (host?.isUp() !== true) return; // away already, or in a process of its own
    const kind = crashKindOf(occurrence);
    note("crash-manager", role, kind);
    if (kind === "error") {
      errors.arm(role, Math.floor(occurrence.lots[1] * 4));
      return;
    }
    if (kind === "before-reply") {
      muted.add(role);
      host.commit();
      muted.delete(role);
    }
    watch.killed(role);
    disturbed?.crash(role, new InjectedFault(`the faults file lets ${role} be killed ${kind}`));
  }

  function killBot(swarm: Swarm, id: string, ticks: number): void {
    note("kill-bot", id, `away for ${ticks} ticks`);
    const trouble = (error: unknown): void => log.warn(`${id} does not come back`, { error: String(error) });
    swarm.kill(id).catch(trouble);
    later(ticks, () => void swarm.restart(id).catch(trouble));
  }

  function disturb(occurrence: Occurrence): void {
    const { entry, whom } = occurrence;
    const swarm = disturbed?.swarm;
    if (entry.fault === "crash-manager") for (const role of whom) crashManager(occurrence, role as HostedRole);
    else if (entry.fault === "pause-broker") {
      note("pause-broker", "broker", `${entry.seconds} seconds`);
      disturbed?.pauseBroker?.(entry.seconds * 1000);
    } else if (swarm === undefined) return;
    else if (entry.fault === "kill-bot") for (const id of whom) killBot(swarm, id, entry.ticks);
    else if (entry.fault === "stop-meter") for (const id of whom) note("stop-meter", id, `${entry.minutes} minutes`);
    else for (const id of whom) note("skew-clock", id, `${entry.seconds} seconds for ${entry.minutes} minutes`);
  }

  function atTick(): void {
    ways.flush();
    watch.checkReplies();
    for (const occurrence of beginningIn(plan, tick())) if (isOn || isOfBots(occurrence)) disturb(occurrence);
    const nextMs = plan.startMs + (tick() + 1) * plan.tickMs;
    const timer = clock.setTimeout(() => {
      timers.delete(timer);
      atTick();
    }, nextMs - clock.now());
    timers.add(timer);
  }

  return {
    record,
    watch,
    interference: {
      actor: errors.actor,
      host(host) {
        hosts.set(host.role, host);
        return { ...host, take: (event) => takeCounted(host, event, watch) };
      },
    },
    connect: (inner) =>
      faultyConnect(inner, {
        ...{ market, ways, isMuted: (role) => muted.has(role) },
        fateOf: (messages, whom, topic) =>
          disturbed === undefined || !isOn ? undefined : messageFaults.fateOf(messages, whom, topic, clock.now()),
        note: ({ fault, messages }: MessageFault, whom, topic) => note(fault, whom, `${messages} ${topic}`),
      }),
    begin(given) {
      disturbed = given;
      later(1, atTick);
    },
    switch: {
      isOn: () => isOn,
      turn(on) {
        if (on !== isOn) log.info(`faults on purpose are switched ${on ? "on" : "off"} by the operator`);
        isOn = on;
      },
      counts: record.counts,
    },
    stop() {
      for (const timer of timers) clock.clearTimeout(timer);
      timers.clear();
    },
  };
}

/** They read the file themselves, so these come whatever the switch says. */
function isOfBots({ entry }: Occurrence): boolean {
  return entry.fault === "stop-meter" || entry.fault === "skew-clock";
}

function takeCounted(host: ManagerHost, event: ActorEvent, watch: InvariantWatch): void {
  if (event.type === "COMMAND") watch.commanded((event as ActorEvent & { readonly packet: Packet }).packet.topic);
  host.take(event);
}
