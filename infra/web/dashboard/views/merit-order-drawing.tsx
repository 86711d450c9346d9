/** The merit order as SVG: bids dashed, asks drawn through, so that nobody needs colours to tell them apart; the clearing point on top. */
import { niceAxis, scaleOf } from "../../page/axis.js";
import { number } from "../../page/formats.js";
import type { MeritOrder, Step } from "../model/merit-order.js";

export interface MeritOrderDrawingProps {
  readonly order: MeritOrder;
  readonly currency: string;
  /** What it shows, for whoever does not see it. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
}

const margin = { top: 26, right: 16, bottom: 40, left: 58 };

export function MeritOrderDrawing({ order, currency, label, width, height }: MeritOrderDrawingProps) {
  const energyAxis = niceAxis(0, order.mostKwh || 1, Math.max(2, Math.floor(width / 110)));
  const room = (order.mostPrice - order.leastPrice) * 0.06;
  const priceAxis = niceAxis(order.leastPrice - room, order.mostPrice + room, 5);
  const x = scaleOf(energyAxis, margin.left, width - margin.right);
  const y = scaleOf(priceAxis, height - margin.bottom, margin.top);
  const { clearing } = order;
  return (
    <svg class="merit-order" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
      <title>{label}</title>
      {priceAxis.marks.map((mark) => (
        <g key={mark}>
          <line class="grid" x1={margin.left} x2={width - margin.right} y1={y(mark)} y2={y(mark)} />
          <text x={margin.left - 8} y={y(mark)} text-anchor="end" dominant-baseline="middle">
            {number(mark, priceAxis.places)}
          </text>
        </g>
      ))}
      {energyAxis.marks.map((mark) => (
        <text key={mark} x={x(mark)} y={height - margin.bottom + 18} text-anchor="middle">
          {number(mark, energyAxis.places)}
        </text>
      ))}
      <text x={width - margin.right} y={height - 6} text-anchor="end">
        kWh, added up
      </text>
      <text x={2} y={12}>
        {currency}/kWh
      </text>
      <path class="asks area" d={areaOf(order.asks, x, y, height - margin.bottom)} />
      <path class="asks" d={lineOf(order.asks, x, y)} />
      <path class="bids" d={lineOf(order.bids, x, y)} />
      {clearing !== undefined && (
        <ClearingPoint x={x(clearing.volumeKwh)} y={y(clearing.pricePerKwh)} bottom={height - margin.bottom} />
      )}
    </svg>
  );
}

function ClearingPoint({ x, y, bottom }: { readonly x: number; readonly y: number; readonly bottom: number }) {
  return (
    <g class="clearing" data-testid="clearing-point">
      <line x1={margin.left} x2={x} y1={y} y2={y} />
      <line x1={x} x2={x} y1={y} y2={bottom} />
      <circle cx={x} cy={y} r="6" />
    </g>
  );
}

type Place = (value: number) => number;

function lineOf(steps: readonly Step[], x: Place, y: Place): string {
  return steps
    .map(({ pricePerKwh, fromKwh, toKwh }, at) => {
      const [from, to, height] = [x(fromKwh), x(toKwh), y(pricePerKwh)].map((px) => px.toFixed(1));
      return `${at === 0 ? `M${from},${height}` : `V${height}`}H${to}`;
    })
    .join("");
}

function areaOf(steps: readonly Step[], x: Place, y: Place, bottom: number): string {
  const last = steps.at(-1);
  if (last === undefined) return "";
  return `${lineOf(steps, x, y)}V${bottom}H${x(0)}Z`;
}
