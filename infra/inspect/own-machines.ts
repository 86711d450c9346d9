/** Every machine of this program, with what its actors do: for the drawings in docs/machines and for the test that all have names. */
import type { AnyStateMachine } from "xstate";
import { environmentMachine } from "../../agents/environment/environment.machine.js";
import { prosumerMachine } from "../../agents/prosumer/prosumer.machine.js";
import { supplierMachine } from "../../agents/supplier/supplier.machine.js";
import { biddingMachine } from "../../market/managers/bidding/bidding.machine.js";
import { biddingPeriodMachine } from "../../market/managers/bidding/bidding-period.machine.js";
import { lockstepClockMachine } from "../../market/managers/clock/lockstep-clock.machine.js";
import { exchangeMachine } from "../../market/managers/exchange/exchange.machine.js";
import { exchangePeriodMachine } from "../../market/managers/exchange/exchange-period.machine.js";
import { registrarMachine } from "../../market/managers/registrar/registrar.machine.js";
import { settlementMachine } from "../../market/managers/settlement/settlement.machine.js";
import { settlementPeriodMachine } from "../../market/managers/settlement/settlement-period.machine.js";
import { restartMachine } from "../../market/managers/supervisor/restart.machine.js";
import { supervisorMachine } from "../../market/managers/supervisor/supervisor.machine.js";

export interface OwnMachine {
  readonly machine: AnyStateMachine;
  /** What one of its actors is, in a sentence. */
  readonly what: string;
  /** Where it is written. */
  readonly source: string;
}

const managers = "market/managers";

export const ownMachines: readonly OwnMachine[] = [
  {
    machine: supervisorMachine,
    what: "The supervisor: says what the rules are, who takes part and how the market stands.",
    source: `${managers}/supervisor/supervisor.machine.ts`,
  },
  {
    machine: biddingMachine,
    what: "The bidding manager: opens each delivery period at its time and hears commands.",
    source: `${managers}/bidding/bidding.machine.ts`,
  },
  {
    machine: biddingPeriodMachine,
    what: "The bidding of one delivery period, from its opening until it is billed.",
    source: `${managers}/bidding/bidding-period.machine.ts`,
  },
  {
    machine: exchangeMachine,
    what: "The exchange manager: takes up each delivery period at its start and hears meter readings.",
    source: `${managers}/exchange/exchange.machine.ts`,
  },
  {
    machine: exchangePeriodMachine,
    what: "The exchange of one delivery period, until it is metered.",
    source: `${managers}/exchange/exchange-period.machine.ts`,
  },
  {
    machine: settlementMachine,
    what: "The settlement manager: settles each delivery period once it is metered, and bills it.",
    source: `${managers}/settlement/settlement.machine.ts`,
  },
  {
    machine: settlementPeriodMachine,
    what: "The settlement of one delivery period, until its bills are cleared from their topics.",
    source: `${managers}/settlement/settlement-period.machine.ts`,
  },
  {
    machine: registrarMachine,
    what: "The registrar: accounts, keys, invitations, drafts, payments on their way.",
    source: `${managers}/registrar/registrar.machine.ts`,
  },
  {
    machine: restartMachine,
    what: "Brings one of the market's actors back after it has gone down.",
    source: `${managers}/supervisor/restart.machine.ts`,
  },
  {
    machine: lockstepClockMachine,
    what: "The clock of a lockstep run: the next tick comes when everybody is ready.",
    source: `${managers}/clock/lockstep-clock.machine.ts`,
  },
  {
    machine: prosumerMachine,
    what: "A bot: a home that trades for itself.",
    source: "agents/prosumer/prosumer.machine.ts",
  },
  {
    machine: supplierMachine,
    what: "The supplier: tells its tariffs.",
    source: "agents/supplier/supplier.machine.ts",
  },
  {
    machine: environmentMachine,
    what: "The environment: solar output, forecast, typical consumption.",
    source: "agents/environment/environment.machine.ts",
  },
];
