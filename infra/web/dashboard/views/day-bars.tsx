/** Two bars for each day: what was billed, and what the supplier alone would have billed. */
import { useRef } from "preact/hooks";
import { niceAxis, scaleOf } from "../../page/axis.js";
import { number } from "../../page/formats.js";
import { useWidth } from "../../page/use-width.js";
import type { DaySum } from "../model/one-participant.js";

const height = 190;
const margin = { top: 12, right: 8, bottom: 24, left: 52 };

export function DayBars({ days, currency }: { readonly days: readonly DaySum[]; readonly currency: string }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place, 600);
  // Billed is what is paid: the other way round than on the bill, where what is received is positive.
  const values = days.flatMap(({ amount, supplierAlone }) => [-amount, -supplierAlone]);
  const axis = niceAxis(Math.min(0, ...values), Math.max(0, ...values), 4);
  const y = scaleOf(axis, height - margin.bottom, margin.top);
  const each = (width - margin.left - margin.right) / Math.max(1, days.length);
  const bar = Math.min(26, each * 0.36);
  return (
    <div ref={place} class="day-bars">
      <p class="curve-legend small">
        <span>
          <span class="swatch billed" aria-hidden="true" /> billed
        </span>
        <span>
          <span class="swatch alone" aria-hidden="true" /> supplier alone
        </span>
      </p>
      <svg class="drawing" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
        <title>{`Billed by day and what the supplier alone would have billed, ${currency}: ${days
          .map(({ day, amount, supplierAlone }) => `${day} ${number(-amount, 2)} and ${number(-supplierAlone, 2)}`)
          .join("; ")}`}</title>
        {axis.marks.map((mark) => (
          <g key={mark}>
            <line class="grid-line" x1={margin.left} x2={width - margin.right} y1={y(mark)} y2={y(mark)} />
            <text x={margin.left - 8} y={y(mark)} text-anchor="end" dominant-baseline="middle">
              {number(mark, axis.places)}
            </text>
          </g>
        ))}
        {days.map(({ day, amount, supplierAlone }, at) => {
          const middle = margin.left + each * (at + 0.5);
          return (
            <g key={day}>
              <Bar className="billed" x={middle - bar} width={bar} from={y(0)} to={y(-amount)} />
              <Bar className="alone" x={middle + 1} width={bar} from={y(0)} to={y(-supplierAlone)} />
              {(each > 44 || at % Math.ceil(44 / each) === 0) && (
                <text x={middle} y={height - 6} text-anchor="middle">
                  {day.slice(5)}
                </text>
              )}
            </g>
          );
        })}
        <text x={4} y={height - 6}>
          {currency}
        </text>
      </svg>
    </div>
  );
}

interface BarProps {
  readonly className: string;
  readonly x: number;
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

function Bar({ className, x, width, from, to }: BarProps) {
  return (
    <rect class={className} x={x} y={Math.min(from, to)} width={width} height={Math.max(1, Math.abs(to - from))} />
  );
}
