/**
 * Places a machine's states and transitions with ELK (layered, downwards), the same for the same machine.
 *
 * All coordinates are absolute, in pixels. An initial transition begins at a dot of its own: the first of its bends is the dot's middle.
 * Slow (some 100 ms, the first time half a second to load): run it beside the market (layout-desk.ts), not in its thread.
 */

import Elk from "elkjs/lib/elk.bundled.js";
import type { ELK, ElkExtendedEdge, ElkNode } from "elkjs/lib/elk-api.js";
import type { InspectedMachine } from "../../shared/messages/inspection.js";
import { labelLines, lineHeight, linesOfState, stateSize, textWidth } from "./chart-text.js";
import type { DescribedEdge, DescribedState, MachineDescription } from "./machine-description.js";

/** Less what is told when it is published. */
export type LaidOutMachine = Omit<InspectedMachine, "v" | "ts" | "hash">;

const dot = 12;
const inside = 16;

const settings = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "org.eclipse.elk.json.edgeCoords": "ROOT",
  "org.eclipse.elk.json.shapeCoords": "ROOT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
  "elk.layered.spacing.nodeNodeBetweenLayers": "36",
  "elk.layered.spacing.edgeNodeBetweenLayers": "16",
  "elk.spacing.nodeNode": "36",
  "elk.spacing.edgeNode": "18",
  "elk.spacing.edgeEdge": "14",
  "elk.spacing.edgeLabel": "4",
};

/** Made when it is first needed: its code is large. */
let engine: ELK | undefined;

export async function layOutMachine(description: MachineDescription): Promise<LaidOutMachine> {
  engine ??= new (Elk as unknown as new () => ELK)();
  const drawn = description.edges.filter(({ internal }) => !internal);
  const root = description.nodes.find(({ parent }) => parent === null);
  if (root === undefined) throw new Error(`the machine ${description.machine} has no states`);
  const graph: ElkNode = await engine.layout({
    id: "graph",
    layoutOptions: { ...settings, "elk.padding": "[top=8,left=8,bottom=8,right=8]" },
    children: [shapeOf(root, description)],
    edges: drawn.map(lineOf),
  } satisfies ElkNode as ElkNode);
  const shapes = new Map<string, ElkNode>();
  collect(graph, shapes);
  const lines = new Map((graph.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    machine: description.machine,
    nodes: description.nodes.map((state) => ({
      ...copied(state),
      ...boxOf(shapes.get(state.id)),
      lines: linesOfState(state, description),
    })),
    edges: description.edges.map((edge) =>
      belowTitle(
        placed(edge, lines.get(edge.id), shapes.get(dotOf(edge.source))),
        description,
        shapes.get(edge.source),
      ),
    ),
    width: Math.ceil(graph.width ?? 0),
    height: Math.ceil(graph.height ?? 0),
  };
}

const dotOf = (state: string): string => `${state}|dot`;

function shapeOf(state: DescribedState, description: MachineDescription): ElkNode {
  const { width, height } = stateSize(state, linesOfState(state, description));
  const children = description.nodes.filter(({ parent }) => parent === state.id);
  if (children.length === 0) return { id: state.id, width, height };
  const begin = state.initial === null ? [] : [{ id: dotOf(state.id), width: dot, height: dot }];
  return {
    id: state.id,
    children: [...begin, ...children.map((child) => shapeOf(child, description))],
    layoutOptions: {
      ...settings,
      "elk.padding": `[top=${height + 6},left=${inside},bottom=${inside},right=${inside}]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      "elk.nodeSize.minimum": `(${width},${height + 2 * inside})`,
    },
  };
}

function lineOf(edge: DescribedEdge): ElkExtendedEdge {
  const text = labelLines(edge);
  const labels =
    text.length === 0
      ? []
      : [
          {
            id: `${edge.id}|label`,
            text: text.join("\n"),
            width: textWidth(text) + 4,
            height: text.length * lineHeight,
          },
        ];
  const source = edge.kind === "initial" ? dotOf(edge.source) : edge.source;
  return { id: edge.id, sources: [source], targets: [edge.target ?? edge.source], labels };
}

function collect(node: ElkNode, found: Map<string, ElkNode>): void {
  found.set(node.id, node);
  for (const child of node.children ?? []) collect(child, found);
}

const rounded = (value: number | undefined): number => Math.round((value ?? 0) * 10) / 10;

function boxOf(shape: Partial<Record<"x" | "y" | "width" | "height", number>> | undefined) {
  return {
    x: rounded(shape?.x),
    y: rounded(shape?.y),
    width: rounded(shape?.width),
    height: rounded(shape?.height),
  };
}

function placed(edge: DescribedEdge, line: ElkExtendedEdge | undefined, begin: ElkNode | undefined) {
  const bends = (line?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) => [
    startPoint,
    ...bendPoints,
    endPoint,
  ]);
  const label = line?.labels?.[0];
  const box = boxOf(begin);
  const first = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const points = edge.kind === "initial" && begin !== undefined ? [first, ...bends.slice(1)] : bends;
  return {
    ...edge,
    actions: [...edge.actions],
    sections: points.map(({ x, y }): [number, number] => [rounded(x), rounded(y)]),
    label: label === undefined ? null : { ...boxOf(label), lines: labelLines(edge) },
  };
}

/** A line to a state inside begins below what is written into its own, not at the border above it. */
function belowTitle(
  edge: ReturnType<typeof placed>,
  description: MachineDescription,
  shape: ElkNode | undefined,
): ReturnType<typeof placed> {
  const state = description.nodes.find(({ id }) => id === edge.source);
  const [start, next, ...rest] = edge.sections;
  if (edge.kind === "initial" || shape?.children === undefined || state === undefined) return edge;
  if (start === undefined || next === undefined || start[0] !== next[0] || start[1] !== rounded(shape.y)) return edge;
  const below = rounded(start[1] + stateSize(state, linesOfState(state, description)).height);
  return below < next[1] ? { ...edge, sections: [[start[0], below], next, ...rest] } : edge;
}

function copied({ entry, exit, invoke, tags, ...rest }: DescribedState) {
  return { ...rest, entry: [...entry], exit: [...exit], invoke: [...invoke], tags: [...tags] };
}
