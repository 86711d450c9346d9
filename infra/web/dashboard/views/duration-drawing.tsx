/** Duration curves as SVG: each with a dash of its own, so that nobody needs colours to tell them apart. */
import { niceAxis, scaleOf } from "../../page/axis.js";
import { number } from "../../page/formats.js";
import type { CurveStep } from "../model/duration-curve.js";

export interface NamedCurve {
  readonly name: string;
  readonly steps: readonly CurveStep[];
}

export interface DurationDrawingProps {
  readonly curves: readonly NamedCurve[];
  readonly width: number;
  readonly height: number;
  readonly currency: string;
  /** What the shares below are of. */
  readonly counted: string;
  /** What it shows, for whoever does not see it. */
  readonly label: string;
}

const margin = { top: 14, right: 16, bottom: 44, left: 58 };
const tones = ["price", "load", "sell", "local", "battery", "grid"];
const dashes = ["none", "7 4", "2 3", "10 3 2 3", "14 4", "4 2"];

export function DurationDrawing({ curves, width, height, currency, counted, label }: DurationDrawingProps) {
  const prices = curves.flatMap(({ steps }) => steps.map(({ pricePerKwh }) => pricePerKwh));
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const room = (most - least || Math.abs(most) || 0.01) * 0.06;
  const priceAxis = niceAxis(least - room, most + room, 5);
  const shareAxis = niceAxis(0, 1, 5);
  const x = scaleOf(shareAxis, margin.left, width - margin.right);
  const y = scaleOf(priceAxis, height - margin.bottom, margin.top);
  return (
    <>
      <p class="curve-legend small">
        {curves.map(({ name }, at) => (
          <span key={name}>
            <svg width="26" height="10" aria-hidden="true">
              <line x1="0" x2="26" y1="5" y2="5" {...lookOf(at)} />
            </svg>
            {name}
          </span>
        ))}
      </p>
      <svg class="drawing" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
        <title>{label}</title>
        {priceAxis.marks.map((mark) => (
          <g key={mark}>
            <line class="grid-line" x1={margin.left} x2={width - margin.right} y1={y(mark)} y2={y(mark)} />
            <text x={margin.left - 8} y={y(mark)} text-anchor="end" dominant-baseline="middle">
              {number(mark, priceAxis.places)}
            </text>
          </g>
        ))}
        {shareAxis.marks.map((mark) => (
          <text key={mark} x={x(mark)} y={height - margin.bottom + 18} text-anchor="middle">
            {number(mark * 100, 0)}
          </text>
        ))}
        <text x={width - margin.right} y={height - 6} text-anchor="end">
          {counted}
        </text>
        <text x={margin.left} y={height - 6}>
          {currency}/kWh
        </text>
        {curves.map(({ name, steps }, at) => <path key={name} d={lineOf(steps, x, y)} {...lookOf(at)} />).reverse()}
      </svg>
    </>
  );
}

function lookOf(at: number) {
  const tone = tones[at % tones.length];
  return {
    class: `curve tone-${tone}`,
    "stroke-width": at === 0 ? 3 : 2,
    "stroke-dasharray": dashes[at % dashes.length],
  };
}

function lineOf(steps: readonly CurveStep[], x: (share: number) => number, y: (price: number) => number): string {
  return steps
    .map(({ from, to, pricePerKwh }, at) => {
      const height = y(pricePerKwh).toFixed(1);
      return `${at === 0 ? `M${x(from).toFixed(1)},${height}` : `V${height}`}H${x(to).toFixed(1)}`;
    })
    .join("");
}
