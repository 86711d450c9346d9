/** Composition root of `elecbay up`: broker, the market's processes, bots, health, and a view for whoever watches. */
import { dirname, join } from "node:path";
import type { Clock } from "../../market/managers/alarm.js";
import { lastPeriod } from "../../market/managers/calendar.js";
import type { Journal, Log } from "../../market/ports.js";
import { isGuest } from "../../market/rules/guests.js";
import type { MarketTerms } from "../../market/terms.js";
import type { FaultPlan } from "../chaos/fault-plan.js";
import { createInvariantWatch } from "../chaos/invariants.js";
import { createUpChaos, type UpChaos } from "../chaos/up-chaos.js";
import { realClock } from "../clock/real-clock.js";
import { scaledClock } from "../clock/scaled-clock.js";
import type { Inspection } from "../inspect/inspection.js";
import { journalsIn } from "../journal/journal-folder.js";
import { loadMechanism } from "../mechanisms/load-mechanism.js";
import type { Certificate } from "../mqtt/broker-messages.js";
import { type BrokerLimits, brokerLimits } from "../mqtt/limits.js";
import { clearRetained } from "../mqtt/retained.js";
import { openWebSocketDoor } from "../mqtt/websocket-door.js";
import { createMarketMetrics } from "../observe/market-metrics.js";
import { createMarketView, type MarketView, seePublished, seeSent } from "../observe/market-view.js";
import { createAccountBook } from "../registry/account-book.js";
import { openPersons } from "../registry/persons.js";
import type { Registry } from "../registry/registry.js";
import { createBrowserGuard } from "../rest/browser-guard.js";
import { createLiveShadows, noShadows } from "../results/live-shadows.js";
import { assertFunded } from "../scenario/funded.js";
import type { LoadedScenario } from "../scenario/loaded-scenario.js";
import { type Swarm, startSwarm } from "../threads/swarm.js";
import { brokerAccount, gatewaysChangedBy, isCutBy } from "./accounts.js";
import { earlierGuests } from "./earlier-guests.js";
import { type AdmitGuest, createGuestDoor } from "./guest-door.js";
import { type InspectionSideOptions, openInspectionSide, tellUnreachable } from "./inspection-side.js";
import { openMarketBroker } from "./market-broker.js";
import { type MarketJournals, openMarketJournals } from "./market-journals.js";
import { startMarketProcesses } from "./market-processes.js";
import { createOutcome } from "./outcome.js";
import { mqttAddresses, restAddress } from "./public-addresses.js";
import { startRegistrar } from "./registrar-process.js";
import { startRestSide } from "./rest-side.js";
import { aboutRun } from "./run-about.js";
import { drawSecrets, type Secrets } from "./secrets.js";
import { realWorld, type World } from "./world.js";

export interface UpOptions {
  readonly scenario: LoadedScenario;
  readonly mode: "scaled" | "real";
  /** Market time over wall time; 1 in real mode. */
  readonly speed: number;
  /** An outside broker; undefined: the embedded one. */
  readonly brokerUrl: string | undefined;
  /** Where that broker, a NATS server, asks who may come in. */
  readonly natsUrl?: string | undefined;
  readonly host: string;
  /** Undefined: MQTT, WebSockets and REST are not encrypted. */
  readonly tls?: Certificate | undefined;
  /** Of the embedded broker, in the place of its own. */
  readonly limits?: Partial<BrokerLimits> | undefined;
  readonly mqttPort: number;
  readonly restPort: number;
  readonly stateFolder: string;
  /** Begins anew: journals of an earlier market in the state folder are set aside. */
  readonly fresh: boolean;
  /** Managers that run as processes of their own (`elecbay manager`). */
  readonly without: ReadonlySet<string>;
  readonly withBots: boolean;
  readonly botsPerThread: number;
  readonly distFolder: string;
  readonly log: Log;
  /** Of further pages that may use the market from a browser, such as `https://market.example`. */
  readonly origins?: readonly string[] | undefined;
  /** What goes wrong on purpose. */
  readonly faults?: FaultPlan | undefined;
  /** Which actors operators see from the start on, and whether they may send them events. */
  readonly inspect?: Pick<InspectionSideOptions, "actors" | "allowsSending" | "statelyUrl"> | undefined;
}

