/** The REST side of a running market: it listens from the start, says that the market is starting, and opens once the market is there. */
import { existsSync } from "node:fs";
import { Server as TlsServer } from "node:tls";
import type { Log } from "../../market/ports.js";
import type { MarketTerms } from "../../market/terms.js";
import type { ShadowsTold } from "../../shared/shadow-figures.js";
import { minuteMs } from "../../shared/time.js";
import { createStatementBook, type StatementBook } from "../bills/statement-book.js";
import { documentRoutes } from "../documents/document-routes.js";
import { openBalanceStore } from "../journal/balance-store.js";
import { openBillStore } from "../journal/bill-store.js";
import { openHistoryStore } from "../journal/history-store.js";
import { journalFile } from "../journal/journal-folder.js";
import { openReadingStore } from "../journal/reading-store.js";
import type { Certificate } from "../mqtt/broker-messages.js";
import type { Connect } from "../mqtt/connection.js";
import type { MarketMetrics } from "../observe/market-metrics.js";
import type { Registry } from "../registry/registry.js";
import { openBrokerDoor } from "../rest/broker-door.js";
import { keepHistory } from "../rest/history-keeper.js";
import { historyPage } from "../rest/limits.js";
import { ProblemError } from "../rest/problem.js";
import type { MarketInside, OperatorBooks } from "../rest/rest-app.js";
import { createRestServer, type RestServer } from "../rest/rest-server.js";
import { pageRoutes } from "../rest/routes/pages.js";
import type { Secrets } from "./secrets.js";
import { realWorld } from "./world.js";

export interface RestSideOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: Certificate | undefined;
  readonly terms: MarketTerms;
  readonly stateFolder: string;
  /** The scenario's name. */
  readonly scenario: string;
  readonly secrets: Pick<Secrets, "statementKey" | "statementSecret">;
  /** Market time. */
  readonly now: () => number;
  readonly metrics: MarketMetrics;
  /** The market is online. */
  readonly isReady: () => boolean;
  readonly shadows: () => ShadowsTold;
  readonly log: Log;
  /** Where the built pages are. */
  readonly pagesFolder: string;
  /** The broker lets each participant in once. */
  readonly oneConnectionEach: boolean;
}

export interface RestSide extends Pick<RestServer, "port" | "server"> {
  /** For the next connections, also of WebSockets, where it speaks TLS. @throws Error where it is none */
  setCertificate(tls: Certificate): void;
  /** The market is there. @throws Error where the broker cannot be reached */
  open(market: {
    readonly url: string;
    readonly connect: Connect;
    readonly mqttUrls: MarketInside["mqttUrls"];
    readonly password: string;
    readonly registry: Registry;
    readonly chaos: MarketInside["chaos"];
    readonly inspection: MarketInside["inspection"];
  }): Promise<void>;
  stop(): Promise<void>;
}

/** @throws PortTakenError, or Error with what the platform says. */
export async function startRestSide(options: RestSideOptions): Promise<RestSide> {
  const { host, port, tls, terms, stateFolder, metrics, isReady, shadows, log, oneConnectionEach } = options;
  const bills = openBillStore(journalFile(stateFolder, "settlement"));
  const books = operatorBooks(options);
  const { periodMinutes } = terms.calendar;
  const kept = { mostPeriods: historyPage.most, periodMs: periodMinutes * minuteMs };
  const history = openHistoryStore({ stateFolder, ...kept });
  const balances = openBalanceStore(journalFile(stateFolder, "settlement"));
  let inside: MarketInside | undefined;
  let endReading = (): void => {};
  metrics.watchBroker(() => inside?.door.isConnected() === true);
  metrics.watchDisk(stateFolder);
  const rest = await createRestServer({
    ...{
      host,
      port,
      market: terms.market,
      bills,
      balances,
      books,
      history,
      shadows,
      isReady,
      log,
      metrics: metrics.metrics,
    },
    ...(tls === undefined ? {} : { tls }),
    alsoServe: [
      documentRoutes,
      (app) => pageRoutes(app, { folder: options.pagesFolder, about: { market: terms.market, oneConnectionEach } }),
    ],
    inside() {
      if (inside === undefined)
        throw new ProblemError("market-closed", "the market is starting: ask again in a moment");
      return inside;
    },
  });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const door = inside?.door;
    inside = undefined;
    endReading();
    await rest.stop();
    await door?.close();
    bills.close();
    books.readings.close();
    balances.close();
    history.close();
  };
  return {
    port: rest.port,
    server: rest.server,
    setCertificate(given) {
      if (rest.server instanceof TlsServer) rest.server.setSecureContext({ ...given });
    },
    async open({ url, connect, mqttUrls, password, registry, chaos, inspection }) {
      const door = await openBrokerDoor({
        ...{ market: terms.market, url, password, log, connect, wall: realWorld.wall },
        onReplied: metrics.replied,
        onPublic: (name, payload) => keepHistory(history, periodMinutes, name, payload),
      });
      inside = { door, registry, mqttUrls, chaos, inspection };
      endReading = books.statements.keepRead();
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

function operatorBooks({
  terms,
  scenario,
  stateFolder,
  secrets,
  now,
}: RestSideOptions): OperatorBooks & { readonly statements: StatementBook } {
  const { calendar } = terms;
  const file = journalFile(stateFolder, "settlement");
  return {
    market: () => ({ calendar, nowMs: now() }),
    readings: openReadingStore(journalFile(stateFolder, "exchange")),
    statements: createStatementBook({
      ...{ terms: { scenario, market: terms, statementKey: secrets.statementKey() } },
      ...{ file, isThere: () => existsSync(file), statementSecret: secrets.statementSecret },
    }),
  };
}
