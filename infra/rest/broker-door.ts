/**
 * The market door over a broker connection of the account `api`.
 *
 * What is public and asked for often is listened to from the start. Of a participant its own topics are listened to from when they are
 * first needed until ten minutes after, so that who trades over MQTT alone costs this door nothing.
 */
import { readJson } from "../../market/door/decode.js";
import type { Clock } from "../../market/managers/alarm.js";
import type { Log } from "../../market/ports.js";
import { reply as replySchema } from "../../shared/messages/private.js";
import { filtersOf, type Topics, topicParts, topicsOf } from "../../shared/topics.js";
import type { Connect, Connection } from "../mqtt/connection.js";
import * as limits from "./limits.js";
import { type Command, type CommandTopic, type MarketDoor, NoReplyError } from "./market-door.js";
import { createRetainedTopics, type RetainedTopics } from "./retained-topics.js";
import { createWaitingCommands } from "./waiting-commands.js";

export interface BrokerDoorOptions {
  readonly market: string;
  readonly url: string;
  readonly password: string;
  readonly connect: Connect;
  /** Wall time. */
  readonly wall: Clock;
  readonly log: Log;
  /** Hears how long the market took for each reply, wall milliseconds. */
  readonly onReplied?: (afterMs: number) => void;
  /** Hears what is public, by the name below `public/`; the item lists too. */
  readonly onPublic?: (name: string, payload: string) => void;
}

interface Listening {
  /** The broker has taken the subscription. */
  readonly subscribed: Promise<void>;
  /** And has sent what it retains. */
  readonly settled: Promise<void>;
  readonly retained: RetainedTopics;
  readonly listeners: Set<(name: string, payload: string) => void>;
  heardAt: number;
  usedAt: number;
}

/** Of what is private, what stays to be read; bills are kept by the settlement manager's journal. */
const keptOwn = /^(orders|tariff|statement|contracts\/.*)$/;

const publicHeard = ["market-info", "market-state", "kpi", "status", "clock", "price", "energy", "network"] as const;

