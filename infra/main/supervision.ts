/** Brings hosts back that have gone down, as the supervisor's restart machines say, and tells the supervisor how it stands with each. */
import { createActor } from "xstate";
import { alarmOn } from "../../market/managers/alarm.js";
import type { Link } from "../../market/managers/handover.js";
import { restartMachine, restartPolicy } from "../../market/managers/supervisor/restart.machine.js";
import type { Log } from "../../market/ports.js";
import type { OnLife } from "../actors/market-hosts.js";
import type { JournalledRole } from "../journal/hosted-actor.js";
import type { DownCause, ManagerHost } from "../journal/manager-host.js";
import type { World } from "./world.js";

export interface SupervisionOptions {
  readonly world: Pick<World, "wall" | "atEndOfTurn">;
  readonly log: Log;
  /** How it stands with a role, for the supervisor and for operators. */
  readonly report: (role: JournalledRole, status: Parameters<Link["report"]>[0]) => void;
  /** It failed again and again: nobody brings it back but the operator. */
  readonly onGivenUp: (role: JournalledRole, error: unknown) => void;
  /** Shows the restart machines to whoever looks on. */
  readonly onLife?: OnLife | undefined;
}

export interface Supervision {
  watch(hosts: readonly ManagerHost<JournalledRole>[]): void;
  onDown(role: JournalledRole, cause: DownCause, error: unknown): void;
  stop(): void;
}

const nothing = (): void => {};

export function superviseHosts({ world, log, report, onGivenUp, onLife }: SupervisionOptions): Supervision {
  const restarters = new Map<JournalledRole, ReturnType<typeof restarterOf>>();
  const leaving: (() => void)[] = [];
  const lastErrors = new Map<JournalledRole, unknown>();

  function restarterOf(host: ManagerHost<JournalledRole>) {
    const { role } = host;
    const machine = restartMachine.provide({
      actors: { alarm: alarmOn(world.wall) },
      actions: {
        // In a turn of its own: a machine must not hear of the outcome while it is still acting.
        restart: () => world.atEndOfTurn(() => bringBack(host)),
        tellGivenUp: () => {
          log.warn(`${role} failed ${restartPolicy.mostFailures} times in a row and is given up`);
          onGivenUp(role, lastErrors.get(role));
        },
      },
    });
    return createActor(machine, { id: `restart-${role}`, input: { policy: restartPolicy } });
  }

  function bringBack(host: ManagerHost<JournalledRole>): void {
    const { role } = host;
    const restarter = restarters.get(role);
    if (restarter?.getSnapshot().status !== "active") return;
    try {
      host.restart();
    } catch (error) {
      onDown(role, "journal", error);
      return;
    }
    if (!host.isUp()) return; // it went down once more, and has said so
    log.info(`${role} is back`);
    restarter.send({ type: "UP" });
  }

  function onDown(role: JournalledRole, cause: DownCause, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    lastErrors.set(role, error);
    log.warn(cause === "journal" ? `${role} cannot write its journal` : `${role} failed and is started again`, {
      reason,
    });
    report(role, { role, status: "offline", reason, periods: [] });
    restarters.get(role)?.send({ type: "DOWN", cause, atMs: world.wall.now() });
  }

  return {
    onDown,
    watch(hosts) {
      for (const host of hosts) {
        const restarter = restarterOf(host);
        restarters.set(host.role, restarter);
        leaving.push(onLife?.("supervisor", { root: restarter }) ?? nothing);
        restarter.start();
      }
    },
    stop() {
      for (const leave of leaving.splice(0)) leave();
      for (const restarter of restarters.values()) restarter.stop();
      restarters.clear();
    },
  };
}
