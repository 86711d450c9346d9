/**
 * The page's one connection to the broker: MQTT over a WebSocket on the host and port that the page came from. Nothing else of the pages
 * knows MQTT.
 *
 *   connecting --login taken--> live --connection lost--> reconnecting --login taken--> live
 *       '--------login refused------> refused (for good, until somebody signs in anew)
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { IClientOptions, MqttClient } from "mqtt";
import type { Login } from "./login.js";

export type LinkState = "connecting" | "live" | "reconnecting" | "refused";

export interface BrokerLink {
  readonly state: ReadonlySignal<LinkState>;
  /** Adds to what is listened to; the broker may refuse, of which nothing is heard but silence. */
  subscribe(filter: string): void;
  /** @returns a promise that resolves when the broker has taken it. @throws Error while the broker is away */
  publish(topic: string, message: object): Promise<void>;
  close(): void;
}

export interface LinkOptions {
  readonly url: string;
  /** Undefined: as an observer. */
  readonly login: Login | undefined;
  /** Observers come without a user name. */
  readonly isNameless?: boolean;
  readonly filters: readonly string[];
  /** `message`: null for an empty payload, with which a retained message is cleared. `size`: of its text, characters. */
  readonly onMessage: (topic: string, message: object | null, size: number) => void;
  /** Those of a new connection stand: what is retained comes now, all of it. */
  readonly onSubscribed: () => void;
}

const tryAgainAfterMs = 1000;
const connectWithinMs = 8000;
const keepAliveSeconds = 30;

/** Address of the broker as seen from a page at `location`. */
export function brokerUrl({ protocol, host }: Pick<Location, "protocol" | "host">): string {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/mqtt`;
}

export function openBrokerLink(options: LinkOptions): BrokerLink {
  const state = signal<LinkState>("connecting");
  const filters = new Set(options.filters);
  let client: MqttClient | undefined;
  let isClosed = false;
  const listen = (to: readonly string[], onListening: () => void = () => {}): void => {
    client?.subscribe(Object.fromEntries(to.map((filter) => [filter, { qos: qosOf(filter) }])), (error) => {
      if (error === null) onListening();
    });
  };
  // Loaded while the page is drawn already: it is the largest part of it.
  void import("mqtt").then(({ default: mqtt }) => {
    if (isClosed) return;
    client = mqtt.connect(options.url, settingsOf(options));
    follow(client, state, options);
    client.on("connect", () => listen([...filters], options.onSubscribed));
  });
  return {
    state,
    subscribe(filter) {
      if (filters.has(filter)) return;
      filters.add(filter);
      if (client?.connected === true) listen([filter]);
    },
    async publish(topic, message) {
      if (client?.connected !== true) throw new Error("the broker is away: try again in a moment");
      await client.publishAsync(topic, JSON.stringify(message), { qos: 1 });
    },
    close() {
      isClosed = true;
      client?.end(true);
    },
  };
}

/** What is told anew all the time may be missed, and costs half without an acknowledgement of each message; a reply may not. */
const qosOf = (filter: string): 0 | 1 => (filter.includes("/private/") ? 1 : 0);

function settingsOf({ login, isNameless = false }: LinkOptions): IClientOptions {
  const name = login?.username ?? "observer";
  const random = Math.random().toString(36).slice(2, 10);
  return {
    // A second connection of one participant has a client id below its own.
    clientId: login === undefined && isNameless ? `window-${random}` : `${name}/window-${random}`,
    ...(login === undefined && isNameless ? {} : { username: name }),
    ...(login === undefined ? {} : { password: login.password }),
    ...{ protocolVersion: 4, reconnectPeriod: tryAgainAfterMs, connectTimeout: connectWithinMs },
    // Timers in a worker of its own would be a script that the page's content policy refuses.
    ...{ keepalive: keepAliveSeconds, resubscribe: false, queueQoSZero: false, timerVariant: "native" },
  };
}

function follow(client: MqttClient, state: Signal<LinkState>, { onMessage }: LinkOptions): void {
  client.on("connect", () => {
    state.value = "live";
  });
  client.on("close", () => {
    if (state.value === "live") state.value = "reconnecting";
  });
  client.on("error", (error) => {
    // Answers to a login: bad user name or password, not authorised.
    const code = (error as { code?: number | string }).code;
    if (code !== 4 && code !== 5) return;
    state.value = "refused";
    client.end(true);
  });
  client.on("message", (topic, payload) => {
    const text = payload.toString();
    const message = parsed(text);
    if (message !== undefined) onMessage(topic, message, text.length);
  });
}

/** Undefined for what is no JSON object: nobody's message. */
function parsed(text: string): object | null | undefined {
  if (text === "") return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
