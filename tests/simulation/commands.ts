/** Commands as participants make them: sensible ones, careless ones, and ones that no market should take. */
import type { RandomStream } from "../../shared/random-stream.js";
import type { ClientView, ListedItem, OwnObject } from "./client.js";
import { oneOf } from "./setting.js";

export interface Drawn {
  readonly topic: "orders" | "items" | "meter" | "batch";
  readonly payload: string;
  /** As the market will read it; null where it cannot. */
  readonly requestId: string | null;
}

type Maker = (view: ClientView, chance: RandomStream) => Drawn | undefined;

/** How often each kind is drawn. */
const kinds: readonly (readonly [number, Maker])[] = [
  [30, place],
  [12, list],
  [14, orderItem],
  [10, modify],
  [8, cancel],
  [4, withdraw],
  [14, read],
  [4, notify],
  [5, malformed],
  [4, repeat],
  [3, reuse],
  [3, meddle],
];
const inAll = kinds.reduce((sum, [weight]) => sum + weight, 0);

/** Undefined where the participant has nothing to say. */
export function drawCommand(view: ClientView, chance: RandomStream): Drawn | undefined {
  if (view.meterOf !== undefined) return drawReading(view, chance);
  let place = chance.integer(1, inAll);
  for (const [weight, make] of kinds) {
    place -= weight;
    if (place <= 0) return keep(view, make(view, chance));
  }
  return undefined;
}

export function drawReading(view: ClientView, chance: RandomStream): Drawn | undefined {
  return chance.uniform() < 0.15 ? repeat(view, chance) : keep(view, read(view, chance));
}

export function keep(view: ClientView, drawn: Drawn | undefined): Drawn | undefined {
  if (drawn?.requestId != null) view.sent.push(drawn);
  return drawn;
}

export function command(view: ClientView, topic: Drawn["topic"], fields: object): Drawn {
  view.requests += 1;
  const requestId = `${view.prefix}${view.requests}`;
  return { topic, requestId, payload: JSON.stringify({ v: 1, requestId, ...fields }) };
}

export function iso(instantMs: number): string {
  return `${new Date(instantMs).toISOString().slice(0, 19)}Z`;
}

/** Mostly one that is open, now and then any. */
function drawPeriod(view: ClientView, chance: RandomStream): number {
  const { firstPeriodMs, periods, periodMs, openMs, gateMs } = view.calendar;
  const all = Array.from({ length: periods }, (_, place) => firstPeriodMs + place * periodMs);
  const nowMs = view.marketMs();
  const open = all.filter((startMs) => nowMs >= startMs - gateMs - openMs && nowMs < startMs - gateMs);
  const justClosed = all.findLast((startMs) => nowMs >= startMs - gateMs);
  if (justClosed !== undefined && nowMs < justClosed - gateMs + periodMs / 20 && chance.uniform() < 0.5)
    return justClosed;
  if (open.length > 0 && chance.uniform() < 0.93) return oneOf(open, chance);
  const drawn = chance.uniform();
  if (drawn < 0.15) return firstPeriodMs - periodMs;
  if (drawn < 0.3) return firstPeriodMs + periods * periodMs;
  if (drawn < 0.4) return firstPeriodMs + 60_000;
  return oneOf(all, chance);
}

function energy(view: ClientView, chance: RandomStream): number {
  const drawn = chance.uniform();
  if (drawn < 0.02) return 0;
  if (drawn < 0.04) return 0.005;
  if (drawn < 0.07) return 9;
  const mostWh = (8 * view.calendar.periodMs) / 3_600;
  return chance.integer(10, Math.max(20, Math.floor(mostWh / 3))) / 1000;
}

function price(chance: RandomStream): number {
  const drawn = chance.uniform();
  if (drawn < 0.02) return 2.5;
  if (drawn < 0.05) return -0.02;
  // Few different prices: ties are where clearing goes wrong.
  return drawn < 0.5 ? chance.integer(5, 15) / 100 : chance.integer(30_000, 180_000) / 1_000_000;
}

