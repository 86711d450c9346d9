/**
 * A machine as its node laid it out, with where one of its actors stands in it: active states filled and with a thick border and a dot, the
 * transitions taken last as thick lines with a framed label.
 */
import type { InspectedMachine } from "../../../../shared/messages/inspection.js";

type State = InspectedMachine["nodes"][number];
type Edge = InspectedMachine["edges"][number];

export interface StatechartProps {
  readonly machine: InspectedMachine;
  /** Ids of the states that are active. */
  readonly active: ReadonlySet<string>;
  /** Ids of the transitions taken last. */
  readonly last: ReadonlySet<string>;
  /** For whoever does not see it. */
  readonly label: string;
  /** Factor; undefined: as wide as there is room. */
  readonly zoom: number | undefined;
}

const margin = 6;
const titleHeight = 26;
const lineHeight = 16;

export function Statechart({ machine, active, last, label, zoom }: StatechartProps) {
  const [width, height] = [machine.width + 2 * margin, machine.height + 2 * margin];
  const size =
    zoom === undefined
      ? { width: "100%", maxWidth: `${width * 1.15}px`, minWidth: `${Math.min(width, width * 0.62)}px` }
      : { width: `${width * zoom}px` };
  // Lines that were taken are drawn on top of others that they cross.
  const edges = [...machine.edges].sort((one, other) => Number(last.has(one.id)) - Number(last.has(other.id)));
  return (
    <svg
      class="statechart"
      role="img"
      aria-label={label}
      viewBox={`${-margin} ${-margin} ${width} ${height}`}
      style={size}
      data-testid="statechart"
    >
      <defs>
        <Head id="head" />
        <Head id="head-last" />
      </defs>
      {machine.nodes.map((state) => (
        <StateBox key={state.id} {...{ state, last, isActive: active.has(state.id) }} />
      ))}
      {edges.map((edge) => (
        <EdgeLine key={edge.id} edge={edge} isLast={last.has(edge.id)} />
      ))}
      {edges.map((edge) => (
        <EdgeLabel key={edge.id} edge={edge} isLast={last.has(edge.id)} />
      ))}
    </svg>
  );
}

function Head({ id }: { readonly id: string }) {
  return (
    <marker
      {...{ id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9 }}
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path class={id} d="M0 0 8 4 0 8z" />
    </marker>
  );
}

interface StateBoxProps {
  readonly state: State;
  readonly isActive: boolean;
  readonly last: ReadonlySet<string>;
}

function StateBox({ state, isActive, last }: StateBoxProps) {
  const { id, type, x, y, width, height, key, lines } = state;
  const isGroup = type === "compound" || type === "parallel";
  const classes = ["state", type, ...(isGroup ? ["group"] : []), ...(isActive ? ["active"] : [])].join(" ");
  return (
    <g class={classes} data-state={id} data-active={isActive}>
      <rect class="box" {...{ x, y, width, height, rx: 8 }} />
      {type === "final" && (
        <rect class="inner" {...{ x: x + 3, y: y + 3 }} width={width - 6} height={height - 6} rx={5} />
      )}
      {lines.length > 0 && <line class="rule" {...{ x1: x, y1: y + 24, x2: x + width, y2: y + 24 }} />}
      {isActive && <circle class="here" {...{ cx: x + width - 11, cy: y + 13, r: 4.5 }} />}
      <text class="key" x={x + 10} y={y + 17}>
        {key}
      </text>
      {lines.map(({ text, edge }, index) => {
        const top = y + titleHeight + index * lineHeight;
        const isLast = edge !== null && last.has(edge);
        return (
          <g key={`${edge} ${text}`} class={isLast ? "inside last" : "inside"} data-edge={edge} data-last={isLast}>
            {isLast && <rect class="frame" {...{ x: x + 4, y: top, width: width - 8, height: lineHeight, rx: 3 }} />}
            <text x={x + 10} y={top + 12}>
              {text}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function EdgeLine({ edge, isLast }: { readonly edge: Edge; readonly isLast: boolean }) {
  const [first] = edge.sections;
  if (first === undefined) return null;
  return (
    <g class={isLast ? "edge last" : "edge"} data-edge={edge.id} data-last={isLast}>
      <path
        d={`M${edge.sections.map((point) => point.join(" ")).join("L")}`}
        marker-end={isLast ? "url(#head-last)" : "url(#head)"}
      />
      {edge.kind === "initial" && <circle class="dot" cx={first[0]} cy={first[1]} r={5} />}
    </g>
  );
}

function EdgeLabel({ edge: { label, kind }, isLast }: { readonly edge: Edge; readonly isLast: boolean }) {
  if (label === null) return null;
  const { x, y, width, height } = label;
  return (
    <g class={`label ${kind}${isLast ? " last" : ""}`}>
      {isLast && <rect class="frame" {...{ x: x - 2, y: y - 1, width: width + 4, height: height + 2, rx: 4 }} />}
      {label.lines.map((line, index) => (
        <text key={line} x={x + 2} y={y + 12 + index * lineHeight}>
          {line}
        </text>
      ))}
    </g>
  );
}
