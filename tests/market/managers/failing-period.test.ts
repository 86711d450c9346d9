import { describe, expect, it } from "vitest";
import { createActor } from "xstate";
import { steppedClock } from "../../../infra/clock/stepped-clock.js";
import { alarmOn } from "../../../market/managers/alarm.js";
import { biddingMachine } from "../../../market/managers/bidding/bidding.machine.js";
import { biddingPeriodMachine } from "../../../market/managers/bidding/bidding-period.machine.js";
import { exchangeMachine } from "../../../market/managers/exchange/exchange.machine.js";
import { exchangePeriodMachine } from "../../../market/managers/exchange/exchange-period.machine.js";
import { settlementMachine } from "../../../market/managers/settlement/settlement.machine.js";
import { settlementPeriodMachine } from "../../../market/managers/settlement/settlement-period.machine.js";
import { dayMs } from "../../../shared/time.js";
import { calendar, startMs } from "./sample-terms.js";

const broken = () => {
  throw new Error("invariant broken");
};
const nothing = () => {};

/** What the manager's own actor fails with when an action of one of its period actors throws. */
function failureOf(start: (alarm: ReturnType<typeof alarmOn>) => { subscribe: Subscribe; start: () => unknown }) {
  const clock = steppedClock(startMs);
  const actor = start(alarmOn(clock));
  const failures: unknown[] = [];
  actor.subscribe({ error: (error) => failures.push(error) });
  actor.start();
  clock.advanceTo(startMs + 3 * dayMs);
  return failures;
}
type Subscribe = (observer: { error: (error: unknown) => void }) => unknown;

const quiet = {
  ...{ learnMembers: nothing, decideCommand: nothing, publishChanges: nothing, openDoor: nothing, closeDoor: nothing },
  ...{ countUnknown: nothing, learnContracts: nothing, learnTariffs: nothing, reportPeriods: nothing },
  ...{ publishFigures: nothing, passOnMetered: nothing },
};

describe("what one period cannot bear", () => {
  it("is the failure of the bidding manager, never an event of no use", () => {
    const failures = failureOf((alarm) => {
      const actions = { openBook: nothing, closeGate: broken, clearResults: nothing, forgetOrders: nothing };
      const period = biddingPeriodMachine.provide({ actors: { alarm }, actions });
      const { learnMembers, decideCommand, publishChanges, openDoor, closeDoor, countUnknown } = quiet;
      const own = { learnMembers, decideCommand, publishChanges, openDoor, closeDoor, countUnknown };
      return createActor(biddingMachine.provide({ actors: { alarm, period }, actions: own }), { input: { calendar } });
    });
    expect(failures).toEqual([new Error("invariant broken")]);
  });

  it("is the failure of the exchange manager", () => {
    const failures = failureOf((alarm) => {
      const actions = {
        startExchange: nothing,
        startMetering: nothing,
        finishMetering: broken,
      };
      const period = exchangePeriodMachine.provide({ actors: { alarm }, actions });
      const { learnMembers, learnContracts, decideCommand, reportPeriods, openDoor, closeDoor, countUnknown } = quiet;
      const own = { learnMembers, learnContracts, decideCommand, reportPeriods, openDoor, closeDoor, countUnknown };
      return createActor(exchangeMachine.provide({ actors: { alarm, period }, actions: own }), { input: { calendar } });
    });
    expect(failures).toEqual([new Error("invariant broken")]);
  });

  it("is the failure of the settlement manager", () => {
    const clock = steppedClock(startMs);
    const alarm = alarmOn(clock);
    const actions = { settle: broken, correct: nothing, sendBills: nothing, clearBills: nothing };
    const period = settlementPeriodMachine.provide({ actors: { alarm }, actions });
    const { learnMembers, learnTariffs, learnContracts, publishFigures, countUnknown } = quiet;
    const own = { learnMembers, learnTariffs, learnContracts, publishFigures, countUnknown };
    const metered = { v: 1 as const, ts: "2016-08-01T03:30:00Z", n: 1, correction: false, readings: [] };
    const actor = createActor(
      settlementMachine.provide({
        actors: { alarm, period },
        actions: {
          ...own,
          passOnMetered: ({ event, self }) => {
            for (const child of Object.values(self.getSnapshot().children)) {
              if (child?.id.startsWith("settlement-")) child.send(event);
            }
          },
        },
      }),
      { input: { calendar } },
    );
    const failures: unknown[] = [];
    actor.subscribe({ error: (error) => failures.push(error) });
    actor.start();
    clock.advanceTo(startMs + dayMs / 4);
    actor.send({ type: "METERED", message: { ...metered, period: "2016-08-01T02:00:00Z" } });
    expect(failures).toEqual([new Error("invariant broken")]);
  });
});