const side = (chance: RandomStream): "buy" | "sell" => (chance.uniform() < 0.5 ? "buy" : "sell");

function offer(view: ClientView, chance: RandomStream) {
  const period = iso(drawPeriod(view, chance));
  return { period, side: side(chance), energyKwh: energy(view, chance), pricePerKwh: price(chance) };
}

function place(view: ClientView, chance: RandomStream): Drawn {
  const stays = chance.uniform() < 0.05 ? { auction: false } : {};
  return command(view, "orders", { action: "place", ...offer(view, chance), ...stays });
}

function list(view: ClientView, chance: RandomStream): Drawn {
  const min = chance.uniform() < 0.3 ? { minEnergyKwh: chance.integer(5, 300) / 1000 } : {};
  const sale = chance.uniform() < 0.4 ? { sale: oneOf(["fixed", "best-offer"], chance) } : {};
  return command(view, "items", { action: "list", ...offer(view, chance), ...min, ...sale });
}

function orderItem(view: ClientView, chance: RandomStream): Drawn {
  const items = [...view.listed.values()].filter(({ periodMs }) => periodMs - view.calendar.gateMs > view.marketMs());
  const item: ListedItem | undefined = items.length === 0 ? undefined : oneOf(items, chance);
  if (item === undefined) return command(view, "orders", { action: "place", ...offer(view, chance), itemId: "i1" });
  const isRight = chance.uniform() < 0.9;
  const other = item.side === "sell" ? "buy" : "sell";
  const better = (item.side === "sell" ? 1 : -1) * chance.integer(-1, 3) * 0.01;
  const pricePerKwh = Math.round((item.pricePerKwh + better) * 1e6) / 1e6;
  const energyKwh = chance.uniform() < 0.4 ? item.energyKwh : energy(view, chance);
  const described = { period: iso(item.periodMs), side: isRight ? other : item.side, energyKwh, pricePerKwh };
  return command(view, "orders", { action: "place", ...described, itemId: item.itemId });
}

function ownOf(view: ClientView, kind: OwnObject["kind"], chance: RandomStream): OwnObject | undefined {
  const own = view.own.filter((object) => object.kind === kind);
  return own.length === 0 ? undefined : oneOf(own, chance);
}

function modify(view: ClientView, chance: RandomStream): Drawn | undefined {
  const own = ownOf(view, "order", chance);
  if (own === undefined) return undefined;
  const expectedVersion = chance.uniform() < 0.9 ? own.version : own.version + 1;
  const pricePerKwh = chance.uniform() < 0.5 ? own.pricePerKwh : price(chance);
  const energyKwh = chance.uniform() < 0.5 ? Math.ceil(own.energyWh / 2) / 1000 : energy(view, chance);
  return command(view, "orders", { action: "modify", orderId: own.id, expectedVersion, energyKwh, pricePerKwh });
}

function cancel(view: ClientView, chance: RandomStream): Drawn | undefined {
  const own = ownOf(view, "order", chance);
  return own === undefined ? undefined : command(view, "orders", { action: "cancel", orderId: own.id });
}

function withdraw(view: ClientView, chance: RandomStream): Drawn | undefined {
  const own = ownOf(view, "item", chance);
  return own === undefined ? undefined : command(view, "items", { action: "withdraw", itemId: own.id });
}

/** Somebody else's. */
function meddle(view: ClientView, chance: RandomStream): Drawn {
  const number = chance.integer(1, 40);
  if (chance.uniform() < 0.5) return command(view, "orders", { action: "cancel", orderId: `o${number}` });
  return command(view, "items", { action: "withdraw", itemId: `i${number}` });
}

