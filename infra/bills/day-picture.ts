/**
 * A month at a glance: energy of each day at the meter as bars, and what it cost as two lines, in this market and with the supplier alone.
 *
 * Colours come from the page that it stands on (custom properties), so that it is readable in light and dark and on paper.
 */
import { valueMarks } from "../results/axis.js";
import { at, text } from "../results/svg-text.js";
import type { DaySum, MonthStatement } from "./month-statement.js";

const [width, left, right, panelHeight, gap, top] = [720, 56, 12, 120, 44, 26];
const plotWidth = width - left - right;
const height = top + 2 * panelHeight + gap + 30;

export function dayPicture({ days, currency }: MonthStatement): string {
  const step = plotWidth / Math.max(1, days.length);
  const energyTop = top;
  const moneyTop = top + panelHeight + gap;
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Energy and money of each day">`,
    ...energyPanel(days, energyTop, step),
    ...moneyPanel(days, moneyTop, step, currency),
    ...dayLabels(days, step),
    "</svg>",
  ].join("\n");
}

interface Panel {
  readonly y: (value: number) => number;
  readonly drawn: string[];
}

/** Frame and value axis; 0 is always in it. */
function panel(values: readonly number[], panelTop: number, title: string): Panel {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const marks = valueMarks(low, high === low ? low + 1 : high, 4);
  const [first, last] = [marks[0]?.value ?? 0, marks.at(-1)?.value ?? 1];
  const y = (value: number): number => panelTop + panelHeight - ((value - first) / (last - first)) * panelHeight;
  const drawn = [text(left, panelTop - 10, title, 'class="strong"')];
  for (const { value, label } of marks) {
    const kind = value === 0 ? "zero" : "grid";
    drawn.push(`<path class="${kind}" d="M${left} ${at(y(value))}H${width - right}"/>`);
    drawn.push(text(left - 6, y(value) + 4, label, 'class="quiet" text-anchor="end"'));
  }
  return { y, drawn };
}

function energyPanel(days: readonly DaySum[], panelTop: number, step: number): string[] {
  const kwh = days.flatMap(({ importWh, exportWh }) => [exportWh / 1000, -importWh / 1000]);
  const { y, drawn } = panel(kwh, panelTop, "kWh a day: fed in (up), taken (down)");
  const bar = (index: number, value: number, kind: string): string => {
    const [from, to] = [y(0), y(value)];
    const x = left + index * step + step * 0.15;
    return `<rect class="${kind}" x="${at(x)}" y="${at(Math.min(from, to))}" width="${at(step * 0.7)}" height="${at(Math.abs(to - from))}"/>`;
  };
  for (const [index, { importWh, exportWh }] of days.entries()) {
    if (exportWh > 0) drawn.push(bar(index, exportWh / 1000, "fed"));
    if (importWh > 0) drawn.push(bar(index, -importWh / 1000, "taken"));
  }
  return drawn;
}

function moneyPanel(days: readonly DaySum[], panelTop: number, step: number, currency: string): string[] {
  const values = days.flatMap(({ amountMicro, aloneMicro }) => [amountMicro / 1e6, aloneMicro / 1e6]);
  const title = `${currency} a day: in this market (line), with the supplier alone (dashed)`;
  const { y, drawn } = panel(values, panelTop, title);
  const path = (of: (day: DaySum) => number, kind: string): string => {
    // Each day is a step as wide as its bar's place, so that a single day shows too.
    const steps = days.map((day, index) => {
      const x = left + index * step;
      return `${index === 0 ? "M" : "L"}${at(x)} ${at(y(of(day) / 1e6))}H${at(x + step)}`;
    });
    return `<path class="${kind}" d="${steps.join("")}"/>`;
  };
  drawn.push(path(({ aloneMicro }) => aloneMicro, "alone"));
  drawn.push(path(({ amountMicro }) => amountMicro, "market"));
  return drawn;
}

/** Days of the month under the plots, as many as there is room for. */
function dayLabels(days: readonly DaySum[], step: number): string[] {
  const every = Math.max(1, Math.ceil(26 / step));
  return days.flatMap(({ day }, index) =>
    index % every === 0
      ? [
          text(
            left + (index + 0.5) * step,
            height - 10,
            String(Number(day.slice(8))),
            'class="quiet" text-anchor="middle"',
          ),
        ]
      : [],
  );
}
