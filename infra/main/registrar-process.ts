/** The registrar on the broker, beside the market's other processes: its host, its connection, and the registry that the doors ask. */
import type { Journal, Log } from "../../market/ports.js";
import type { Account } from "../../market/rules/account.js";
import type { RegistrationPolicy } from "../../market/rules/registration.js";
import type { MarketTerms } from "../../market/terms.js";
import { registrarMaker } from "../actors/actor-makers.js";
import type { OnLife } from "../actors/market-hosts.js";
import type { ScaledClock } from "../clock/scaled-clock.js";
import type { MakeActor } from "../journal/hosted-actor.js";
import type { ActorEvent, ActorJournal } from "../journal/journal.js";
import { createManagerHost, type ManagerHost } from "../journal/manager-host.js";
import type { AccountBook } from "../registry/account-book.js";
import { createRegistry } from "../registry/create-registry.js";
import { createDisputeBook } from "../registry/dispute-book.js";
import { createPaymentBook } from "../registry/payment-book.js";
import type { Persons } from "../registry/persons.js";
import { createRegistrarDesk } from "../registry/registrar-desk.js";
import type { Registry } from "../registry/registry.js";
import { createSupplyBook } from "../registry/supply-book.js";
import { programBuild } from "../version.js";
import { createHostWiring } from "./host-wiring.js";
import { openRole, type RoleHost } from "./role-host.js";
import { type Secrets, sha256 } from "./secrets.js";
import { superviseHosts } from "./supervision.js";
import type { World } from "./world.js";

export interface RegistrarProcessOptions {
  readonly terms: MarketTerms;
  readonly url: string;
  readonly secrets: Secrets;
  readonly clock: ScaledClock;
  readonly world: World;
  readonly log: Log;
  readonly journal: ActorJournal;
  readonly policy: RegistrationPolicy;
  readonly book: AccountBook;
  readonly persons: Persons;
  /** An account that is new or has changed, durably: the broker must know it. */
  readonly onAccount: (account: Account, before: Account | undefined) => void;
  /** A key was drawn for an account, and may be its own in a moment. */
  readonly onKeyDrawn: ((id: string, key: string) => void) | undefined;
  /** The key of an account, drawn a moment ago and told to its owner next: resolves once the broker knows it. */
  readonly onKey: (id: string, key: string) => Promise<void>;
  /** Resolves once supervisor and supplier have told the managers all that they had to tell. */
  readonly toldToManagers: () => Promise<unknown>;
  /** It was given up. */
  readonly onFailure: (role: string, error: unknown) => void;
  /** Shows the actor to whoever looks on. */
  readonly onLife?: OnLife | undefined;
  /** What stands between the parts and belongs to no market: faults that somebody wants to see borne. */
  readonly interference?: {
    readonly actor: (make: MakeActor) => MakeActor;
    readonly host: (host: ManagerHost<"api">) => ManagerHost<"api">;
  };
}

export interface RegistrarProcess {
  readonly registry: Registry;
  /** Kills it as a crash would; it is brought back like any that failed. */
  crash(error: Error): void;
  stop(): Promise<void>;
}

/** Wall time after which a newcomer is told its key, and the operator how a payment stands, although a part of the market is away. */
const longestWaitMs = 3000;

/** @throws JournalError where its journal does not replay, Error where it cannot connect. */
export async function startRegistrar(options: RegistrarProcessOptions): Promise<RegistrarProcess> {
  const { terms, clock, world, log, book, persons, secrets } = options;
  let connection: RoleHost | undefined;
  const connected = (): RoleHost => {
    if (connection === undefined) throw new Error("api is not connected yet");
    return connection;
  };
  const supervision = superviseHosts({
    ...{ world, log, onGivenUp: options.onFailure, onLife: options.onLife },
    report: (_role, status) => connected().link.report(status),
  });
  const desk = createRegistrarDesk(() => host);
  const payments = createPaymentBook(options.journal.facts());
  const disputes = createDisputeBook(options.journal.facts());
  const supply = createSupplyBook(options.journal.facts());
  const journal: Journal = {
    record(fact) {
      const before = fact.type === "account" ? book.account(fact.account.id) : undefined;
      book.learn(fact);
      payments.learn(fact);
      disputes.learn(fact);
      supply.learn(fact);
      if (fact.type === "account") options.onAccount(fact.account, before);
      desk.record(fact);
    },
  };
  const wiring = createHostWiring<"api">({
    ...{ terms, clock, log, journal, roleOf: connected, atEndOfTurn: world.atEndOfTurn },
  });
  const { actor: between = same, host: around = same } = options.interference ?? {};
  const own: ManagerHost<"api"> = createManagerHost<"api">({
    ...{ role: "api", market: terms.market, startMs: terms.calendar.startMs, digest: sha256 },
    ...{
      programVersion: programBuild,
      journal: options.journal,
      make: between(registrarMaker(terms)),
      now: wiring.now,
    },
    ...wiring.timing(),
    release: (output) => wiring.release("api", output),
    acknowledge: (sender, n) => wiring.acknowledge("api", sender, n),
    refuse: (packet, reason) => wiring.refuse("api", packet, reason),
    onDown(cause, error) {
      desk.giveUp();
      supervision.onDown("api", cause, error);
    },
    onLife: (seen) => options.onLife?.("api", seen) ?? (() => {}),
    isLasting: (event, said) => event === null || !passing.has(event.type) || said.some(({ kind }) => kind === "fact"),
  });
  const host = tellingPolicy(around(own), options.policy);
  supervision.watch([host]);
  connection = await openRole({
    ...{ role: "api", market: terms.market, url: options.url, password: secrets.passwordOf("api") },
    ...{ now: clock.now, world, log, filters: [], hearsClock: true },
    onTick: () => {
      if (host.isUp()) host.take({ type: "TICK" });
    },
    onHandover: (sender, event) => host.takeHandover(sender, event),
    onAcknowledged: (n, receiver) => host.acknowledged(n, receiver),
  });
  host.restart();
  host.commit();
  persons.keepOnly((id) => book.account(id) !== undefined);

  async function notForEver(waiting: Promise<unknown>): Promise<void> {
    let timer: unknown;
    const late = new Promise<void>((resolve) => {
      timer = world.wall.setTimeout(resolve, longestWaitMs);
    });
    await Promise.race([waiting, late]);
    world.wall.clearTimeout(timer);
  }
  const toldToMarket = () => notForEver(connected().link.acknowledged().then(options.toldToManagers));

  return {
    registry: createRegistry({
      ...{ desk, book, persons, now: clock.now, passwordOf: secrets.passwordOf, toldToMarket, payments, notForEver },
      ...{ disputes, supply, timezone: terms.timezone },
      onKeyDrawn: options.onKeyDrawn,
      tellKey: (id, key) => notForEver(options.onKey(id, key)),
      members: terms.members.map(({ id }) => id),
    }),
    crash(error) {
      host.kill();
      desk.giveUp();
      supervision.onDown("api", "actor", error);
    },
    async stop() {
      supervision.stop();
      host.stop();
      desk.giveUp();
      await connection?.end();
    },
  };
}

/** Whenever it comes back: what it was told at the start, and could not write, it does not know. */
function tellingPolicy(host: ManagerHost<"api">, policy: RegistrationPolicy): ManagerHost<"api"> {
  return {
    ...host,
    restart() {
      host.restart();
      if (host.isUp()) host.take({ type: "POLICY", policy } as ActorEvent);
    },
  };
}

const same = <Part>(part: Part): Part => part;

/** What leaves nothing behind unless it changes something. */
const passing = new Set(["TICK", "STOP", "POLICY"]);
