/** A participant's end of a market: commands as promises of their replies, and listeners for what the market tells. */
import { randomUUID } from "node:crypto";
import type * as commands from "../../shared/messages/commands.js";
import type { Reply } from "../../shared/messages/private.js";
import { topicsOf } from "../../shared/topics.js";
import { filtersByName, type Heard, type HeardName, messageFrom, nameOf } from "./heard.js";
import { createListeners } from "./listeners.js";
import { openParticipantConnection, statusText } from "./participant-connection.js";
import { createPendingCommands } from "./pending-commands.js";

/** A command as a participant writes it: the rest the client fills in. */
type Asked<Command> = Omit<Command, "v" | "ts" | "requestId" | "action"> & {
  /** To send the same again later, after a restart too; else it is made. */
  readonly requestId?: string;
};

/** What `register` gave. */
export interface MarketAccess {
  readonly id: string;
  readonly key: string;
  /** Tried in turn; `mqtt://host:port` or `mqtts://host:port`. Those over WebSockets, for browsers, are left out. */
  readonly urls: readonly string[];
  readonly market: string;
}

export interface MarketClientOptions {
  /** Needed for a second connection of the same participant: the id, a slash, anything. */
  readonly clientId?: string;
  readonly sendAgainAfterMs?: number;
  readonly giveUpAfterMs?: number;
  /** Told of what is no message of the contract, and of trouble with the connection, which is tried again for ever. */
  readonly onError?: (error: Error) => void;
}

/** A rejection is a reply like any other: look at `status`. All commands throw `NoReplyError` where the market is silent. */
export interface MarketClient {
  readonly id: string;
  list(item: Asked<commands.ListItem>): Promise<Reply>;
  withdraw(item: Asked<commands.WithdrawItem>): Promise<Reply>;
  order(order: Asked<commands.PlaceOrder>): Promise<Reply>;
  modify(order: Asked<commands.ModifyOrder>): Promise<Reply>;
  cancel(order: Asked<commands.CancelOrder>): Promise<Reply>;
  notify(position: Asked<commands.NotifyPosition>): Promise<Reply>;
  meter(reading: Asked<commands.MeterReading>): Promise<Reply>;
  /**
   * Hears messages of that name from now on, and what the broker keeps of it.
   * @returns ends it
   */
  on<Name extends HeardName>(name: Name, listener: (message: Heard<Name>) => void): () => void;
  onReply(listener: (reply: Reply) => void): () => void;
  onBill(listener: (bill: Heard<"bill">) => void): () => void;
  isConnected(): boolean;
  /** Says that it is gone and ends the connection; orders and contracts stand. */
  close(): Promise<void>;
}

/** @throws Error where none of the addresses lets it in. */
export async function joinMarket(access: MarketAccess, options: MarketClientOptions = {}): Promise<MarketClient> {
  const { id, key, market } = access;
  const { sendAgainAfterMs = 5000, giveUpAfterMs = 30_000, onError = () => {}, clientId = id } = options;
  const topics = topicsOf(market);
  const filters = filtersByName(market, id);
  const pending = createPendingCommands(sendAgainAfterMs, giveUpAfterMs);
  const listeners = createListeners();
  listeners.add("reply", (reply) => pending.hear(reply));

  const hear = (topic: string, payload: Buffer): void => {
    const name = nameOf(market, topic);
    if (name === undefined || !listeners.isHeard(name)) return;
    try {
      if (payload.length === 0) listeners.forget(name, topic);
      else listeners.tell(name, topic, messageFrom(name, payload.toString("utf8")));
    } catch (error) {
      onError(new Error(`a message on ${topic} could not be taken`, { cause: error }));
    }
  };
  const subscribe = async (name: HeardName): Promise<void> => connection.subscribe([filters.get(name) ?? ""]);
  const say = (status: "online" | "offline"): void =>
    connection.publish(topics.in(id, "status"), statusText(status), true);
  let isOpen = false;
  const connection = await firstOf(access.urls.filter(isOverTcp), (url) =>
    openParticipantConnection({
      ...{ url, market, id, key, clientId, onMessage: hear, onError },
      onConnect: () => {
        if (isOpen) say("online"); // again, after it was away
      },
    }),
  );
  isOpen = true;
  await subscribe("reply");
  say("online");

  const send = (topic: "items" | "orders" | "meter", action: string | undefined, asked: { requestId?: string }) => {
    const { requestId = randomUUID(), ...command } = asked;
    const text = JSON.stringify({ v: 1, requestId, action, ...command });
    return pending.send(topic, requestId, () => connection.publish(topics.in(id, topic), text, false));
  };
  const client: MarketClient = {
    id,
    list: (item) => send("items", "list", item),
    withdraw: (item) => send("items", "withdraw", item),
    order: (order) => send("orders", "place", order),
    modify: (order) => send("orders", "modify", order),
    cancel: (order) => send("orders", "cancel", order),
    notify: (position) => send("orders", "notify", position),
    meter: (reading) => send("meter", undefined, reading),
    on(name, listener) {
      if (listeners.add(name, listener)) subscribe(name).catch((error: unknown) => onError(error as Error));
      return () => listeners.remove(name, listener);
    },
    onReply: (listener) => client.on("reply", listener),
    onBill: (listener) => client.on("bill", listener),
    isConnected: () => connection.isConnected(),
    async close() {
      say("offline");
      pending.giveUp();
      await connection.end();
    },
  };
  return client;
}

const isOverTcp = (url: string): boolean => /^mqtts?:/.test(url);

async function firstOf<T>(urls: readonly string[], open: (url: string) => Promise<T>): Promise<T> {
  const failures: string[] = [];
  for (const url of urls) {
    try {
      return await open(url);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(failures.length === 0 ? "no address of a broker was given" : failures.join("; "));
}
