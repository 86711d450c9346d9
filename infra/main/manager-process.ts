/**
 * Composition root of `elecbay manager`: one of the market's period managers as a process of its own, with its own journal.
 *
 * The rest of the market runs elsewhere (`elecbay up --without ROLE`) on the same broker; it is stopped, killed and upgraded without the
 * others, which go on with what they can and hand over again what it has missed. Scaled time comes from the published clock.
 */
import { dirname } from "node:path";
import { tickLengthMs } from "../../market/managers/calendar.js";
import type { Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import { createMarketHosts } from "../actors/market-hosts.js";
import { followedClock } from "../clock/followed-clock.js";
import { realClock } from "../clock/real-clock.js";
import type { ManagerRole } from "../journal/hosted-actor.js";
import type { ActorEvent } from "../journal/journal.js";
import { noJournal } from "../journal/no-journal.js";
import { loadMechanism } from "../mechanisms/load-mechanism.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { createHostWiring } from "./host-wiring.js";
import { type InspectionSide, openInspectionSide, tellUnreachable } from "./inspection-side.js";
import { assertMarketBegun, openManagerJournal } from "./market-journals.js";
import { actorsGiven } from "./market-processes.js";
import { createOutcome } from "./outcome.js";
import { hearingOfRole } from "./role-hearing.js";
import { openRole, type RoleHost } from "./role-host.js";
import { aboutRun } from "./run-about.js";
import { drawSecrets, lostSecret, type Secrets } from "./secrets.js";
import { superviseHosts } from "./supervision.js";
import { realWorld } from "./world.js";

export interface ManagerOptions {
  readonly role: ManagerRole;
  readonly scenario: LoadedScenario;
  readonly brokerUrl: string;
  /** The market's, on this machine: its secret, the market's record, and the place of this manager's journal. */
  readonly stateFolder: string;
  /**
   * Of this program, for its thread that writes journals and the one that draws machines. Undefined: each append is waited for, and nothing
   * is inspected.
   */
  readonly distFolder?: string;
  /** Operators may send it events. */
  readonly allowsSending?: boolean;
  readonly log: Log;
}

export interface RunningManager {
  /** Rejects when it was given up after failing again and again. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Resolves once the market's clock was heard and the journal is folded. @throws JournalError, or Error where it cannot connect. */
export async function startManager(options: ManagerOptions): Promise<RunningManager> {
  const { role, scenario, stateFolder, log } = options;
  const mechanism = await loadMechanism(scenario.terms.bidding.mechanism, dirname(scenario.path));
  assertMarketBegun(stateFolder, role); // before anything is written there
  const { secrets, isNew } = drawSecrets(stateFolder);
  if (isNew) throw lostSecret(stateFolder);
  const about = await aboutRun(scenario, secrets);
  const { terms, record, journal, readJournal, close } = openManagerJournal({ ...options, about }, mechanism, log);
  const followed = followedClock(record.terms.calendar.startMs, tickLengthMs(record.terms.calendar));
  const clock = record.mode === "real" ? realClock() : followed;
  let connection: RoleHost | undefined;
  const roleOf = (): RoleHost => {
    if (connection === undefined) throw new Error(`${role} is not connected yet`);
    return connection;
  };
  const end = createOutcome<never>();
  const inspecting = await inspectionOf(options, terms, secrets, clock.now);
  if (inspecting !== undefined) tellUnreachable(inspecting, log);
  const supervision = superviseHosts({
    ...{ log, world: realWorld, onGivenUp: (_role, error) => end.reject(error), onLife: inspecting?.onLife },
    report: (_role, status) => roleOf().link.report(status),
  });
  const hosts = createMarketHosts({
    ...actorsGiven({ scenario, terms, mechanism, secrets, record }),
    ...createHostWiring({
      terms,
      clock,
      log,
      journal: { record: () => {} },
      roleOf,
      atEndOfTurn: realWorld.atEndOfTurn,
    }),
    journalOf: (of) => (of === role ? journal : noJournal()),
    readJournal,
    ...{ onDown: supervision.onDown, onLife: inspecting?.onLife },
  });
  supervision.watch([hosts.of[role]]);
  const host = hosts.of[role];
  const hearing = hearingOfRole(role, terms.market, hosts);
  const firstTick = createOutcome<void>();
  try {
    connection = await openRole({
      ...{
        market: terms.market,
        url: options.brokerUrl,
        password: secrets.passwordOf(role),
        now: clock.now,
        world: realWorld,
        log,
      },
      ...{ filters: [], hearsClock: true, ...hearing },
      onTick(tsMs, seq, retained, rate) {
        if (retained) return; // one that was heard before: how long ago, nobody knows
        followed.follow(tsMs, rate);
        firstTick.resolve();
        if (host.isUp()) host.take({ type: "TICK", tsMs, seq } as ActorEvent);
      },
    });
    await firstTick.promise;
    host.restart();
  } catch (error) {
    await Promise.all([connection?.end(), inspecting?.stop()]);
    close();
    throw error;
  }
  return {
    failed: end.promise,
    async stop() {
      supervision.stop();
      host.stop();
      await Promise.all([connection?.end(), inspecting?.stop()]);
      close();
    },
  };
}

function inspectionOf(
  { role, brokerUrl, distFolder, allowsSending = false, log }: ManagerOptions,
  terms: MarketTerms,
  secrets: Secrets,
  marketNow: () => number,
): Promise<InspectionSide> | undefined {
  if (distFolder === undefined) return undefined;
  return openInspectionSide({
    ...{ terms, url: brokerUrl, program: role, isHost: false, secrets, distFolder, marketNow, log, allowsSending },
    ...{ world: realWorld, actors: undefined },
  });
}