/** What a meter read of a period that is over; now and then of one that is not, for somebody else, or of absurd size. */
function read(view: ClientView, chance: RandomStream): Drawn | undefined {
  const { firstPeriodMs, periods, periodMs } = view.calendar;
  const over = Math.min(periods, Math.floor((view.marketMs() - firstPeriodMs) / periodMs));
  if (over <= 0 && chance.uniform() < 0.9) return undefined;
  const last = chance.uniform() < 0.95 ? Math.max(0, over - 1) : periods;
  const period = iso(firstPeriodMs + (chance.uniform() < 0.7 ? last : chance.integer(0, last)) * periodMs);
  const largest = chance.uniform() < 0.03 ? 9000 : (8 * periodMs) / 3_600_000;
  const kwh = (): number => Math.round(chance.uniform() * largest * 1000) / 1000;
  const isIn = chance.uniform() < 0.5;
  const energies = { importKwh: isIn ? kwh() : 0, exportKwh: isIn ? 0 : kwh(), generationKwh: kwh() };
  const drawn = chance.uniform();
  const quality = drawn < 0.1 ? { quality: oneOf(["estimated", "provisional", "actual"], chance) } : {};
  return command(view, "meter", { period, ...energies, ...quality, ...whose(view, chance) });
}

function whose({ meterOf, id }: ClientView, chance: RandomStream): { for?: string } {
  const drawn = chance.uniform();
  if (meterOf !== undefined) return drawn < 0.95 ? { for: meterOf } : {};
  if (drawn < 0.9) return {};
  return { for: drawn < 0.95 ? id : "bob" };
}

function notify(view: ClientView, chance: RandomStream): Drawn {
  const energyKwh = (chance.uniform() < 0.5 ? 1 : -1) * energy(view, chance);
  return command(view, "orders", { action: "notify", period: iso(drawPeriod(view, chance)), energyKwh });
}

/** Messages that are no command: each breaks one rule of the contract's. */
function malformed(view: ClientView, chance: RandomStream): Drawn {
  const good = JSON.parse(place(view, chance).payload) as Record<string, unknown>;
  const requestId = good.requestId as string;
  const bad = (payload: unknown, readable = true): Drawn => {
    return { topic: "orders", payload: JSON.stringify(payload), requestId: readable ? requestId : null };
  };
  const { period: _period, ...withoutPeriod } = good;
  return oneOf<() => Drawn>(
    [
      () => ({ topic: "orders", payload: "{not json", requestId: null }),
      () => ({ topic: "items", payload: "[]", requestId: null }),
      () => bad({ ...good, requestId: "no spaces, please" }, false),
      () => bad({ ...good, padding: "x".repeat(5000) }, false),
      () => bad({ ...good, colour: "green" }),
      () => bad(withoutPeriod),
      () => bad({ ...good, energyKwh: 0.12345 }),
      () => bad({ ...good, energyKwh: "0.5" }),
      () => bad({ ...good, side: "lend" }),
      () => bad({ ...good, v: 2 }),
      () => bad({ ...good, period: "2016-08-01 00:30" }),
      () => bad({ ...good, energyKwh: -1 }),
      () => ({ topic: "batch", payload: JSON.stringify({ v: 1, requestId, entries: [] }), requestId }),
    ],
    chance,
  )();
}

/** The very same again, however old. */
export function repeat(view: ClientView, chance: RandomStream): Drawn | undefined {
  return view.sent.length === 0 ? undefined : oneOf(view.sent.slice(-30), chance);
}

/** An id that stands for something else. */
function reuse(view: ClientView, chance: RandomStream): Drawn | undefined {
  const earlier = view.sent.length === 0 ? undefined : oneOf(view.sent.slice(-20), chance);
  if (earlier?.requestId == null) return undefined;
  const { payload } = earlier;
  const message = JSON.parse(payload) as Record<string, unknown>;
  if (typeof message.energyKwh !== "number") return undefined;
  const changed = JSON.stringify({ ...message, energyKwh: 0.123 });
  return { ...earlier, payload: changed };
}
