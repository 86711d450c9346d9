/** The registrar put together: answers what it is asked, and hands changed accounts to the supervisor and the supplier. */
import { kwFromWatt, majorFromMicro } from "../../../shared/decimal.js";
import type { ManageAccounts } from "../../../shared/messages/manage.js";
import { isoUtc } from "../../../shared/time.js";
import type { Fact } from "../../facts.js";
import type { Journal, Log } from "../../ports.js";
import type { Account } from "../../rules/account.js";
import type { MarketTerms } from "../../terms.js";
import type { Clock } from "../alarm.js";
import type { Link } from "../handover.js";
import type { Ask } from "./asks.js";
import { decide } from "./decide.js";
import { leaveInTime } from "./leaving.js";
import { learnBooked, paymentsTold } from "./payments.js";
import { registrarMachine } from "./registrar.machine.js";
import { createRegistrarState, type RegistrarState } from "./registrar-state.js";
import { supplyTold } from "./supply.js";

export interface RegistrarPorts {
  readonly clock: Clock;
  readonly link: Link;
  readonly journal: Journal;
  readonly log: Log;
}

/**
 * Actor logic, and its state. `state` is no copy: write it down before the actor goes on.
 * @param saved a state to go on from, read back from what was written; it is taken over
 */
export function registrarManager(terms: MarketTerms, ports: RegistrarPorts, saved?: RegistrarState) {
  const state = saved ?? createRegistrarState(terms);
  const { link, journal, log } = ports;

  /** @param before the account that was asked about, as it was; undefined: it is new, or all of them change */
  function tell(facts: readonly Fact[], before: Account | undefined): void {
    for (const fact of facts) journal.record(fact);
    const told = facts.flatMap((fact) => accountsTold(fact, before));
    if (told.length > 0) link.hand({ kind: "accounts", body: { accounts: told } });
  }

  function answer(ask: Ask): void {
    const { askId } = ask;
    const asked = "id" in ask ? ask.id : "leaver" in ask ? ask.leaver : undefined;
    const before = asked === undefined ? undefined : state.accounts.get(asked);
    const decision = decide(state, terms, ask, ports.clock.now());
    if ("code" in decision) {
      journal.record({ type: "answered", askId, outcome: { ok: false, ...decision } });
      return;
    }
    tell(decision, before);
    if (ask.type === "GUEST" && before === undefined) log.info(`${ask.id} joins as a guest`);
    const supply = supplyTold(decision);
    if (supply !== undefined) link.hand({ kind: "supply", body: supply });
    const payments = paymentsTold(decision);
    if (payments.length > 0) link.hand({ kind: "payments", body: { payments } });
    journal.record({ type: "answered", askId, outcome: { ok: true } });
  }

  const logic = registrarMachine.provide({
    actions: {
      answer: ({ event }) => {
        if ("askId" in event) answer(event);
      },
      learnBooked: ({ event }) => {
        if (event.type !== "BOOKED") return;
        for (const payment of learnBooked(state, event.message)) {
          if (payment === undefined) log.warn("settlement has booked a payment that nobody noted here");
          else journal.record({ type: "payment", payment });
        }
      },
      learnPolicy: ({ event }) => {
        if (event.type !== "POLICY" || JSON.stringify(event.policy) === JSON.stringify(state.policy)) return;
        state.policy = event.policy;
        journal.record({ type: "policy", policy: event.policy });
      },
      leaveInTime: () => {
        const left = leaveInTime(state, ports.clock.now());
        if (left.length > 0) tell(left, undefined);
      },
      reportPresence: () => link.report({ role: "api", status: "online", periods: [] }),
      countUnknown: ({ event }) => {
        state.unknownEvents += 1;
        log.warn(`the registrar has no use for the event ${event.type}`, { count: state.unknownEvents });
      },
    },
  });
  return { logic, state: () => state };
}

/** A new key alone is nobody's business but the broker's. */
function accountsTold(fact: Fact, before: Account | undefined): ManageAccounts["accounts"] {
  if (fact.type !== "account") return [];
  const now = onWire(fact.account);
  return before?.id === fact.account.id && JSON.stringify(onWire(before)) === JSON.stringify(now) ? [] : [now];
}

function onWire(account: Account): ManageAccounts["accounts"][number] {
  const { id, role, capacityW, connectionPoint, phase, creditLimitMicro, standing, fromMs, untilMs } = account;
  const { gateway = null } = account;
  return {
    ...{ id, role, capacityKw: kwFromWatt(capacityW), connectionPoint, phase },
    ...(creditLimitMicro === null ? {} : { creditLimit: majorFromMicro(creditLimitMicro) }),
    ...(gateway === null ? {} : { gateway }),
    standing,
    ...(fromMs === undefined ? {} : { from: isoUtc(fromMs) }),
    ...(untilMs === undefined ? {} : { until: isoUtc(untilMs) }),
  };
}
