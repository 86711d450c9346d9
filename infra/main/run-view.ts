/**
 * The dashboard of a simulation: pages, history and shadows on a port of their own, MQTT over WebSockets to the run's broker. It hears what
 * the market publishes on its way out and changes nothing of it: a run that is watched comes to the same.
 */
import type { Fact, LedgerEntry } from "../../market/facts.js";
import type { Log, Outbox } from "../../market/ports.js";
import { participantAccount } from "../../market/rules/ledger.js";
import type { Mechanism } from "../../market/rules/mechanisms/mechanism.js";
import type { MarketTerms } from "../../market/terms.js";
import { majorFromMicro } from "../../shared/decimal.js";
import { minuteMs } from "../../shared/time.js";
import { topicParts } from "../../shared/topics.js";
import { micro } from "../../shared/units.js";
import { openHistoryStore } from "../journal/history-store.js";
import { unratedLimits } from "../mqtt/limits.js";
import { openWebSocketDoor } from "../mqtt/websocket-door.js";
import { createBrowserGuard } from "../rest/browser-guard.js";
import { keepHistory, keptTopics } from "../rest/history-keeper.js";
import { historyPage } from "../rest/limits.js";
import { startViewServer } from "../rest/view-server.js";
import { createLiveShadows, noShadows } from "../results/live-shadows.js";
import { InputError } from "../series/input-error.js";
import { restAddress } from "./public-addresses.js";
import type { SimulateOptions } from "./simulate.js";
import type { SimulationBroker } from "./simulation-broker.js";

export interface RunView {
  /** Passes everything on, and keeps what charts want. */
  outbox(inner: Outbox): Outbox;
  recorded(fact: Fact): void;
  stop(): Promise<void>;
}

export interface RunViewOptions extends Pick<SimulateOptions, "watch" | "host" | "distFolder"> {
  readonly log: Log;
}

/** Undefined where nobody asked for it. @throws PortTakenError, InputError where the broker is another's */
export async function openRunView(
  { watch, host, distFolder, log }: RunViewOptions,
  { openStream }: Pick<SimulationBroker, "openStream">,
  terms: MarketTerms,
  effective: string,
  mechanisms: readonly Mechanism[],
): Promise<RunView | undefined> {
  if (watch === undefined) return undefined;
  if (openStream === undefined) {
    throw new InputError({ file: "--watch" }, "the dashboard is served over the run's own broker: leave --broker out");
  }
  const { market, calendar } = terms;
  const { periodMinutes } = calendar;
  const kept = { mostPeriods: historyPage.most, periodMs: periodMinutes * minuteMs };
  const history = openHistoryStore({ stateFolder: undefined, ...kept });
  const daily = mechanisms.filter((each) => each.kind !== "pool" || each.horizon !== "month");
  const shadows = daily.length === 0 ? undefined : createLiveShadows(effective, daily, terms);
  const books = createBalances();
  const guard = createBrowserGuard({ origins: watch.origins, knowsItsNames: true });
  const server = await startViewServer({
    ...{ host, port: watch.restPort, pagesFolder: `${distFolder}/web`, market, log, history, guard },
    shadows: () => shadows?.told() ?? noShadows,
    balances: books.told,
  });
  const door = openWebSocketDoor(server.server, { openStream }, unratedLimits, guard);
  watch.onListening(restAddress({ host, isEncrypted: false, restPort: server.port }));
  return {
    outbox: (inner) => ({
      ...inner,
      publish(topic, message, retain) {
        const name = topicParts(market, topic)?.levels.join("/") ?? "";
        if (message !== null && keptTopics.test(topic))
          keepHistory(history, periodMinutes, name, JSON.stringify(message));
        inner.publish(topic, message, retain);
      },
    }),
    recorded(fact) {
      shadows?.record(fact);
      if (fact.type === "entry") books.book(fact.entry);
    },
    async stop() {
      door.close();
      await server.stop();
      history.close();
    },
  };
}

/** What was credited to each participant less what was debited. */
function createBalances() {
  const start = participantAccount("");
  const sums = new Map<string, number>();
  const move = (account: string, amountMicro: number): void => {
    if (account.startsWith(start)) sums.set(account, (sums.get(account) ?? 0) + amountMicro);
  };
  return {
    book({ debit, credit, amountMicro }: LedgerEntry): void {
      move(debit, -amountMicro);
      move(credit, amountMicro);
    },
    told: () =>
      [...sums].map(([account, amountMicro]) => ({
        ...{ id: account.slice(start.length), balance: majorFromMicro(micro(amountMicro)) },
      })),
  };
}
