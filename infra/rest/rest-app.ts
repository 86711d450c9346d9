/** What the routes are made with and find on every request. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Log } from "../../market/ports.js";
import type { CalendarTerms } from "../../market/terms.js";
import type { ShadowsTold } from "../../shared/shadow-figures.js";
import type { StatementBook } from "../bills/statement-book.js";
import type { ChaosSwitch } from "../chaos/up-chaos.js";
import type { InspectionSwitch } from "../inspect/inspection-switch.js";
import type { BalanceStore } from "../journal/balance-store.js";
import type { BillStore } from "../journal/bill-store.js";
import type { HistoryStore } from "../journal/history-store.js";
import type { ReadingStore } from "../journal/reading-store.js";
import type { AccountView, Registry } from "../registry/registry.js";
import type { MarketDoor } from "./market-door.js";

export type RestApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What is there once the market has started. */
export interface MarketInside {
  readonly door: MarketDoor;
  readonly registry: Registry;
  /** Where participants reach the broker, such as `mqtt://127.0.0.1:1883`; `asked`: the host name that the request came to. */
  readonly mqttUrls: (asked: string) => readonly string[];
  /** Undefined where nobody asked for faults. */
  readonly chaos?: ChaosSwitch | undefined;
  readonly inspection?: InspectionSwitch | undefined;
}

/** What the operator's routes read of the market's journals. */
export interface OperatorBooks {
  /** What the market goes by, and its time now. */
  readonly market: () => { readonly calendar: CalendarTerms; readonly nowMs: number };
  readonly readings: ReadingStore;
  readonly statements: Omit<StatementBook, "keepRead">;
}

export interface RestServices {
  /** The market's name in topics. */
  readonly market: string;
  /** @throws ProblemError while the market starts */
  readonly inside: () => MarketInside;
  readonly bills: BillStore;
  readonly books: OperatorBooks;
  readonly balances: BalanceStore;
  readonly history: HistoryStore;
  /** What other mechanisms would have made of it. */
  readonly shadows: () => ShadowsTold;
  /** The market is online. */
  readonly isReady: () => boolean;
  /** Prometheus text. */
  readonly metrics: () => string;
  readonly log: Log;
}

/** Who may ask: everybody, who has a key, or the operator alone. */
export type Access = "public" | "own" | "operator";

declare module "fastify" {
  interface FastifyRequest {
    /** Whose key came with it. */
    account: AccountView | undefined;
  }
  interface FastifyContextConfig {
    /** `public` where it is not named. */
    access?: Access;
  }
}
