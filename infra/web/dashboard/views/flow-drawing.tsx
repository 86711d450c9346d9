/** An energy flow as a Sankey drawing: nodes stand in a fixed order in which their bands do not cross. */
import { type SankeyLink, type SankeyNode, sankey } from "d3-sankey";
import { energy, withUnit } from "../../page/formats.js";
import { type FlowLink, type FlowNode, flowNodes, totalOf } from "../model/flows.js";

interface Node {
  readonly name: FlowNode;
}
interface Link {
  readonly value: number;
}
type Placed = SankeyNode<Node, Link>;

export const nodeNames: Readonly<Record<FlowNode, string>> = {
  ...{ generation: "Generation", "battery-out": "From batteries", supplier: "Supplier", neighbours: "Neighbours" },
  ...{ export: "Export", "battery-in": "To batteries", load: "Load" },
};

export interface FlowDrawingProps {
  readonly links: readonly FlowLink[];
  readonly width: number;
  readonly height: number;
  /** What it shows, for whoever does not see it. */
  readonly label: string;
}

const margin = { top: 24, right: 2, bottom: 12, left: 2 };
const columnOf: Readonly<Record<FlowNode, number>> = {
  ...{ generation: 0, "battery-out": 0, supplier: 0, neighbours: 1, export: 2, "battery-in": 2, load: 2 },
};

export function FlowDrawing({ links, width, height, label }: FlowDrawingProps) {
  const { nodes, links: bands } = layout(links, width, height);
  return (
    <svg class="flow" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
      <title>{label}</title>
      {bands.map((band) => {
        const [from, to] = [(band.source as Placed).name, (band.target as Placed).name];
        return (
          <path
            key={`${from} ${to}`}
            class={`band ${from === "neighbours" ? "neighbours" : from}`}
            d={pathOf(band)}
            stroke-width={Math.max(1, band.width ?? 1)}
          >
            <title>{`${nodeNames[from]} to ${nodeNames[to]}: ${withUnit(energy(band.value))}`}</title>
          </path>
        );
      })}
      {nodes.map((node) => (
        <NodeMark key={node.name} node={node} total={totalOf(links, node.name)} width={width} />
      ))}
    </svg>
  );
}

function layout(links: readonly FlowLink[], width: number, height: number) {
  const used = flowNodes.filter((name) => totalOf(links, name as FlowNode) > 0) as FlowNode[];
  const make = sankey<Node, Link>()
    .nodeId(({ name }) => name)
    .nodeAlign(({ name }) => columnOf[name])
    .nodeWidth(14)
    .nodePadding(Math.max(22, height / 9))
    // In the order given.
    .nodeSort(null)
    .linkSort(null)
    .extent([
      [margin.left, margin.top],
      [width - margin.right, height - margin.bottom],
    ]);
  // It writes into what it is given.
  const graph = make({
    nodes: used.map((name) => ({ name })),
    links: links.map(({ source, target, energyKwh }) => ({ source, target, value: energyKwh })),
  });
  for (const node of graph.nodes) if (columnOf[node.name] === 1) straighten(node);
  return make.update(graph);
}

/**
 * All bands bend in the same way from the left to the right, those that a node in the middle interrupts in two halves: so they keep the
 * distance that they have at their ends and at the node, and none runs over another.
 */
function pathOf({ source, target, y0 = 0, y1 = 0 }: SankeyLink<Node, Link>): string {
  const [from, to] = [source as Placed, target as Placed];
  const [x0, x1] = [from.x1 ?? 0, to.x0 ?? 0];
  if (columnOf[to.name] === 1) {
    const middle = ((to.x0 ?? 0) + (to.x1 ?? 0)) / 2;
    return `M${x0},${y0}C${(x0 + middle) / 2},${y0},${(x0 + 3 * middle) / 4},${(y0 + y1) / 2},${middle},${y1}`;
  }
  if (columnOf[from.name] === 1) {
    const middle = ((from.x0 ?? 0) + (from.x1 ?? 0)) / 2;
    return `M${middle},${y0}C${(3 * middle + x1) / 4},${(y0 + y1) / 2},${(middle + x1) / 2},${y1},${x1},${y1}`;
  }
  const middle = (x0 + x1) / 2;
  return `M${x0},${y0}C${middle},${y0},${middle},${y1},${x1},${y1}`;
}

/** Puts a node between the ends of its bands: a band that bends there would run over those that pass it by. */
function straighten(node: Placed): void {
  const { sourceLinks = [], targetLinks = [], y0 = 0, y1 = 0 } = node;
  const ends = [
    ...sourceLinks.map(({ value, y1: end = 0 }) => ({ value, end })),
    ...targetLinks.map(({ value, y0: end = 0 }) => ({ value, end })),
  ];
  const total = ends.reduce((sum, { value }) => sum + value, 0);
  if (total === 0) return;
  const shift = ends.reduce((sum, { value, end }) => sum + value * end, 0) / total - (y0 + y1) / 2;
  node.y0 = y0 + shift;
  node.y1 = y1 + shift;
}

function NodeMark({ node, total, width }: { readonly node: Placed; readonly total: number; readonly width: number }) {
  const { x0 = 0, x1 = 0, y0 = 0, y1 = 0, name } = node;
  const column = columnOf[name];
  const [x, anchor] =
    column === 0 ? [x0, "start"] : column === 1 ? [(x0 + x1) / 2, "middle"] : [Math.min(x1, width - 2), "end"];
  return (
    <g>
      <rect class={`node ${name}`} x={x0} y={y0} width={x1 - x0} height={Math.max(1.5, y1 - y0)} rx="2" />
      <text x={x} y={y0 - 7} text-anchor={anchor}>
        {nodeNames[name]} <tspan class="amount">{withUnit(energy(total))}</tspan>
      </text>
    </g>
  );
}
