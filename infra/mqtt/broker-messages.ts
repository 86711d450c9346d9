/** What the broker's thread and the program tell each other. */
import type { Account } from "./accounts.js";
import type { FromInside, ToInside } from "./inside-messages.js";
import type { BrokerLimits } from "./limits.js";
import type { RefusalCounts } from "./refusals.js";

/** Certificate with its chain, and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface BrokerThreadData {
  readonly market: string;
  readonly host: string;
  readonly port: number;
  /** Undefined: plain MQTT. */
  readonly tls?: Certificate | undefined;
  /** Where the market's own processes come in, on loopback and plain, when the door is elsewhere or speaks TLS; 0: a free port. */
  readonly insidePort?: number | undefined;
  readonly accounts: readonly Account[];
  readonly guestsWelcome: boolean;
  readonly limits: BrokerLimits;
}

export type FromBroker =
  /** `insidePort`: as `port` where one door serves all. */
  | { readonly type: "listening"; readonly port: number; readonly insidePort: number }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  /** A stranger takes a free id; its login goes on once `guest-known` answers. */
  | { readonly type: "guest"; readonly id: string; readonly password: string }
  | { readonly type: "refused"; readonly what: string; readonly reason: string }
  /** Once a second, where there is something new. `untold`: refused without a message of its own. */
  | { readonly type: "counts"; readonly connections: number; readonly refused: RefusalCounts; readonly untold: number }
  | FromInside
  | FromStream;

export type ToBroker =
  /** `refusal`: why it may not come in; undefined: it may. */
  | { readonly type: "guest-known"; readonly id: string; readonly refusal?: string | undefined }
  /** A newcomer, or an account that has changed. `cut`: its live connections end, for they logged in with what holds no more. */
  | { readonly type: "account"; readonly account: Account; readonly cut: boolean }
  /** The door speaks TLS with it from the next connection on. */
  | { readonly type: "certificate"; readonly tls: Certificate }
  /** Stands still, as a machine that is busy with something else. */
  | { readonly type: "pause"; readonly forMs: number }
  | { readonly type: "stop" }
  | ToInside
  | ToStream;

/** Of a connection that came over a WebSocket, whose socket the program holds. */
export type ToStream =
  | { readonly type: "stream-open"; readonly id: number; readonly address: string }
  | { readonly type: "stream-data"; readonly id: number; readonly bytes: Uint8Array }
  /** So many bytes have left for the client. */
  | { readonly type: "stream-sent"; readonly id: number; readonly bytes: number }
  | { readonly type: "stream-closed"; readonly id: number };

export type FromStream =
  | { readonly type: "stream-data"; readonly id: number; readonly bytes: Uint8Array }
  /** Whether more is taken for now. */
  | { readonly type: "stream-flow"; readonly id: number; readonly go: boolean }
  /** Its client has logged in. */
  | { readonly type: "stream-known"; readonly id: number }
  | { readonly type: "stream-closed"; readonly id: number };