export interface RunningMarket {
  readonly view: MarketView;
  /** Where this machine reaches the broker, and where others do. */
  readonly mqttUrl: string;
  readonly publicMqttUrl: string;
  readonly restUrl: string;
  readonly restPort: number;
  readonly operatorKeyFile: string | undefined;
  /** Accounts, keys, drafts, and the operator's acts. */
  readonly registry: Registry;
  /** Resolves when the market has come to an end by itself: its last period is billed. @throws what broke it. */
  readonly ended: Promise<void>;
  /** What has gone wrong on purpose, and what held. Undefined where nobody asked for it. */
  readonly chaos: Pick<UpChaos, "record" | "watch"> | undefined;
  /** MQTT, WebSockets and REST speak TLS with it from the next connection on, where they speak TLS. @throws Error where it is none */
  setCertificate(tls: Certificate): void;
  stop(): Promise<void>;
}

/** @throws InputError for terms that only a simulation allows, PortTakenError, or Error of the broker or of a bot that cannot connect. */
export async function startMarket(options: UpOptions): Promise<RunningMarket> {
  const { scenario, log } = options;
  assertFunded(scenario);
  const mechanism = await loadMechanism(scenario.terms.bidding.mechanism, dirname(scenario.path));
  const drawn = drawSecrets(options.stateFolder);
  if (journalsIn(options.stateFolder).length === 0) drawn.keep(); // at once: bots that start beside it read the same
  const { secrets } = drawn;
  const about = await aboutRun(scenario, secrets);
  const market = openMarketJournals({ ...options, about, drawn }, mechanism, log);
  const { terms } = market;
  const shadows = await shadowsIn(scenario, mechanism.name, terms);
  const view = createMarketView(terms.market, terms.currency);
  const closing: (() => Promise<unknown>)[] = [async () => market.close()];
  const stop = async (): Promise<void> => {
    for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close();
  };
  const clock = options.mode === "real" ? realClock() : scaledClock(market.resumeMs, options.speed);
  const ended = createOutcome<void>();
  const onFailure = (role: string, error: unknown): void => {
    log.warn(`${role} failed: ${error instanceof Error ? error.message : String(error)}`);
    ended.reject(error);
  };
  try {
    const { calendar } = terms;
    const metrics = createMarketMetrics({ view, calendar, speed: options.speed, now: clock.now });
    closing.push(async () => metrics.stop());
    const rest = await startRestSide({
      ...{ host: options.host, tls: options.tls, port: options.restPort, terms, stateFolder: options.stateFolder },
      ...{
        now: clock.now,
        scenario: scenario.name,
        secrets,
        metrics,
        log,
        pagesFolder: join(options.distFolder, "web"),
      },
      isReady: () => view.status === "online",
      oneConnectionEach: options.brokerUrl !== undefined && options.natsUrl === undefined,
      shadows: () => shadows?.told() ?? noShadows,
    });
    closing.push(() => rest.stop());
    let admitGuest: AdmitGuest = async () => ({ ok: false, code: "market-closed", reason: "the market is starting" });
    const guests = createGuestDoor(
      (id, key) => admitGuest(id, key),
      (id, reason) => log.warn(`${id} may not take part: ${reason}`),
    );
    const registered = createAccountBook(terms.members, market.journalOf("api").facts());
    metrics.watchAccounts(registered.accounts);
    const broker = await openMarketBroker({
      ...{ scenario, brokerUrl: options.brokerUrl, natsUrl: options.natsUrl },
      ...{ host: options.host, tls: options.tls, mqttPort: options.mqttPort },
      ...{
        distFolder: options.distFolder,
        stateFolder: options.stateFolder,
        secrets,
        registered: registered.accounts(),
        metrics,
        speed: options.speed,
        limits: options.limits ?? {},
        log,
      },
      onGuest: guests.logIn,
      onGivenUp: ended.reject,
    });
    closing.push(() => broker.stop());
    const { url, embedded } = broker;
    const world: World = { ...realWorld, connect: broker.connect };
    const pages = createBrowserGuard({ origins: options.origins });
    const door = openWebSocketDoor(rest.server, broker, { ...brokerLimits, ...options.limits }, pages);
    closing.push(async () => door.close());
    const chaos = chaosIn(options, terms, clock);
    if (chaos !== undefined) closing.push(async () => chaos.stop());
    if (options.brokerUrl !== undefined) await clearOld(url, market, secrets, log);
    const inspecting = await openInspectionSide({
      ...{
        terms,
        url,
        program: "up",
        isHost: true,
        secrets,
        distFolder: options.distFolder,
        marketNow: clock.now,
        log,
      },
      ...{
        world: realWorld,
        actors: options.inspect?.actors,
        allowsSending: options.inspect?.allowsSending ?? false,
        statelyUrl: options.inspect?.statelyUrl,
      },
    });
    closing.push(inspecting.stop);
    tellUnreachable(inspecting, log);
    const { onLife, inspection } = inspecting;
    const processes = await startMarketProcesses({
      ...{ scenario, terms, mechanism, url, secrets, clock, log, mode: options.mode },
      record: market.record,
      journalOf: (role) => metrics.timed(role, market.journalOf(role)),
      readJournal: market.readJournal,
      without: options.without,
      journal: inTurn(
        ...[metrics.journal, journalOf(terms, log, ended.resolve)],
        ...(chaos === undefined ? [] : [{ record: chaos.watch.recorded }]),
        ...(shadows === undefined ? [] : [shadows]),
      ),
      world: chaos === undefined ? world : { ...world, connect: chaos.connect(world.connect) },
      ...(chaos === undefined ? {} : { interference: chaos.interference }),
      onPublished: (topic, message) => {
        seePublished(view, topic, message);
        chaos?.watch.published(topic, message);
      },
      onOnline: guests.hear,
      onSent(sender, name, payload) {
        seeSent(view, sender, name, payload, Date.now());
        guests.tryAgain();
      },
      ...{ onFailure, onLife },
    });
    closing.push(() => processes.stop());
    const { told } = processes;
    const persons = openPersons(options.stateFolder);
    closing.push(async () => persons.close());
    const registrar = await startRegistrar({
      ...{ terms, url, secrets, clock, log, persons, world, book: registered },
      ...{
        journal: metrics.timed("api", market.journalOf("api")),
        policy: {
          ...scenario.registration,
          ...(mechanism.kind === "pool" ? {} : { supplier: scenario.supplier.name }),
        },
        toldToManagers: told,
      },
      onAccount(account, before) {
        const all = registered.accounts();
        // A guest without a key has the password that the broker gave it.
        if (account.key !== null || !isGuest(account))
          broker.setAccount(brokerAccount(account, secrets, all), isCutBy(account, before));
        // Where a broker asks for the list at the login alone, the gateway has to come in anew.
        for (const gateway of gatewaysChangedBy(account, before, all))
          broker.setAccount(brokerAccount(gateway, secrets, all), true);
      },
      onKeyDrawn: broker.noteKey,
      onKey: broker.giveKey,
      ...{ onFailure, onLife },
    });
    closing.push(() => registrar.stop());
    const { registry } = registrar;
    for (const id of earlierGuests(market.journalOf("supervisor"))) await registry.guests.admit(id, null);
    admitGuest = registry.guests.admit;
    guests.tryAgain();
    const { host } = options;
    const doors = { host, isEncrypted: options.tls !== undefined, mqttPort: embedded?.port ?? 0, restPort: rest.port };
    const mqttUrls = (asked: string) => mqttAddresses(doors, asked, embedded === undefined ? url : undefined);
    const switches = { chaos: chaos?.switch, inspection: inspecting.switch };
    await rest.open({
      url,
      connect: broker.connect,
      mqttUrls,
      password: secrets.passwordOf("api"),
      registry,
      ...switches,
    });
    closing.push(() => rest.stop()); // first of all: it asks what is stopped after it
    const faults = rebased(options.faults, terms);
    const swarm = options.withBots ? await startBots(options, url, secrets, faults, inspection) : undefined;
    if (swarm !== undefined) closing.push(() => swarm.stop());
    clock.begin();
    processes.startClock();
    chaos?.begin({ swarm, pauseBroker: embedded?.pause, crash: processes.crash });
    const { operatorKeyFile } = secrets;
    const setCertificate = (tls: Certificate): void => {
      rest.setCertificate(tls);
      embedded?.setCertificate(tls);
    };
    return {
      ...{ view, mqttUrl: url, publicMqttUrl: mqttUrls(host)[0] ?? url, restUrl: restAddress(doors) },
      ...{ restPort: rest.port, operatorKeyFile, registry, ended: ended.promise, chaos, setCertificate, stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** In real mode a market begins when it is started: so do its faults. */
function rebased(faults: FaultPlan | undefined, { calendar }: MarketTerms): FaultPlan | undefined {
  return faults === undefined ? undefined : { ...faults, startMs: calendar.startMs };
}

function chaosIn({ faults, log, stateFolder }: UpOptions, terms: MarketTerms, clock: Clock): UpChaos | undefined {
  const plan = rebased(faults, terms);
  if (plan === undefined) return undefined;
  const watch = createInvariantWatch(terms.market, terms.calendar);
  return createUpChaos({ plan, market: terms.market, clock, log, watch, folder: stateFolder });
}

/** Undefined where none are asked for. */
async function shadowsIn({ shadow, path }: LoadedScenario, effective: string, terms: MarketTerms) {
  if (shadow.length === 0) return undefined;
  const mechanisms = await Promise.all(shadow.map((name) => loadMechanism(name, dirname(path))));
  return createLiveShadows(effective, mechanisms, terms);
}

function inTurn(...journals: readonly Journal[]): Journal {
  return {
    record(fact) {
      for (const journal of journals) journal.record(fact);
    },
  };
}

async function clearOld(url: string, { terms, retained }: MarketJournals, secrets: Secrets, log: Log): Promise<void> {
  const password = secrets.passwordOf("supervisor");
  const cleared = await clearRetained({
    url,
    market: terms.market,
    username: "supervisor",
    password,
    keep: retained,
    ...{ connect: realWorld.connect, wall: realWorld.wall },
  });
  if (cleared > 0) log.info(`cleared ${cleared} retained topics that an earlier run left at ${url}`);
}

function startBots(
  { scenario, botsPerThread, distFolder, log }: UpOptions,
  url: string,
  secrets: Secrets,
  faults: FaultPlan | undefined,
  inspection: Inspection,
): Promise<Swarm> {
  return startSwarm({
    ...{
      url,
      bots: scenario.bots,
      passwordOf: secrets.passwordOf,
      botsPerThread,
      distFolder,
      log,
      inspection,
      tellsState: true,
    },
    ...(faults === undefined ? {} : { faults }),
  });
}

/** Logs what a reader of lines wants to know, and notices the end of the run. */
function journalOf({ currency, calendar }: MarketTerms, log: Log, onEnd: () => void): Journal {
  const lastMs = lastPeriod(calendar);
  const name = (periodMs: number): string => new Date(periodMs).toISOString().slice(0, 16).replace("T", " ");
  let entries = 0;
  return {
    record(fact) {
      if (fact.type === "cleared") {
        const { periodMs, priceMicroPerKwh, volumeWh } = fact.price;
        const price = priceMicroPerKwh === null ? "no trade" : `${(priceMicroPerKwh / 1e6).toFixed(4)} ${currency}/kWh`;
        log.info(`gate of ${name(periodMs)} closed: ${price}, ${(volumeWh / 1000).toFixed(3)} kWh`);
      } else if (fact.type === "entry") entries += 1;
      else if (fact.type === "billed") {
        log.info(`${name(fact.periodMs)} billed (${entries} ledger entries so far)`);
        if (fact.periodMs >= lastMs) onEnd();
      }
    },
  };
}
