/**
 * The merit order of one book for the eye: bids from the dearest, asks from the cheapest, and where each mechanism cleared.
 *
 * Self-contained SVG without scripts or outside fonts. Mechanisms that cleared at the same volume and prices share one numbered mark; the
 * numbers are explained beside the plot, so that no name covers another. A mechanism without one price is a bar from its lowest to its
 * highest price. Parts of a curve finer than half a pixel are drawn as one.
 */
import { type AuctionOrder, meritOrder, type Step, steps } from "../../market/rules/merit-order.js";
import type { ClearedBook } from "../mechanisms/clear-book.js";
import { valueMarks } from "./axis.js";
import { kwhText, majorText } from "./decimal-text.js";
import { at, text } from "./svg-text.js";

const width = 1080;
const left = 72;
const top = 92;
const plotWidth = 640;
const plotHeight = 420;
const bottom = top + plotHeight;
const legendX = left + plotWidth + 36;
const lineHeight = 17;
const badgeRadius = 9;
const colours = { buy: "#2166ac", sell: "#c0392b", mark: "#222" } as const;

/** What clears at one volume and price, or price range, drawn once. */
interface ClearingMark {
  readonly names: string[];
  readonly volumeWh: number;
  readonly low: number;
  readonly high: number;
}

interface Scale {
  x(energyWh: number): number;
  y(priceMicroPerKwh: number): number;
}

/** @param cleared what to mark; those that traded nothing are named in the legend only */
export function meritOrderSvg(orders: readonly AuctionOrder[], cleared: readonly ClearedBook[]): string {
  const bids = steps(meritOrder(orders, "buy"));
  const asks = steps(meritOrder(orders, "sell"));
  const marks = marksOf(cleared);
  const idle = cleared.filter(({ figures }) => figures.volumeWh === 0).map(({ mechanism }) => mechanism);
  const totalWh = Math.max(energyOf(bids), energyOf(asks), 1);
  const prices = [...[...bids, ...asks].map(([price]) => price), ...marks.flatMap(({ low, high }) => [low, high])];
  const energyMarks = valueMarks(0, totalWh / 1000, 8);
  const priceMarks = valueMarks(extreme(prices, Math.min) / 1e6, extreme(prices, Math.max) / 1e6, 7);
  const scale = scaleOf(energyMarks.at(-1)?.value ?? 1, priceMarks[0]?.value ?? 0, priceMarks.at(-1)?.value ?? 1);
  const legend = legendOf(marks, idle);
  const height = Math.max(bottom + 60, top + 74 + legend.lines * lineHeight + 20);
  const title = "Merit order";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(left, 28, title, 'font-size="18" font-weight="bold"'),
    text(left, 48, subtitle(orders, bids, asks), 'fill="#555"'),
    text(left, top - 12, "Price, per kWh", 'font-weight="bold"'),
    text(left + plotWidth, bottom + 38, "Energy, kWh", 'font-weight="bold" text-anchor="end"'),
    ...priceMarks.flatMap(({ value, label }) => [
      line(left, scale.y(value * 1e6), left + plotWidth, scale.y(value * 1e6), "#ddd"),
      text(left - 6, scale.y(value * 1e6) + 4, label, 'text-anchor="end" fill="#555"'),
    ]),
    ...energyMarks.flatMap(({ value, label }) => [
      line(scale.x(value * 1000), bottom, scale.x(value * 1000), bottom + 4, "#888"),
      text(scale.x(value * 1000), bottom + 18, label, 'text-anchor="middle" fill="#555"'),
    ]),
    line(left, bottom, left + plotWidth, bottom, "#888"),
    curve(bids, scale, colours.buy),
    curve(asks, scale, colours.sell),
    ...drawnMarks(marks, scale),
    ...legend.drawn,
    "</svg>\n",
  ].join("\n");
}

function subtitle(orders: readonly AuctionOrder[], bids: readonly Step[], asks: readonly Step[]): string {
  const kwh = (side: readonly Step[]): string => kwhText(energyOf(side));
  return `${orders.length} orders: ${kwh(bids)} kWh to buy, ${kwh(asks)} kWh to sell`;
}

function marksOf(cleared: readonly ClearedBook[]): ClearingMark[] {
  const marks = new Map<string, ClearingMark>();
  for (const { mechanism, figures } of cleared) {
    const { volumeWh, priceMicroPerKwh: price } = figures;
    // Where buyers and sellers have prices of their own these lie outside the interval.
    const told = [
      figures.lowMicroPerKwh,
      figures.highMicroPerKwh,
      figures.buyerPriceMicroPerKwh,
      figures.sellerPriceMicroPerKwh,
    ].filter((each) => each !== null);
    if (volumeWh === 0 || told.length === 0) continue;
    const low = price ?? Math.min(...told);
    const high = price ?? Math.max(...told);
    const key = `${volumeWh} ${low} ${high}`;
    const known = marks.get(key);
    if (known === undefined) marks.set(key, { names: [mechanism], volumeWh, low, high });
    else known.names.push(mechanism);
  }
  return [...marks.values()];
}

function scaleOf(mostKwh: number, lowest: number, highest: number): Scale {
  return {
    x: (energyWh) => left + (energyWh / 1000 / mostKwh) * plotWidth,
    y: (priceMicroPerKwh) => bottom - ((priceMicroPerKwh / 1e6 - lowest) / (highest - lowest)) * plotHeight,
  };
}

