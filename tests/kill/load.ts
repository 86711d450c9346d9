/** Traders who list, order, change, cancel and read their meters without a pause, each drawing from a stream of its own. */
import { type RandomStream, stream } from "../../shared/random-stream.js";
import { type Fields, type SentCommand, startTrader, type Trader } from "./trader.js";

export interface Load {
  readonly traders: readonly Trader[];
  /** Ends new commands; what is unanswered is still repeated. */
  pause(): void;
  /** Market time of the last tick heard, in milliseconds. */
  marketTimeMs(): number;
  end(): Promise<void>;
}

export interface LoadOptions {
  readonly url: string;
  readonly ids: readonly string[];
  readonly passwordOf: (id: string) => string;
  readonly seed: number;
  readonly calendar: { readonly periodMinutes: number; readonly openMinutes: number; readonly gateMinutes: number };
}

/** Of one trader, in wall time; and so many of its commands may wait for a reply. */
const commandEveryMs = 25;
const mostUnanswered = 12;
const minuteMs = 60_000;

interface OwnOrder {
  readonly orderId: string;
  readonly periodMs: number;
  version: number;
}

export function startLoad(options: LoadOptions): Load {
  const { calendar } = options;
  let marketTimeMs = 0;
  let paused = false;
  const items = new Map<string, { readonly itemId: string; readonly side: string; readonly pricePerKwh: number }[]>();
  const periodMs = calendar.periodMinutes * minuteMs;

  /** A period that takes orders, most often: the one whose gate is about to close comes often too. */
  function somePeriod(random: RandomStream): number {
    const firstGateMs = marketTimeMs + calendar.gateMinutes * minuteMs;
    const first = Math.ceil(firstGateMs / periodMs) * periodMs;
    return first + random.integer(0, Math.floor(calendar.openMinutes / calendar.periodMinutes)) * periodMs;
  }

  function onMessage(topic: string, fields: Fields): void {
    // A broker that came back gives the last tick it has, which may be an old one.
    if (topic.endsWith("public/clock")) marketTimeMs = Math.max(marketTimeMs, Date.parse(String(fields.ts)));
    else items.set(String(fields.period), fields.items as never);
  }

  function startOne(id: string): { readonly trader: Trader; readonly timer: NodeJS.Timeout } {
    const random = stream(options.seed, id, "orders");
    const own: OwnOrder[] = [];
    const readPeriods = new Set<number>();
    const trader = startTrader({
      ...{ id, url: options.url, password: options.passwordOf(id), onMessage },
      filters: ["elecbay/main/public/clock", "elecbay/main/public/items/+"],
      onReply: (command) => noteOwn(own, command),
    });
    const timer = setInterval(() => {
      if (paused || marketTimeMs === 0 || trader.unanswered().length >= mostUnanswered) return;
      sendSomething(trader, random, own, readPeriods);
    }, commandEveryMs);
    return { trader, timer };
  }

  function sendSomething(trader: Trader, random: RandomStream, own: OwnOrder[], readPeriods: Set<number>): void {
    const what = random.uniform();
    const side = random.uniform() < 0.5 ? "buy" : "sell";
    const period = iso(somePeriod(random));
    const energyKwh = random.integer(1, 20) / 1000;
    const pricePerKwh = random.integer(5, 15) / 100;
    const order = own[random.integer(0, Math.max(0, own.length - 1))];
    const item = items.get(period)?.find((listed) => listed.side !== side);
    if (what < 0.2) readMeter(trader, random, readPeriods);
    else if (what < 0.35) trader.send("items", { action: "list", side, period, energyKwh, pricePerKwh });
    else if (what < 0.45 && item !== undefined) {
      const price = side === "buy" ? item.pricePerKwh + 0.01 : item.pricePerKwh - 0.01;
      const onItem = { itemId: item.itemId, pricePerKwh: Math.round(price * 100) / 100 };
      trader.send("orders", { action: "place", side, period, energyKwh: 0.001, ...onItem });
    } else if (what < 0.55 && order !== undefined) {
      const { orderId, version } = order;
      trader.send("orders", { action: "modify", orderId, expectedVersion: version, energyKwh, pricePerKwh });
    } else if (what < 0.62 && order !== undefined) {
      own.splice(own.indexOf(order), 1);
      trader.send("orders", { action: "cancel", orderId: order.orderId });
    } else trader.send("orders", { action: "place", side, period, energyKwh, pricePerKwh });
  }

  /** Of one of the last periods that ended, once. */
  function readMeter(trader: Trader, random: RandomStream, readPeriods: Set<number>): void {
    const ended = Math.floor(marketTimeMs / periodMs) * periodMs - random.integer(1, 2) * periodMs;
    if (readPeriods.has(ended)) return;
    readPeriods.add(ended);
    const importKwh = random.integer(1, 900) / 1000;
    trader.send("meter", { period: iso(ended), importKwh, exportKwh: 0, generationKwh: 0 });
  }

  /** Orders in the auction that stand, of the last few: those of closed periods are refused, which is well too. */
  function noteOwn(own: OwnOrder[], { topic, fields, reply }: SentCommand): void {
    if (topic !== "orders" || reply?.fields.status !== "accepted") return;
    const orderId = String(reply.fields.orderId);
    if (fields.action === "place") {
      own.push({ orderId, periodMs: Date.parse(String(fields.period)), version: 1 });
      if (own.length > 20) own.shift();
    }
    const known = own.find((order) => order.orderId === orderId);
    if (known !== undefined && typeof reply.fields.version === "number") known.version = reply.fields.version;
  }

  const running = options.ids.map(startOne);
  return {
    traders: running.map(({ trader }) => trader),
    marketTimeMs: () => marketTimeMs,
    pause: () => {
      paused = true;
    },
    async end() {
      for (const { timer } of running) clearInterval(timer);
      await Promise.all(running.map(({ trader }) => trader.end()));
    },
  };
}

function iso(instantMs: number): string {
  return new Date(instantMs).toISOString().replace(".000Z", "Z");
}
