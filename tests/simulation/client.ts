/**
 * A participant's program, written from docs/contract.md alone: it knows topics and messages, nothing of the market's code.
 *
 * It sends commands, and the same again where no reply comes in 5 s, until it has a reply that is final; it believes nothing but replies.
 */
import type { RandomStream } from "../../shared/random-stream.js";
import { drawBatch } from "./batches.js";
import type { Broker, Client } from "./broker.js";
import { type Drawn, drawCommand } from "./commands.js";
import type { Wall } from "./wall.js";

/** What a stranger reads on `public/market-info`, in milliseconds of market time. */
export interface KnownCalendar {
  readonly firstPeriodMs: number;
  readonly periods: number;
  readonly periodMs: number;
  readonly openMs: number;
  readonly gateMs: number;
  readonly mechanism: string;
}

export interface OwnObject {
  readonly id: string;
  readonly kind: "order" | "item";
  readonly periodMs: number;
  readonly energyWh: number;
  readonly pricePerKwh: number;
  version: number;
}

export interface ListedItem {
  readonly itemId: string;
  readonly periodMs: number;
  readonly side: "buy" | "sell";
  readonly energyKwh: number;
  readonly pricePerKwh: number;
}

/** What commands are drawn from. */
export interface ClientView {
  readonly id: string;
  /** Whose meter it is; undefined: nobody's, it trades. */
  readonly meterOf: string | undefined;
  readonly isGuest: boolean;
  readonly calendar: KnownCalendar;
  readonly marketMs: () => number;
  readonly own: OwnObject[];
  readonly listed: Map<string, ListedItem>;
  /** Sent before, to be repeated or misused. */
  readonly sent: Drawn[];
  /** What its request ids begin with. */
  readonly prefix: string;
  requests: number;
}

export interface ClientHooks {
  readonly onSent: (sender: string, drawn: Drawn) => void;
  readonly onReply: (receiver: string, payload: string) => void;
}

export interface ClientOptions extends ClientHooks {
  readonly view: ClientView;
  readonly wall: Wall;
  readonly broker: Broker;
  readonly chance: RandomStream;
  /** Whether the broker forgets its session each time the connection ends. */
  readonly clean: boolean;
  /** A gateway's: those it sends for. */
  readonly homes?: readonly ClientView[];
}

export interface SimulatedClient {
  readonly view: ClientView;
  /** Draws a command and sends it. */
  act(): void;
  /** Commands without a final reply. */
  pending(): readonly Drawn[];
}

interface Heard {
  readonly requestId: string | null;
  readonly topic: string;
  readonly code?: string;
  /** To a batch: one for each entry. */
  readonly replies?: readonly { readonly code?: string }[];
}

const retryMs = 5000;
/** Said by a market that could not work it: send the same again. */
const passing = new Set(["market-closed", "rate-limited", "not-registered"]);

export function startClient(options: ClientOptions): SimulatedClient {
  const { view, wall, broker, chance, homes } = options;
  const { id } = view;
  const viewOf = new Map([view, ...(homes ?? [])].map((one) => [one.id, one]));
  const filters = [
    ...[`elecbay/main/private/${id}/#`, "elecbay/main/public/items/+"],
    ...(homes ?? []).map((home) => `elecbay/main/private/${home.id}/orders`),
  ];
  const pending = new Map<string, Drawn>();
  let isSubscribed = false;
  const client: Client = broker.connect({
    ...{ clientId: id, clean: options.clean },
    will: { topic: `elecbay/main/in/${id}/status`, payload: JSON.stringify({ v: 1, status: "offline" }) },
    onMessage: hear,
    onConnect(present) {
      // A session may be there without its subscriptions, where the connection broke before they had come.
      if (!present) isSubscribed = false;
      if (!isSubscribed) {
        client.subscribe(filters, (granted) => {
          isSubscribed = granted;
        });
      }
      client.publish(`elecbay/main/in/${id}/status`, JSON.stringify({ v: 1, status: "online" }), true);
    },
    onDisconnect: () => {},
  });

  function hear(topic: string, payload: string): void {
    const [, , area, name, kind] = topic.split("/");
    if (area === "private" && kind === "replies") hearReply(payload);
    else if (area === "private" && kind === "orders") hearOrders(viewOf.get(name ?? ""), payload);
    else if (area === "public" && name === "items" && payload !== "") hearList(payload);
  }

  function hearReply(payload: string): void {
    options.onReply(id, payload);
    const reply = JSON.parse(payload) as Heard;
    if (reply.requestId === null || [reply, ...(reply.replies ?? [])].some(isPassing)) return;
    pending.delete(`${reply.topic}/${reply.requestId}`);
  }

  function isPassing({ code }: { readonly code?: string }): boolean {
    return code !== undefined && passing.has(code) && !isHopeless(code);
  }

  /** Nobody makes a member of a stranger's meter. */
  function isHopeless(code: string): boolean {
    return code === "not-registered" && !view.isGuest;
  }

  function hearOrders(owner: ClientView | undefined, payload: string): void {
    if (owner === undefined || payload === "") return;
    const { items, orders } = JSON.parse(payload) as {
      items: { itemId: string; version: number; period: string; energyKwh: number; pricePerKwh: number }[];
      orders: { orderId: string; version: number; period: string; energyKwh: number; pricePerKwh: number }[];
    };
    const described = ({ period, energyKwh, version, pricePerKwh }: (typeof items | typeof orders)[number]) => ({
      ...{ periodMs: Date.parse(period), energyWh: Math.round(energyKwh * 1000), version, pricePerKwh },
    });
    owner.own.length = 0;
    for (const item of items) owner.own.push({ id: item.itemId, kind: "item", ...described(item) });
    for (const order of orders) owner.own.push({ id: order.orderId, kind: "order", ...described(order) });
  }

  function hearList(payload: string): void {
    const { period, items } = JSON.parse(payload) as { period: string; items: Omit<ListedItem, "periodMs">[] };
    const periodMs = Date.parse(period);
    for (const [itemId, item] of view.listed) if (item.periodMs === periodMs) view.listed.delete(itemId);
    for (const item of items) view.listed.set(item.itemId, { ...item, periodMs });
  }

  function send(drawn: Drawn): void {
    client.publish(`elecbay/main/in/${id}/${drawn.topic}`, drawn.payload, false);
    if (drawn.requestId === null) return;
    wall.setTimeout(() => {
      if (pending.get(`${drawn.topic}/${drawn.requestId}`) === drawn) send(drawn);
    }, retryMs);
  }

  return {
    view,
    pending: () => [...pending.values()],
    act() {
      // Somebody without an order cannot change one: it does something else then.
      const draw = () => (homes === undefined ? drawCommand(view, chance) : drawBatch(view, homes, chance));
      const drawn = draw() ?? draw();
      if (drawn === undefined) return;
      options.onSent(id, drawn);
      const key = `${drawn.topic}/${drawn.requestId}`;
      if (drawn.requestId !== null && !pending.has(key)) pending.set(key, drawn);
      send(drawn);
    },
  };
}
