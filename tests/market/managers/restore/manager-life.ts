/** One life of one manager on a clock of its own: what comes in goes in with its time, what it says is caught, its state can be written. */
import { deserialize, serialize } from "node:v8";
import { createActor, type Snapshot } from "xstate";
import { steppedClock } from "../../../../infra/clock/stepped-clock.js";
import { stateText } from "../../../../infra/journal/state-text.js";
import { biddingManager } from "../../../../market/managers/bidding/bidding-manager.js";
import type { BiddingState } from "../../../../market/managers/bidding/bidding-state.js";
import type { ExchangeState } from "../../../../market/managers/exchange/desk.js";
import { exchangeManager } from "../../../../market/managers/exchange/exchange-manager.js";
import type { Handover } from "../../../../market/managers/handover.js";
import type { SettlementState } from "../../../../market/managers/settlement/desk.js";
import { settlementManager } from "../../../../market/managers/settlement/settlement-manager.js";
import { type SupervisorState, supervisorManager } from "../../../../market/managers/supervisor/supervisor-manager.js";
import type { Mechanism } from "../../../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../../../market/terms.js";
import type { ManageStatus } from "../../../../shared/messages/manage.js";
import { sha256 } from "../recording-ports.js";

export type ManagerRole = "bidding" | "exchange" | "settlement" | "supervisor";
export const managerRoles: readonly ManagerRole[] = ["bidding", "exchange", "settlement", "supervisor"];

export interface Setting {
  readonly terms: MarketTerms;
  readonly mechanism: Mechanism;
  /** Least market time between two publications of a list or of a state; 0: with each tick. */
  readonly leastIntervalMs: number;
}

/** Whatever a manager said, in its order. */
export type Said =
  | { readonly kind: "publish"; readonly topic: string; readonly message: object | null; readonly retain: boolean }
  | { readonly kind: "hand"; readonly handover: Handover }
  | { readonly kind: "report"; readonly status: Omit<ManageStatus, "v" | "ts"> }
  | { readonly kind: "fact"; readonly value: unknown }
  | { readonly kind: "log"; readonly value: unknown };

export interface ManagerEvent {
  readonly type: string;
}

export interface ManagerInput {
  readonly atMs: number;
  /** Null: only time goes on. */
  readonly event: ManagerEvent | null;
}

export interface ManagerLife {
  /** @returns what the manager said to it */
  take(input: ManagerInput): readonly Said[];
  /** As bytes. */
  save(): Buffer;
  /** Canonical. */
  text(): string;
  stop(): void;
}

interface Saved {
  readonly nowMs: number;
  readonly state: unknown;
  readonly snapshot: unknown;
}

/** @param saved to go on from; @param atMs where its clock then stands, where it was saved unless said otherwise */
export function managerLife(role: ManagerRole, setting: Setting, saved?: Buffer, atMs?: number): ManagerLife {
  const from = saved === undefined ? undefined : (deserialize(saved) as Saved);
  const { terms } = setting;
  const clock = steppedClock(atMs ?? from?.nowMs ?? terms.calendar.startMs);
  let said: Said[] = [];
  let failure: unknown;
  const note = (message: string, values?: object): void => void said.push({ kind: "log", value: [message, values] });
  const ports = {
    clock,
    outbox: {
      publish: (topic: string, message: object | null, retain = false) =>
        void said.push({ kind: "publish", topic, message, retain }),
    },
    link: {
      hand: (handover: Handover) => void said.push({ kind: "hand", handover }),
      report: (status: Omit<ManageStatus, "v" | "ts">) => void said.push({ kind: "report", status }),
    },
    journal: { record: (value: unknown) => void said.push({ kind: "fact", value }) },
    log: { info: note, warn: note },
  };
  const manager = make(role, setting, ports, from?.state);
  const actor = createActor(manager.logic, {
    id: role,
    input: { calendar: terms.calendar },
    ...(from === undefined ? {} : { snapshot: from.snapshot as Snapshot<unknown> }),
  });
  actor.subscribe({
    error: (error: unknown) => {
      failure = error;
    },
  });
  const saidAtStart = (): readonly Said[] => {
    actor.start();
    return said;
  };
  const first = saidAtStart();
  if (from !== undefined && first.length > 0) throw new Error(`${role} says ${first.length} things on coming back`);
  const whole = () => ({ state: manager.state(), snapshot: actor.getPersistedSnapshot() });
  return {
    take({ atMs: nowMs, event }) {
      clock.advanceTo(nowMs);
      if (event !== null) actor.send(event as never);
      if (failure !== undefined) throw failure;
      const answer = said;
      said = [];
      return answer;
    },
    save: () => serialize({ nowMs: clock.now(), ...whole() } satisfies Saved),
    text: () => stateText(whole()),
    stop: () => actor.stop(),
  };
}

type Ports = Parameters<typeof exchangeManager>[1] extends infer P
  ? Omit<P, "pooled" | "rateWindowMs" | "leastReportIntervalMs">
  : never;

function make(role: ManagerRole, { terms, mechanism, leastIntervalMs }: Setting, ports: Ports, state: unknown) {
  const rateWindowMs = leastIntervalMs === 0 ? 1 : 1000;
  const leastReportIntervalMs = leastIntervalMs;
  const digest = sha256;
  const sign = (text: string) => sha256(`signed ${text}`);
  switch (role) {
    case "bidding": {
      const own = { mechanism, digest, pseudonymSalt: "salt", leastListIntervalMs: leastIntervalMs, rateWindowMs };
      return erased(biddingManager(terms, { ...ports, ...own }, state as BiddingState | undefined));
    }
    case "exchange": {
      const own = { pooled: mechanism.kind === "pool", rateWindowMs, leastReportIntervalMs };
      return erased(exchangeManager(terms, { ...ports, ...own }, state as ExchangeState | undefined));
    }
    case "settlement": {
      const own = { mechanism, digest, sign, statementSecret: "secret" };
      return erased(settlementManager(terms, { ...ports, ...own }, state as SettlementState | undefined));
    }
    case "supervisor": {
      const own = { version: "0.1.0", statementKey: "a key", leastReportIntervalMs };
      return erased(supervisorManager(terms, { ...ports, ...own }, state as SupervisorState | undefined));
    }
  }
}

/** What all managers have alike, whatever events each of them hears. */
function erased(manager: { readonly logic: unknown; readonly state: () => unknown }) {
  return { logic: manager.logic as ReturnType<typeof exchangeManager>["logic"], state: manager.state };
}