/** One step curve from 0 kWh on. */
function curve(side: readonly Step[], { x, y }: Scale, colour: string): string {
  const first = side[0];
  if (first === undefined) return "";
  let energyWh = 0;
  let drawnX = x(0);
  let drawnY = y(first[0]);
  const parts = [`M${at(drawnX)} ${at(drawnY)}`];
  for (const [index, [price, stepWh]] of side.entries()) {
    energyWh += stepWh;
    const toX = x(energyWh);
    const toY = y(price);
    const isFine = Math.abs(toX - drawnX) < 0.5 && Math.abs(toY - drawnY) < 0.5;
    if (isFine && index < side.length - 1) continue;
    parts.push(`V${at(toY)}H${at(toX)}`);
    drawnX = toX;
    drawnY = toY;
  }
  return `<path d="${parts.join("")}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"/>`;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A dot or a bar where it cleared, and its number in a circle beside it where no other circle stands. */
function drawnMarks(marks: readonly ClearingMark[], { x, y }: Scale): string[] {
  const points = marks.map(({ volumeWh, low, high }): Spot => ({ x: x(volumeWh), y: (y(low) + y(high)) / 2 }));
  const taken: Spot[] = [];
  return marks.flatMap(({ volumeWh, low, high }, index) => {
    const point = points[index] ?? { x: 0, y: 0 };
    const badge = freeSpot(point, taken, points);
    taken.push(badge);
    const shape =
      low === high
        ? `<circle cx="${at(point.x)}" cy="${at(point.y)}" r="4" fill="${colours.mark}"/>`
        : `<path d="M${at(x(volumeWh) - 5)} ${at(y(low))}h10m-5 0V${at(y(high))}m-5 0h10" fill="none" stroke="${colours.mark}" stroke-width="2"/>`;
    return [shape, line(point.x, point.y, badge.x, badge.y, "#888"), ...badgeAt(badge, index + 1)];
  });
}

/** The nearest place around `point`, inside the plot, clear of the circles and points that there are. */
function freeSpot(point: Spot, taken: readonly Spot[], points: readonly Spot[]): Spot {
  for (let distance = 24; distance < 400; distance += 8) {
    for (let turn = 0; turn < 16; turn += 1) {
      const angle = (turn / 16) * 2 * Math.PI - Math.PI / 4;
      const spot = { x: point.x + distance * Math.cos(angle), y: point.y + distance * Math.sin(angle) };
      const inside =
        spot.x > left + badgeRadius &&
        spot.x < left + plotWidth - badgeRadius &&
        spot.y > top + badgeRadius &&
        spot.y < bottom - badgeRadius;
      const free =
        taken.every((other) => distanceOf(spot, other) > 2 * badgeRadius + 3) &&
        points.every((other) => distanceOf(spot, other) > badgeRadius + 7);
      if (inside && free) return spot;
    }
  }
  return point;
}

const distanceOf = (one: Spot, other: Spot): number => Math.hypot(one.x - other.x, one.y - other.y);

function badgeAt({ x, y }: Spot, number: number): string[] {
  return [
    `<circle cx="${at(x)}" cy="${at(y)}" r="${badgeRadius}" fill="#fff" stroke="${colours.mark}"/>`,
    text(x, y + 4, String(number), 'text-anchor="middle" font-size="11"'),
  ];
}

/** Beside the plot: the two curves, each number with its mechanisms, volume and price, and who traded nothing. */
function legendOf(marks: readonly ClearingMark[], idle: readonly string[]): { drawn: string[]; lines: number } {
  const drawn = [
    line(legendX, top - 4, legendX + 22, top - 4, colours.buy, 2.5),
    text(legendX + 30, top, "bids (to buy), dearest first"),
    line(legendX, top + 16, legendX + 22, top + 16, colours.sell, 2.5),
    text(legendX + 30, top + 20, "asks (to sell), cheapest first"),
  ];
  let lines = 0;
  const y = (): number => top + 56 + lines * lineHeight;
  for (const [index, { names, volumeWh, low, high }] of marks.entries()) {
    drawn.push(...badgeAt({ x: legendX + badgeRadius, y: y() - 4 }, index + 1));
    for (const part of wrapped(names)) {
      drawn.push(text(legendX + 30, y(), part, 'font-weight="bold"'));
      lines += 1;
    }
    const price = low === high ? majorText(low) : `${majorText(low)} to ${majorText(high)}`;
    drawn.push(text(legendX + 30, y(), `${kwhText(volumeWh)} kWh at ${price}`, 'fill="#555"'));
    lines += 1.6;
  }
  if (idle.length > 0) drawn.push(text(legendX, y(), "nothing traded:", 'fill="#555"'));
  for (const [index, part] of wrapped(idle).entries()) {
    drawn.push(text(legendX + 30, y() + (index + 1) * lineHeight, part, 'fill="#555"'));
  }
  return { drawn, lines: lines + (idle.length > 0 ? 1 + wrapped(idle).length : 0) };
}

/** Names in lines that fit beside the plot. */
function wrapped(names: readonly string[]): string[] {
  const lines: string[] = [];
  for (const [index, name] of names.entries()) {
    const part = index < names.length - 1 ? `${name},` : name;
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < 36) lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(part);
  }
  return lines;
}

const energyOf = (side: readonly Step[]): number => side.reduce((sum, [, energyWh]) => sum + energyWh, 0);

/** Spreading a hundred thousand arguments would overflow the stack. */
const extreme = (values: readonly number[], choose: (one: number, other: number) => number): number =>
  values.reduce((best, value) => choose(best, value), values[0] ?? 0);

function line(x1: number, y1: number, x2: number, y2: number, colour: string, strokeWidth = 1): string {
  return `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" stroke="${colour}" stroke-width="${strokeWidth}"/>`;
}
