import { describe, expect, it } from "vitest";
import { type AnyActorLogic, type AnyActorRef, createActor, type EventFromLogic, type SnapshotFrom } from "xstate";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { alarmOn } from "../../../market/managers/alarm.js";
import { biddingPeriodMachine } from "../../../market/managers/bidding/bidding-period.machine.js";
import { timesOf } from "../../../market/managers/calendar.js";
import { exchangePeriodMachine } from "../../../market/managers/exchange/exchange-period.machine.js";
import { registrarMachine } from "../../../market/managers/registrar/registrar.machine.js";
import { settlementPeriodMachine } from "../../../market/managers/settlement/settlement-period.machine.js";
import { supervisorMachine } from "../../../market/managers/supervisor/supervisor.machine.js";
import type { ManageStatus } from "../../../shared/messages/manage.js";
import { dayMs, isoUtc } from "../../../shared/time.js";
import { calendar, first, firstMs, startMs } from "./sample-terms.js";

const times = timesOf(firstMs, calendar);
const exchangeTimes = { ...times, forgetAtMs: times.endMs + 90 * dayMs };
const head = { v: 1 as const, ts: isoUtc(startMs), n: 1 };
const metered = (correction: boolean) =>
  ({ type: "METERED", message: { ...head, period: first, correction, readings: [] } }) as const;

/** A machine whose actions only note their names. */
interface Room {
  readonly actor: AnyActorRef;
  readonly done: string[];
}

function started(logic: AnyActorLogic, input: unknown, done: string[]): Room {
  const actor = createActor(logic, { input });
  actor.start();
  return { actor, done };
}

const noting = <Name extends string>(done: string[], names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, () => void done.push(name)])) as Record<Name, () => void>;

/** An alarm that never rings by itself: the tables send ALARM. */
const silent = { alarm: alarmOn(steppedClock(0)) };
const alarm = { type: "ALARM" } as const;

function biddingPeriod(isBeforeStart: () => boolean): Room {
  const done: string[] = [];
  const ofCheck = ["applyLimits", "refuseLimits", "endCheck"] as const;
  const actions = noting(done, ["openBook", "closeGate", ...ofCheck, "clearResults", "forgetOrders"]);
  const guards = { isBeforeStart };
  return started(biddingPeriodMachine.provide({ actors: silent, actions, guards }), times, done);
}
function exchangePeriod(): Room {
  const done: string[] = [];
  const actions = noting(done, ["startExchange", "startMetering", "finishMetering"]);
  return started(exchangePeriodMachine.provide({ actors: silent, actions }), exchangeTimes, done);
}
function settlementPeriod(): Room {
  const done: string[] = [];
  const actions = noting(done, ["settle", "correct", "sendBills", "clearBills"]);
  return started(settlementPeriodMachine.provide({ actors: silent, actions }), times, done);
}
function supervisor(): Room {
  const done: string[] = [];
  const names = [
    "announceMarket",
    "announceStatus",
    "announceStop",
    "admitGuest",
    "mergeAccounts",
    "learnStatus",
    "publishState",
    "countUnknown",
  ] as const;
  return started(supervisorMachine.provide({ actions: noting(done, names) }), undefined, done);
}

function registrar(): Room {
  const done: string[] = [];
  const names = ["answer", "learnPolicy", "learnBooked", "leaveInTime", "reportPresence", "countUnknown"] as const;
  return started(registrarMachine.provide({ actions: noting(done, names) }), undefined, done);
}

/** All states but the final ones, in which an actor hears nothing any more; and all events, by type. */
type StateOf<Machine extends AnyActorLogic, Final extends string> = Exclude<
  SnapshotFrom<Machine>["value"] & string,
  Final
>;
type EventOf<Machine extends AnyActorLogic> = EventFromLogic<Machine>["type"];

/** Where an event leads from a state, and what is done on the way. */
type Expected = readonly [state: string, ...actions: string[]];

function check<State extends string, Event extends string>(
  make: () => Room,
  events: Record<Event, { readonly type: string }>,
  paths: Record<State, readonly { readonly type: string }[]>,
  table: Record<State, Record<Event, Expected>>,
): void {
  for (const state of Object.keys(table) as State[]) {
    for (const event of Object.keys(events) as Event[]) {
      const { actor, done } = make();
      for (const step of paths[state]) actor.send(step);
      expect(actor.getSnapshot().value).toBe(state);
      done.length = 0;
      actor.send(events[event]);
      expect([actor.getSnapshot().value, ...done], `${state} on ${event}`).toEqual([...table[state][event]]);
    }
  }
}

const eventsOf = <Type extends string>(types: readonly Type[]) =>
  Object.fromEntries(types.map((type) => [type, { type }])) as Record<Type, { readonly type: Type }>;

