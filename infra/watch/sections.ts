/**
 * The screen as data: sections of lines of toned text, cut to the terminal's size. What is drawn is decided here, so that it can be read
 * without a terminal; screen.ts only colours it.
 */
import { instantFromIso } from "../../shared/time.js";
import type { MarketWatch } from "./market-watch.js";
import { clockText, countdown, dayText, fixed, hourIn, percent, sparkline } from "./phrases.js";

export type Tone = "plain" | "strong" | "dim" | "good" | "bad" | "accent";
export interface Segment {
  readonly text: string;
  readonly tone: Tone;
}
export type Line = readonly Segment[];
export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

const say = (text: string, tone: Tone = "plain"): Segment => ({ text, tone });
const nothing = (text: string): Line[] => [[say(text, "dim")]];

/** Market time now: it goes on between two ticks at the market's rate, but not beyond the next one. */
export function marketNow({ tick, tickWallMs, info }: MarketWatch, wallMs: number): number | undefined {
  if (tick === undefined) return undefined;
  const heardMs = instantFromIso(tick.ts) ?? 0;
  if (tick.mode === "lockstep") return heardMs;
  const tickMs = ((info?.periodMinutes ?? 30) * 60_000) / tick.rounds;
  return heardMs + Math.min(tickMs, Math.max(0, wallMs - tickWallMs) * tick.rate);
}

export function headerLine(watch: MarketWatch, wallMs: number): Line {
  const { market, tick, info, status, isConnected } = watch;
  const nowMs = marketNow(watch, wallMs);
  const time =
    nowMs === undefined || tick === undefined
      ? "no market time yet"
      : `${dayText(tick.ts)} ${hourIn(nowMs, "UTC")} UTC${info === undefined ? "" : ` = ${hourIn(nowMs, info.timezone)} ${info.timezone}`}`;
  const pace = tick === undefined ? "" : tick.mode === "scaled" ? `${tick.rate}×` : tick.mode;
  const state = isConnected ? (status?.status ?? "waiting") : "reconnecting";
  return [
    say(`open-elecbay ${market}`, "strong"),
    say(`  ${time}  ${pace}  `),
    say(state === "online" ? "● online" : `○ ${state}`, state === "online" ? "good" : "bad"),
    ...(isConnected && status?.reason ? [say(` ${status.reason}`, "bad")] : []),
  ];
}

export function periodSection(watch: MarketWatch, wallMs: number): Section {
  const { state, tick, books } = watch;
  const title = "Delivery periods (orders+items, best bid/ask)";
  if (state === undefined) return { title, lines: nothing("the market has not told its periods yet") };
  const nowMs = marketNow(watch, wallMs) ?? 0;
  const left = (until: string): string => {
    const marketMs = (instantFromIso(until) ?? 0) - nowMs;
    const soon = tick?.mode === "scaled" && tick.rate > 1 && marketMs > 0;
    return `${countdown(marketMs).padStart(8)}${soon ? ` (${(marketMs / tick.rate / 1000).toFixed(0)} s)` : ""}`;
  };
  const row = (period: string, phase: string, until: string, rest: string, tone: Tone): Line => [
    say(`${clockText(period)}  `, "strong"),
    say(phase.padEnd(12), tone),
    say(until.padEnd(25)),
    say(rest, "dim"),
  ];
  const { exchange, closed, bidding, metering } = state;
  return {
    title,
    lines: [
      ...metering.slice(-1).map(({ period, dueAt }) => row(period, "metering", `due in ${left(dueAt)}`, "", "plain")),
      ...(exchange === null ? [] : [row(exchange.period, "delivery", `ends in ${left(exchange.endsAt)}`, "", "good")]),
      ...closed.map(({ period, stage, contractCount }) =>
        row(period, stage, `starts in ${left(period)}`, `${contractCount} contracts`, "plain"),
      ),
      ...bidding.map(({ period, gateAt, orderCount, itemCount }) => {
        const book = books.get(period);
        const best = book === undefined ? "" : ` ${fixed(book.bestBidPerKwh, 3)}/${fixed(book.bestAskPerKwh, 3)}`;
        return row(period, "bidding", `gate in ${left(gateAt)}`, `${orderCount}+${itemCount}${best}`, "accent");
      }),
    ],
  };
}

export function seriesSection({ prices, energies, info }: MarketWatch, width: number): Section {
  const title = "Price and energy, a bar for each period";
  const [price, energy] = [[...prices.values()], [...energies.values()]];
  if (price.length + energy.length === 0) return { title, lines: nothing("no gate has closed yet") };
  const currency = info?.currency ?? "";
  const row = (name: string, values: readonly (number | null)[], digits: number, unit: string): Line => [
    say(name.padEnd(12)),
    say(fixed(values.at(-1), digits).padStart(8), "strong"),
    say(` ${unit.padEnd(8)} `, "dim"),
    say(sparkline(values, width - 32), "accent"),
  ];
  return {
    title,
    lines: [
      row(
        "price",
        price.map(({ pricePerKwh }) => pricePerKwh),
        4,
        `${currency}/kWh`,
      ),
      row(
        "traded",
        price.map(({ volumeKwh }) => volumeKwh),
        3,
        "kWh",
      ),
      row(
        "generation",
        energy.map(({ generationKwh }) => generationKwh),
        3,
        "kWh",
      ),
      row(
        "load",
        energy.map(({ consumptionKwh }) => consumptionKwh),
        3,
        "kWh",
      ),
      row(
        "import",
        energy.map(({ importKwh }) => importKwh),
        3,
        "kWh",
      ),
      row(
        "export",
        energy.map(({ exportKwh }) => exportKwh),
        3,
        "kWh",
      ),
    ],
  };
}

