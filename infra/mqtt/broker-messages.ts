/** What the broker's thread and the program tell each other. */
import type { Account } from "./accounts.js";

export interface BrokerThreadData {
  readonly market: string;
  readonly host: string;
  readonly port: number;
  readonly accounts: readonly Account[];
  readonly guestsWelcome: boolean;
}

export type FromBroker =
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  /** A stranger takes a free id; its login goes on once `guest-known` answers. */
  | { readonly type: "guest"; readonly id: string; readonly password: string }
  | { readonly type: "refused"; readonly what: string; readonly reason: string };

export type ToBroker =
  | { readonly type: "guest-known"; readonly id: string }
  /** A newcomer, or an account that has changed. `cut`: its live connections end, for they logged in with what holds no more. */
  | { readonly type: "account"; readonly account: Account; readonly cut: boolean }
  /** Stands still, as a machine that is busy with something else. */
  | { readonly type: "pause"; readonly forMs: number }
  | { readonly type: "stop" };