describe("every state and every event of", () => {
  it("a period's bidding", () => {
    type Machine = typeof biddingPeriodMachine;
    const events = { ALARM: alarm, LIMITS: { type: "LIMITS" } };
    const paths = { open: [], checking: [alarm], contracted: [alarm, alarm], settled: [alarm, alarm, alarm] };
    const table = {
      open: { ALARM: ["checking", "closeGate"], LIMITS: ["open", "refuseLimits"] },
      checking: { ALARM: ["contracted", "endCheck"], LIMITS: ["contracted", "applyLimits", "endCheck"] },
      contracted: { ALARM: ["settled", "clearResults"], LIMITS: ["contracted", "refuseLimits"] },
      settled: { ALARM: ["billed", "forgetOrders"], LIMITS: ["settled", "refuseLimits"] },
    } as const;
    check<StateOf<Machine, "billed">, EventOf<Machine>>(() => biddingPeriod(() => true), events, paths, table);
    const late = { ...table, checking: { ...table.checking, LIMITS: ["checking", "refuseLimits"] as const } };
    check<StateOf<Machine, "billed">, EventOf<Machine>>(() => biddingPeriod(() => false), events, paths, late);
  });

  it("a period's exchange", () => {
    type Machine = typeof exchangePeriodMachine;
    const paths = { exchanging: [], metering: [alarm] };
    check<StateOf<Machine, "metered">, EventOf<Machine>>(exchangePeriod, { ALARM: alarm }, paths, {
      exchanging: { ALARM: ["metering", "startMetering"] },
      metering: { ALARM: ["metered", "finishMetering"] },
    });
  });

  it("a period's settlement", () => {
    type Machine = typeof settlementPeriodMachine;
    const events = { ALARM: alarm, METERED: metered(false), correction: metered(true) };
    const paths = { awaiting: [], settled: [metered(false)], billed: [metered(false), alarm] };
    check<StateOf<Machine, "cleared">, EventOf<Machine> | "correction">(settlementPeriod, events, paths, {
      awaiting: { ALARM: ["awaiting"], METERED: ["settled", "settle"], correction: ["awaiting", "correct"] },
      settled: { ALARM: ["billed", "sendBills"], METERED: ["settled"], correction: ["settled", "correct"] },
      billed: { ALARM: ["cleared", "clearBills"], METERED: ["billed"], correction: ["billed", "correct"] },
    });
  });

  it("the registrar", () => {
    type Machine = typeof registrarMachine;
    const asks = [
      "REGISTER",
      "RENEW_KEY",
      "LEAVE",
      "SUSPEND",
      "RESUME",
      "CHANGE",
      "INVITE",
      "REVOKE_INVITATION",
    ] as const;
    const events = {
      ...({
        ...eventsOf(asks),
        ...eventsOf([
          "GUEST",
          "KEEP_DRAFT",
          "DROP_DRAFT",
          "PAY",
          "DISPUTE",
          "ANSWER_DISPUTE",
          "CHANGE_TENANT",
          "OFFER",
          "ASSIGN",
        ]),
      } as const),
      ...eventsOf(["BOOKED", "POLICY", "TICK", "STOP", "something else"]),
    };
    const answered: Expected = ["serving", "answer"];
    check<StateOf<Machine, "stopped">, EventOf<Machine> | "something else">(
      registrar,
      events,
      { serving: [] },
      {
        serving: {
          ...{
            REGISTER: answered,
            GUEST: answered,
            RENEW_KEY: answered,
            LEAVE: answered,
            SUSPEND: answered,
            RESUME: answered,
          },
          ...{
            CHANGE: answered,
            INVITE: answered,
            REVOKE_INVITATION: answered,
            KEEP_DRAFT: answered,
            DROP_DRAFT: answered,
            PAY: answered,
            DISPUTE: answered,
            CHANGE_TENANT: answered,
            ANSWER_DISPUTE: answered,
            ...{ OFFER: answered, ASSIGN: answered },
            BOOKED: ["serving", "learnBooked"],
          },
          POLICY: ["serving", "learnPolicy"],
          TICK: ["serving", "leaveInTime", "reportPresence"],
          STOP: ["stopped"],
          "something else": ["serving", "countUnknown"],
        },
      },
    );
  });

  it("the supervisor", () => {
    type Machine = typeof supervisorMachine;
    const status = (state: ManageStatus["status"], role: ManageStatus["role"] = "bidding") => {
      return { type: "STATUS", message: { ...head, role, status: state, periods: [] } } as const;
    };
    const complete = [status("online"), status("online", "exchange"), status("online", "settlement")];
    const ofNoUse = {
      ...{ MEMBERS: { type: "MEMBERS" }, TARIFFS: { type: "TARIFFS" }, CONTRACTS: { type: "CONTRACTS" } },
      ...{ LIMITS: { type: "LIMITS" }, PAYMENTS: { type: "PAYMENTS" }, PAYOUTS: { type: "PAYOUTS" } },
      ...{ BOOKED: { type: "BOOKED" }, SUPPLY: { type: "SUPPLY" } },
    };
    const events = {
      ...{ ...ofNoUse, METERED: metered(false), STATUS: status("online"), offline: status("offline") },
      ...{
        TICK: { type: "TICK" },
        JOIN: { type: "JOIN" },
        STOP: { type: "STOP" },
        CONTROL: { type: "CONTROL" },
        GRANTS: { type: "GRANTS" },
        ACCOUNTS: { type: "ACCOUNTS" },
      },
    };
    const heard = ["learnStatus", "announceStatus"];
    const alike = (state: string) => {
      const counted: Expected = [state, "countUnknown"];
      return {
        ...{ MEMBERS: counted, TARIFFS: counted, CONTRACTS: counted, METERED: counted, GRANTS: counted },
        ...{ LIMITS: counted, PAYMENTS: counted, PAYOUTS: counted, BOOKED: counted, SUPPLY: counted },
        ACCOUNTS: [state, "mergeAccounts"] as const,
        TICK: [state, "publishState"] as const,
        JOIN: [state, "admitGuest"] as const,
        CONTROL: [state, "announceStatus"] as const,
        STOP: ["stopped", "announceStop"] as const,
      };
    };
    const paths = { online: complete, degraded: [...complete, status("offline")] };
    check<StateOf<Machine, "stopped">, EventOf<Machine> | "offline">(supervisor, events, paths, {
      online: { ...alike("online"), STATUS: ["online", ...heard], offline: ["degraded", ...heard, "announceStatus"] },
      degraded: {
        ...alike("degraded"),
        STATUS: ["online", ...heard, "announceStatus"],
        offline: ["degraded", ...heard],
      },
    });
  });
});