/** The list of the period whose gate closes next and that has items. */
export function listSection({ lists, info }: MarketWatch): Section {
  const [list] = [...lists.values()].filter(({ items }) => items.length > 0);
  if (list === undefined) return { title: "Item list", lines: nothing("nobody lists anything now") };
  const currency = info?.currency ?? "";
  const sorted = list.items.toSorted((one, other) => one.pricePerKwh - other.pricePerKwh);
  return {
    title: `Item list of ${clockText(list.period)} (${list.items.length})`,
    lines: sorted.map(({ side, energyKwh, pricePerKwh, sale, owner, reliability }) => [
      say(side.padEnd(5), side === "sell" ? "good" : "accent"),
      say(`${fixed(energyKwh, 3).padStart(8)} kWh at ${fixed(pricePerKwh, 4)} ${currency}/kWh`),
      say(`  ${sale.padEnd(10)} ${owner} ${percent(reliability)}`, "dim"),
    ]),
  };
}

export function figureSection({ kpi, info }: MarketWatch): Section {
  const title = "Since the run began";
  if (kpi === undefined) return { title, lines: nothing("nothing is settled yet") };
  const currency = info?.currency ?? "";
  const pair = (name: string, value: string): Segment[] => [say(`${name} `, "dim"), say(`${value}   `, "strong")];
  return {
    title,
    lines: [
      [
        ...pair("self-sufficiency", percent(kpi.selfSufficiency)),
        ...pair("self-consumption", percent(kpi.selfConsumption)),
        ...pair("local", percent(kpi.localShare)),
      ],
      [
        ...pair("saved", `${fixed(kpi.savings, 2)} ${currency} (${percent(kpi.savingsShare)})`),
        ...pair("mean price", `${fixed(kpi.meanPricePerKwh, 4)} ${currency}/kWh`),
      ],
      [
        ...pair("imbalance", `${fixed(kpi.imbalanceKwh, 3)} kWh`),
        ...pair("peak import", `${fixed(kpi.peakImportKw, 1)} kW`),
      ],
    ],
  };
}

/** Undefined for whoever may not know who is there. */
export function onlineSection({ online }: MarketWatch): Section | undefined {
  if (online === undefined) return undefined;
  const sorted = [...online].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
  return {
    title: `Online (${online.size})`,
    lines:
      sorted.length === 0
        ? nothing("nobody is there")
        : sorted.map(([id, { strategy = "", storedKwh, capacityKwh }]) => [
            say(id.padEnd(12)),
            say(strategy.padEnd(18), "dim"),
            ...(storedKwh === undefined || capacityKwh === undefined ? [] : [charge(storedKwh, capacityKwh)]),
          ]),
  };
}

function charge(storedKwh: number, capacityKwh: number): Segment {
  // Both are the participant's own words.
  const share = capacityKwh === 0 ? 0 : Math.max(0, Math.min(1, storedKwh / capacityKwh));
  const filled = Math.round(share * 8);
  return say(
    `${"█".repeat(filled)}${"░".repeat(8 - filled)} ${fixed(storedKwh, 1)} of ${fixed(capacityKwh, 1)} kWh`,
    "accent",
  );
}

/** Undefined where nobody has signed in as a participant. */
export function ownSection({ own, info }: MarketWatch): Section | undefined {
  if (own === undefined) return undefined;
  const currency = info?.currency ?? "";
  const all = [
    ...own.items.map(({ itemId, ...rest }) => ({ id: itemId, kind: "item", ...rest })),
    ...own.orders.map(({ orderId, ...rest }) => ({ id: orderId, kind: "order", ...rest })),
  ];
  const lines = all.map(
    ({ id, kind, period, side, energyKwh, pricePerKwh }): Line => [
      say(`${clockText(period)} `, "strong"),
      say(`${kind} ${id} ${side} ${fixed(energyKwh, 3)} kWh at ${fixed(pricePerKwh, 4)} ${currency}/kWh`),
    ],
  );
  return { title: `Your items and orders (${all.length})`, lines: lines.length === 0 ? nothing("none") : lines };
}

/** At most so many lines of it, and in the last one how many more there are. */
export function cut({ title, lines }: Section, most: number): Section {
  if (lines.length <= most) return { title, lines };
  const shown = lines.slice(0, Math.max(0, most - 1));
  return { title, lines: [...shown, [say(`… ${lines.length - shown.length} more`, "dim")]] };
}
