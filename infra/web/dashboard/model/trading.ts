/** What whoever is signed in sends and has: the desk of commands on the page's connection, and own orders and items from their topic. */
import { computed } from "@preact/signals";
import type { OwnOrders, Reply, Tariff } from "../../../../shared/messages/private.js";
import type { BookTop, ItemList } from "../../../../shared/messages/public.js";
import { periodTopicLevel } from "../../../../shared/time.js";
import { signedInAs } from "../../page/session.js";
import { chosenPeriod } from "./chosen-period.js";
import { createCommandDesk } from "./commands.js";
import { clock, marketMs, onMessage, periods, send, told } from "./market.js";

export const desk = createCommandDesk({
  publish: send,
  requestId: () =>
    `window-${[...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join("")}`,
  now: () => Date.now(),
  after: (ms, act) => void setTimeout(act, ms),
});

/** Starts to take in the replies. */
export function hearReplies(): void {
  onMessage((topic, message) => {
    if (message !== null && topic === `private/${signedInAs.peek()}/replies`) desk.heard(message as Reply);
  });
}

const own = <Message>(name: string) =>
  computed(() =>
    signedInAs.value === undefined ? undefined : told<Message>(`private/${signedInAs.value}/${name}`).value,
  );
export const ownOrders = own<OwnOrders>("orders");
export const ownTariff = own<Tariff>("tariff");

export const biddingPeriods = computed(() => periods.value.filter(({ phase }) => phase === "bidding"));

/** So much wall time is needed to fill in a form. */
const timeToActMs = 15_000;

/** The period that the list and the form are about: the chosen one, else the first whose gate leaves time to act; for who only looks, the next. */
export const tradePeriod = computed((): string | undefined => {
  if (chosenPeriod.value !== undefined) return chosenPeriod.value;
  const neededMs = signedInAs.value === undefined ? 0 : timeToActMs * (clock.value?.rate ?? 1);
  const nowMs = marketMs.value ?? 0;
  const open = biddingPeriods.value;
  const inTime = open.find(({ untilMs }) => untilMs !== undefined && untilMs - nowMs > neededMs);
  return (inTime ?? open.at(-1))?.period;
});

const ofPeriod = <Message>(name: "items" | "book") =>
  computed(() => {
    const period = tradePeriod.value;
    return period === undefined
      ? undefined
      : told<Message>(`public/${name}/${periodTopicLevel(Date.parse(period))}`).value;
  });
export const itemList = ofPeriod<ItemList>("items");
export const bookTop = ofPeriod<BookTop>("book");

/** Mechanisms that price energy after it was metered, and take no orders. */
export const pools = ["bill-sharing", "mid-market-rate", "supply-demand-ratio"];
