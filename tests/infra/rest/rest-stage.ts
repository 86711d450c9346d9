/** The REST side without sockets, before a market of a few scripted answers. */
import type { InjectOptions } from "fastify";
import type { ChaosSwitch } from "../../../infra/chaos/up-chaos.js";
import type { BalanceStore } from "../../../infra/journal/balance-store.js";
import type { BillStore } from "../../../infra/journal/bill-store.js";
import { type HistoryStore, openHistoryStore } from "../../../infra/journal/history-store.js";
import { createMetrics } from "../../../infra/observe/metrics.js";
import type { Command, CommandTopic, MarketDoor } from "../../../infra/rest/market-door.js";
import type { OperatorBooks, RestApp } from "../../../infra/rest/rest-app.js";
import { createRestApp, type RestServerOptions } from "../../../infra/rest/rest-server.js";
import { createRetainedTopics, type RetainedTopics } from "../../../infra/rest/retained-topics.js";
import { noShadows } from "../../../infra/results/live-shadows.js";
import type { Reply } from "../../../shared/messages/private.js";
import { calendar, terms } from "../../market/managers/sample-terms.js";
import { type MemoryRegistry, memoryRegistry } from "./memory-registry.js";

export interface Sent {
  readonly id: string;
  readonly topic: CommandTopic;
  readonly command: Command;
}

export type Answer = (sent: Sent) => Reply | Promise<Reply>;

const ts = "2016-08-01T00:30:00Z";

export const accepting: Answer = ({ topic, command: { requestId } }) => ({
  ...{ v: 1, ts, requestId, topic, status: "accepted", orderId: "o9", version: 1, acceptedAt: ts },
});

export interface RestStage {
  readonly app: RestApp;
  readonly registry: MemoryRegistry;
  readonly history: HistoryStore;
  readonly sent: Sent[];
  readonly logged: string[];
  /** What is retained below `public/`. */
  readonly publicTopics: RetainedTopics;
  /** And below `private/` of everybody. */
  readonly ownTopics: RetainedTopics;
  readonly settings: { answer: Answer; ready: boolean; chaos?: ChaosSwitch | undefined };
  readonly operatorKey: string;
  /** Registers a newcomer. @returns its key */
  newcomer(): Promise<string>;
  ask(method: Method, url: string, more?: Omit<InjectOptions, "url" | "method">): Promise<Answered>;
}

export type Method = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export const noBills: BillStore = {
  find: () => undefined,
  page: () => ({ bills: [], next: undefined }),
  close: () => {},
};

/** What the operator's routes read, of a market in which nothing was metered or billed yet. */
export const noBooks: OperatorBooks = {
  market: () => ({ calendar, nowMs: Date.parse("2016-08-01T12:00:00Z") }),
  readings: { standing: () => new Map(), close: () => {} },
  statements: {
    terms: { scenario: "none", market: terms, statementKey: "a key" },
    all: async () => ({ rows: [], isComplete: false }),
    one: async () => undefined,
    months: async () => [],
  },
};
/** Nothing is kept unless a test keeps it. */
export const memoryHistory = () => openHistoryStore({ stateFolder: undefined, mostPeriods: 3, periodMs: 1_800_000 });
export const noBalances: BalanceStore = { balances: async () => new Map(), close: () => {} };

export async function restStage(
  bills: BillStore = noBills,
  alsoServe: RestServerOptions["alsoServe"] = [],
  books: Partial<OperatorBooks> = {},
): Promise<RestStage> {
  const registry = memoryRegistry();
  const [publicTopics, ownTopics] = [createRetainedTopics(), createRetainedTopics()];
  const sent: Sent[] = [];
  const logged: string[] = [];
  const settings: RestStage["settings"] = { answer: accepting, ready: false };
  const door: MarketDoor = {
    async send(id, topic, command) {
      sent.push({ id, topic, command });
      return settings.answer({ id, topic, command });
    },
    latest: (name) => publicTopics.latest(name),
    names: (prefix) => publicTopics.all(prefix).map(([name]) => name),
    own: async () => ownTopics,
    listen: async () => () => {},
    isConnected: () => true,
    close: async () => {},
  };
  const note = (message: string, values?: object): void => void logged.push(`${message} ${JSON.stringify(values)}`);
  const history = memoryHistory();
  const app = await createRestApp({
    ...{ market: "main", bills, balances: noBalances, books: { ...noBooks, ...books } },
    ...{ alsoServe, metrics: createMetrics(), history, shadows: () => noShadows },
    inside: () => ({ door, registry, mqttUrls: () => ["mqtt://127.0.0.1:1883"], chaos: settings.chaos }),
    isReady: () => settings.ready,
    log: { info: note, warn: note },
  });
  return {
    operatorKey: [...registry.keys].find(([, id]) => id === "operator")?.[0] ?? "",
    ...{ app, registry, history, sent, logged, publicTopics, ownTopics, settings },
    async newcomer() {
      const outcome = await registry.register({ name: "Ann", role: "prosumer" });
      return outcome.ok ? outcome.key : "";
    },
    async ask(method, url, more = {}) {
      const answer = await app.inject({ ...more, method, url });
      const isJson = String(answer.headers["content-type"]).includes("json");
      const json = isJson && answer.body !== "" ? (JSON.parse(answer.body) as Record<string, unknown>) : {};
      return { status: answer.statusCode, headers: answer.headers, text: answer.body, json };
    },
  };
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
