/**
 * The market as this page knows it: one connection, one timeline, and the signals that the views read. Views never see the broker; they
 * read what a topic last said at the moment that is shown.
 */
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ClockTick } from "../../../../shared/messages/clock.js";
import type { Kpi, MarketInfo, MarketState, MarketStatus, Price } from "../../../../shared/messages/public.js";
import { filtersOf, topicsOf } from "../../../../shared/topics.js";
import { type About, readAbout } from "../../page/about.js";
import { type BrokerLink, brokerUrl, type LinkState, openBrokerLink } from "../../page/broker-link.js";
import { openPrivateStream, type PrivateStream, type Refusal } from "../../page/private-stream.js";
import { isOperator, login, signedInAs } from "../../page/session.js";
import { createInbox } from "./inbox.js";
import { livePeriods } from "./live-periods.js";
import { type HeardTick, marketTime } from "./market-time.js";
import { onlineKey } from "./online-count.js";
import { createTimeline } from "./timeline.js";

export const about: About = readAbout(document);
export const topics = topicsOf(about.market);
const filters = filtersOf(about.market);
export const timeline = createTimeline();

/** What a topic (below the market's name) last said, at the moment shown. */
export const told = <Message>(topic: string): ReadonlySignal<Message | undefined> => timeline.value<Message>(topic);

export const clock = told<ClockTick>("public/clock");
export const info = told<MarketInfo>("public/market-info");
export const state = told<MarketState>("public/market-state");
export const marketStatus = told<MarketStatus>("public/status");
export const lastPrice = told<Price>("public/price");
export const kpi = told<Kpi>("public/kpi");

export const periods = computed(() => livePeriods(state.value));
export const currency = computed(() => info.value?.currency ?? "");
export const timezone = computed(() => info.value?.timezone);
/** Everything is shown to whoever is the operator, and to all in a simulation. */
export const seesAll = computed(() => about.openToAll || isOperator.value);

/** Topics with a value below a path, at the moment shown, such as all `public/results/`; in the order of their names. */
export function topicsBelow(path: string): ReadonlySignal<readonly string[]> {
  return computed(() => timeline.keys.value.filter((key) => key.startsWith(path)).sort());
}

const link = signal<BrokerLink | undefined>(undefined);
/** Where what is private comes over REST. */
const ownStream = signal<PrivateStream | undefined>(undefined);
export const linkState = computed<LinkState>(() =>
  ownStream.value?.isRefused.value === true ? "refused" : (link.value?.state.value ?? "connecting"),
);

/** Wall time, four times a second: what counts down reads it. */
export const wallMs = signal(Date.now());
const heardTick = signal<HeardTick | undefined>(undefined);
/** Market time at the moment shown, ms UTC. */
export const marketMs = computed(() => {
  const tick = clock.value;
  if (tick === undefined) return undefined;
  if (timeline.paused.value !== undefined) return Date.parse(tick.ts);
  return marketTime(heardTick.value, wallMs.value, info.value?.periodMinutes);
});

/** Asks for more than everybody's topics; for the operator's views. */
export function listenTo(filter: string): void {
  more.add(filter);
  link.peek()?.subscribe(filter);
}
const more = new Set<string>();

/**
 * Sends a command of whoever is signed in. @returns why the server does not let it through; brokers say nothing of the kind
 * @throws Error where nobody is signed in, or the broker is away
 */
export async function send(name: "items" | "orders", command: object): Promise<Refusal | undefined> {
  const id = signedInAs.peek();
  const open = link.peek();
  const stream = ownStream.peek();
  if (id === undefined || open === undefined) throw new Error("sign in first");
  if (stream !== undefined) return await stream.command(name, command);
  await open.publish(topics.in(id, name), command);
  return undefined;
}

type Listener = (topic: string, message: object | null) => void;
const listeners = new Set<Listener>();

/** Hears each message as it comes, whatever moment is shown. */
export function onMessage(listener: Listener): void {
  listeners.add(listener);
}

/** Whether the broker tells it again to whoever comes. */
function isRetained(key: string): boolean {
  if (key === onlineKey) return false;
  if (key.startsWith("public/")) return key !== "public/trades";
  return ownStream.peek() === undefined && !/\/(replies|fills)$/.test(key);
}

/** Opens the connection, and opens it anew when somebody signs in or out. */
export function startMarket(): void {
  const inbox = createInbox(timeline, isRetained);
  const start = `${topics.prefix}/`;
  setInterval(() => {
    wallMs.value = Date.now();
  }, 250);
  const take = (below: string, message: object | null, size: number): void => {
    if (below === "public/clock" && message !== null) {
      heardTick.value = { tick: message as ClockTick, wallMs: Date.now() };
    }
    inbox.put(below, message, size);
    for (const listener of listeners) listener(below, message);
  };
  effect(() => {
    const mine = login.value;
    const participant = mine === undefined || mine.username === "operator" ? undefined : mine;
    // Where the broker lets each participant in once, the page leaves that to its devices, and has what is private over REST.
    const streamed = about.oneConnectionEach ? participant : undefined;
    const own = participant === undefined || streamed !== undefined ? [] : [filters.ownPrivate(participant.username)];
    const opened = openBrokerLink({
      ...{ url: brokerUrl(location), login: streamed === undefined ? mine : undefined },
      ...{ filters: [filters.everythingPublic, ...own, ...more], isNameless: about.oneConnectionEach },
      onSubscribed: inbox.connected,
      onMessage(topic, message, size) {
        if (topic.startsWith(start)) take(topic.slice(start.length), message, size);
      },
    });
    const stream =
      streamed &&
      openPrivateStream({
        ...{ base: location.origin, login: streamed },
        onMessage: (topic, message, size) => take(`private/${streamed.username}/${topic}`, message, size),
      });
    link.value = opened;
    ownStream.value = stream;
    return () => {
      opened.close();
      stream?.close();
    };
  });
}
