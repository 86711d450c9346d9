/**
 * How each actor of the market is made for its host: begun, or gone on with from what it saved.
 *
 * The same whether all share one process in lockstep or talk over a broker. What an actor knows of the world are the ports that its host gives.
 */
import { type Snapshot as ActorSnapshot, type AnyActorLogic, type AnyActorRef, createActor } from "xstate";
import type { SupplierSpecification } from "../../agents/supplier/specification.js";
import { type SupplierEmitted, supplierMachine } from "../../agents/supplier/supplier.machine.js";
import { biddingManager } from "../../market/managers/bidding/bidding-manager.js";
import type { BiddingState } from "../../market/managers/bidding/bidding-state.js";
import { tickLengthMs } from "../../market/managers/calendar.js";
import type { ExchangeState } from "../../market/managers/exchange/desk.js";
import { exchangeManager } from "../../market/managers/exchange/exchange-manager.js";
import { registrarManager } from "../../market/managers/registrar/registrar-manager.js";
import type { RegistrarState } from "../../market/managers/registrar/registrar-state.js";
import type { SettlementState } from "../../market/managers/settlement/desk.js";
import { settlementManager } from "../../market/managers/settlement/settlement-manager.js";
import { type SupervisorState, supervisorManager } from "../../market/managers/supervisor/supervisor-manager.js";
import type { Digest, Sign } from "../../market/ports.js";
import { createKpis, type Kpis } from "../../market/rules/kpi.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ManageTariffs } from "../../shared/messages/manage.js";
import type { HostedActor, HostedPorts, JournalledRole, MakeActor } from "../journal/hosted-actor.js";

export interface ActorMakersOptions {
  readonly terms: MarketTerms;
  readonly supplier: SupplierSpecification;
  /** The one that the terms name. */
  readonly mechanism: Mechanism;
  readonly digest: Digest;
  readonly sign: Sign;
  /** Public key of `sign`, PEM. */
  readonly statementKey: string;
  /** What the salts of statements are made from: whoever knows it can tell them all. */
  readonly statementSecret: string;
  readonly version: string;
  readonly pseudonymSalt: string;
  /** Somebody may correct readings over REST: not in a simulation. */
  readonly hasOperator?: boolean;
  /** Market time in which a participant's commands are counted. */
  readonly rateWindowMs: number;
  /** Least market time between two publications of a list or of a state; 0: with each tick, and only then. */
  readonly leastListIntervalMs: number;
}

export interface ActorMakers {
  readonly make: Readonly<Record<JournalledRole, MakeActor>>;
  /** Key figures of the periods billed so far. */
  billedKpis(): Kpis;
}

/** What a manager's factory gives. */
interface Manager<State> {
  readonly logic: AnyActorLogic;
  readonly state: () => State;
}

interface Saved {
  readonly state: unknown;
  readonly snapshot: ActorSnapshot<unknown>;
}

export function createActorMakers(options: ActorMakersOptions): ActorMakers {
  const { terms, mechanism, digest, sign, rateWindowMs, version, statementKey, statementSecret } = options;
  const { leastListIntervalMs, pseudonymSalt } = options;
  const leastReportIntervalMs = leastListIntervalMs;
  const input = { calendar: terms.calendar };
  let billedKpis: () => Kpis = () => createKpis(terms.calendar.periodMinutes);
  return {
    billedKpis: () => billedKpis(),
    make: {
      bidding: hosting<BiddingState>("bidding", input, (ports, saved) =>
        biddingManager(
          terms,
          { ...ports, ...{ digest, mechanism, pseudonymSalt, leastListIntervalMs, rateWindowMs } },
          saved,
        ),
      ),
      exchange: hosting<ExchangeState>("exchange", input, (ports, saved) => {
        const pooled = mechanism.kind === "pool";
        return exchangeManager(terms, { ...ports, ...{ rateWindowMs, leastReportIntervalMs, pooled } }, saved);
      }),
      settlement: hosting<SettlementState>("settlement", input, (ports, saved) => {
        const own = { digest, sign, mechanism, statementSecret, hasOperator: options.hasOperator ?? false };
        const manager = settlementManager(terms, { ...ports, ...own }, saved);
        billedKpis = manager.billedKpis;
        return manager;
      }),
      supervisor: hosting<SupervisorState>("supervisor", undefined, (ports, saved) =>
        supervisorManager(terms, { ...ports, ...{ version, statementKey, leastReportIntervalMs } }, saved),
      ),
      api: registrarMaker(terms),
      supplier: supplierMaker(options.supplier, tickLengthMs(terms.calendar)),
    },
  };
}

export function registrarMaker(terms: MarketTerms): MakeActor {
  return hosting<RegistrarState>("api", undefined, (ports, saved) => registrarManager(terms, ports, saved));
}

function hosting<State>(
  id: JournalledRole,
  input: object | undefined,
  manager: (ports: HostedPorts, saved: State | undefined) => Manager<State>,
): MakeActor {
  return (ports, saved, onError) => {
    const earlier = saved as Saved | undefined;
    const { logic, state } = manager(ports, earlier?.state as State | undefined);
    const actor = createActor(logic, { id, input, ...(earlier === undefined ? {} : { snapshot: earlier.snapshot }) });
    const save = () => ({ state: state(), snapshot: actor.getPersistedSnapshot() }) satisfies Saved;
    return hosted(actor, onError, save, state);
  };
}

function supplierMaker(specification: SupplierSpecification, roundLengthMs: number): MakeActor {
  return (ports, saved, onError) => {
    const actor = createActor(supplierMachine, {
      id: "supplier",
      input: { specification, roundLengthMs },
      ...(saved === undefined ? {} : { snapshot: saved as ActorSnapshot<unknown> }),
    });
    actor.on("PUBLISH", ({ message }: SupplierEmitted) => {
      const { v: _v, ts: _ts, n: _n, ...body } = message as ManageTariffs;
      ports.link.hand({ kind: "tariffs", body });
    });
    return hosted(actor, onError, () => actor.getPersistedSnapshot());
  };
}

function hosted(
  actor: AnyActorRef,
  onError: (error: unknown) => void,
  save: () => unknown,
  plainState?: () => unknown,
): HostedActor {
  actor.subscribe({ error: onError });
  return {
    start: () => void actor.start(),
    send: (event) => actor.send(event),
    stop: () => void actor.stop(),
    save,
    seen: { root: actor, ...(plainState === undefined ? {} : { plainState }) },
  };
}
