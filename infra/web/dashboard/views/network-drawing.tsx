/** The map as SVG: a substation, its feeders, a box for each connection point, a house for each participant. */
import { number } from "../../page/formats.js";
import type { ConnectionPoint } from "../model/connection-points.js";
import { homeAt, left, networkLayout, type PlacedPoint } from "../model/network-layout.js";
import type { ParticipantRow } from "../model/participant-row.js";

export interface NetworkDrawingProps {
  readonly points: readonly ConnectionPoint[];
  readonly width: number;
  /** Whom the DSO limits, and to what. */
  readonly limited: ReadonlyMap<string, string>;
  /** What it shows, for whoever does not see it. */
  readonly label: string;
}

const mostLetters = 10;

export function NetworkDrawing({ points, width, limited, label }: NetworkDrawingProps) {
  const layout = networkLayout(
    points.map(({ members }) => members.length),
    width,
  );
  const [first] = layout.feeders;
  const last = layout.feeders.at(-1);
  return (
    <svg class="network" viewBox={`0 0 ${width} ${layout.height}`} width={width} height={layout.height} role="img">
      <title>{label}</title>
      {first !== undefined && last !== undefined && <line class="wire" x1="22" x2="22" y1={first.y} y2={last.y} />}
      {layout.feeders.map(({ y, toX }) => (
        <line key={y} class="wire" x1="22" x2={toX} y1={y} y2={y} />
      ))}
      <rect class="substation" x="10" y={(first?.y ?? 18) - 12} width="24" height="24" rx="4" />
      <path class="bolt" d={`M24 ${(first?.y ?? 18) - 8}l-6 9h5l-2 7 7-10h-5z`} />
      {layout.points.map((placed) => {
        const point = points[placed.index];
        return point === undefined ? null : <Point key={point.name} {...{ point, placed, limited }} />;
      })}
    </svg>
  );
}

interface PointProps {
  readonly point: ConnectionPoint;
  readonly placed: PlacedPoint;
  readonly limited: ReadonlyMap<string, string>;
}

function Point({ point, placed, limited }: PointProps) {
  const { x, y, width, height } = placed;
  const middle = x + width / 2;
  return (
    <g>
      <line class="wire" x1={middle} x2={middle} y1={y - 22} y2={y} />
      <circle class="joint" cx={middle} cy={y - 22} r="4" />
      <rect class={`point ${point.name === null ? "unnamed" : ""}`} {...{ x, y, width, height }} rx="8" />
      <text class="name" x={x + 9} y={y + 17}>
        {point.name ?? "not named"}
      </text>
      <text class="amount" x={x + width - 9} y={y + 17} text-anchor="end">
        {width > left * 2 ? `${number(point.capacityKw, 0)} kW` : ""}
      </text>
      {point.members.map((member, place) => (
        <Home key={member.id} member={member} limit={limited.get(member.id)} {...homeAt(placed, place)} />
      ))}
    </g>
  );
}

interface HomeProps {
  readonly member: ParticipantRow;
  readonly limit: string | undefined;
  readonly x: number;
  readonly y: number;
}

function Home({ member, limit, x, y }: HomeProps) {
  const { id, isOnline, battery, tariff } = member;
  const share = battery === undefined || battery.capacityKwh <= 0 ? 0 : battery.storedKwh / battery.capacityKwh;
  const middle = x + 43;
  return (
    <g class={`home ${isOnline ? "on" : "off"} ${limit === undefined ? "" : "limited"}`}>
      <title>
        {[
          ...[id, isOnline ? "online" : "away", `${number(tariff?.capacityKw, 1)} kW`],
          ...(tariff?.phase == null ? [] : [`phase ${tariff.phase}`]),
          ...(battery === undefined
            ? []
            : [`battery ${number(battery.storedKwh, 1)} of ${number(battery.capacityKwh, 1)} kWh`]),
          ...(limit === undefined ? [] : [`limited: ${limit}`]),
        ].join(", ")}
      </title>
      <path class="house" d={`M${middle - 14} ${y + 17}l14-12 14 12v15h-28z`} />
      {battery !== undefined && (
        <>
          <rect class="cell" x={middle + 18} y={y + 9} width="8" height="22" rx="2" />
          <rect class="charge" x={middle + 19.5} y={y + 29.5 - 19 * share} width="5" height={19 * share} />
        </>
      )}
      {tariff?.phase != null && (
        <text class="phase" x={middle} y={y + 28} text-anchor="middle">
          {tariff.phase}
        </text>
      )}
      <text x={middle} y={y + 47} text-anchor="middle">
        {id.length > mostLetters ? `${id.slice(0, mostLetters - 1)}…` : id}
      </text>
      {limit !== undefined && (
        <text class="limit" x={middle - 24} y={y + 20} text-anchor="middle">
          !
        </text>
      )}
    </g>
  );
}