/** @throws Error where the broker refuses or is not there */
export async function openBrokerDoor(options: BrokerDoorOptions): Promise<MarketDoor> {
  const { market, wall, log } = options;
  const topics = topicsOf(market);
  const filters = filtersOf(market);
  const publicTopics = createRetainedTopics();
  const listened = new Map<string, Listening>();
  const commands = createWaitingCommands({ wall, ...(options.onReplied ? { onReplied: options.onReplied } : {}) });
  let ending = false;

  function hearOwn(id: string, name: string, payload: string): void {
    const listening = listened.get(id);
    if (listening === undefined) return;
    listening.heardAt = wall.now();
    if (keptOwn.test(name)) listening.retained.set(name, payload);
    if (name === "replies") {
      const parsed = replySchema.safeParse(readJson(payload));
      if (parsed.success) commands.hear(id, parsed.data);
    }
    if (payload !== "") for (const listener of listening.listeners) listener(name, payload);
  }

  function hearPublic(name: string, payload: string): void {
    publicTopics.set(name, payload);
    options.onPublic?.(name, payload);
  }

  const connection = await options.connect({
    ...{ url: options.url, clientId: "api/rest", username: "api", password: options.password },
    onMessage: (topic, payload) => {
      const parts = topicParts(market, topic);
      const text = payload.toString("utf8");
      if (parts?.area === "public") hearPublic(parts.levels.join("/"), text);
      else if (parts?.area === "private") hearOwn(parts.levels[0] ?? "", parts.levels.slice(1).join("/"), text);
    },
    onError: (error) => log.warn("the REST side has trouble with the broker", { error: error.message }),
    onDisconnect: () => {
      if (!ending) log.warn("the REST side lost the broker and connects again");
    },
  });
  await connection.subscribe([
    ...publicHeard.map((name) => topics.public(name)),
    ...(["items", "results"] as const).map((name) => filters.publicPeriods(name)),
  ]);

  function listening(id: string): Listening {
    const known = listened.get(id);
    if (known !== undefined) {
      known.usedAt = wall.now();
      return known;
    }
    if (!connection.isConnected()) throw new NoReplyError(undefined, "the broker is away: ask again in a moment");
    makeRoom();
    const made = listenTo(id, connection);
    listened.set(id, made);
    made.subscribed.catch(() => listened.delete(id));
    return made;
  }

  function listenTo(id: string, to: Connection): Listening {
    const subscribed = to.subscribe([filters.ownPrivate(id)]);
    const made: Listening = {
      ...{
        subscribed,
        retained: createRetainedTopics(),
        listeners: new Set(),
        heardAt: wall.now(),
        usedAt: wall.now(),
      },
      settled: subscribed.then(async () => {
        made.heardAt = wall.now();
        while (wall.now() - made.heardAt < limits.quietMs) {
          await new Promise<void>((resolve) => void wall.setTimeout(resolve, limits.quietMs / 2));
        }
      }),
    };
    made.settled.catch(() => {}); // whoever awaits it hears of it
    return made;
  }

  const isIdle = (id: string, { listeners }: Listening): boolean => listeners.size === 0 && !commands.waitsFor(id);

  function forget(id: string): void {
    listened.delete(id);
    connection.unsubscribe([filters.ownPrivate(id)]).catch(() => {}); // it ends with the connection at the latest
  }

  function makeRoom(): void {
    if (listened.size < limits.mostListenedTo) return;
    let oldest: string | undefined;
    let usedAt = Number.POSITIVE_INFINITY;
    for (const [id, one] of listened) {
      if (one.usedAt >= usedAt || !isIdle(id, one)) continue;
      oldest = id;
      usedAt = one.usedAt;
    }
    if (oldest === undefined) throw new NoReplyError(undefined, "too many participants are served at once: ask again");
    forget(oldest);
  }

  let sweeper: unknown;
  const sweepLater = (): void => {
    sweeper = wall.setTimeout(() => {
      const before = wall.now() - limits.listenedToForMs;
      for (const [id, one] of listened) if (one.usedAt < before && isIdle(id, one)) forget(id);
      sweepLater();
    }, limits.listenedToForMs / 10);
  };
  sweepLater();

  return {
    async send(id, topic, command) {
      const away = () => new NoReplyError(command.requestId, "the broker is away: send the same again in a moment");
      if (!connection.isConnected()) throw away();
      await listening(id).subscribed.catch(() => Promise.reject(away()));
      return commands.send(id, topic, command, () => publish(connection, topics, id, topic, command));
    },
    latest: (name) => publicTopics.latest(name),
    names: (prefix) => publicTopics.all(prefix).map(([name]) => name),
    async own(id) {
      const own = listening(id);
      await own.settled;
      return { latest: (name) => own.retained.latest(name), all: (prefix) => own.retained.all(prefix) };
    },
    async listen(id, onMessage) {
      const own = listening(id);
      // From the very first moment, so that nothing is lost between what is retained and what comes.
      const early: [string, string][] = [];
      let hear = (name: string, payload: string): void => void early.push([name, payload]);
      const listener = (name: string, payload: string): void => hear(name, payload);
      own.listeners.add(listener);
      try {
        await own.settled;
      } catch (error) {
        own.listeners.delete(listener);
        throw error;
      }
      const before = new Set(early.map(([name]) => name));
      for (const [name, { payload }] of own.retained.all("")) if (!before.has(name)) onMessage(name, payload);
      for (const [name, payload] of early) onMessage(name, payload);
      hear = onMessage;
      return () => own.listeners.delete(listener);
    },
    isConnected: () => connection.isConnected(),
    async close() {
      ending = true;
      wall.clearTimeout(sweeper);
      commands.giveUp();
      await connection.end(1000);
    },
  };
}

function publish(connection: Connection, topics: Topics, id: string, topic: CommandTopic, command: Command): void {
  if (connection.isConnected()) connection.publish(topics.in(id, topic), JSON.stringify(command), false);
}
