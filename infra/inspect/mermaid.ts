/** A machine as Mermaid's `stateDiagram-v2`, for pages that draw such text. Initial dots, guards, actions; inner transitions as notes. */
import { eventText, linesOfState } from "./chart-text.js";
import type { DescribedEdge, DescribedState, MachineDescription } from "./machine-description.js";

export function mermaidOf(description: MachineDescription): string {
  const names = namesOf(description);
  const root = description.nodes.find(({ parent }) => parent === null);
  const lines = root === undefined ? [] : inside(root, description, names, 1);
  return `${["stateDiagram-v2", ...lines].join("\n")}\n`;
}

/** Mermaid takes neither dots nor dashes in names. */
function namesOf({ nodes }: MachineDescription): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id }) => [id, id.replaceAll(/[^A-Za-z0-9]/g, "_")]));
}

function inside(
  state: DescribedState,
  all: MachineDescription,
  names: ReadonlyMap<string, string>,
  depth: number,
): string[] {
  const indent = "  ".repeat(depth);
  const name = (id: string): string => names.get(id) ?? id;
  const own = `state "${quoted(state.key)}" as ${name(state.id)}`;
  const notes = linesOfState(state, all);
  const note =
    notes.length === 0
      ? []
      : [
          `${indent}note right of ${name(state.id)}`,
          ...notes.map(({ text }) => `${indent}  ${quoted(text)}`),
          `${indent}end note`,
        ];
  const children = all.nodes.filter(({ parent }) => parent === state.id);
  if (children.length === 0) {
    const ends = state.type === "final" ? [`${indent}${name(state.id)} --> [*]`] : [];
    return [`${indent}${own}`, ...ends, ...note];
  }
  const parts = children.flatMap((child, index) => [
    ...(state.type === "parallel" && index > 0 ? [`${indent}  --`] : []),
    ...inside(child, all, names, depth + 1),
  ]);
  const begins = state.initial === null ? [] : [`${indent}  [*] --> ${name(state.initial)}`];
  const own_edges = edgesIn(state, all).map((edge) => `${indent}  ${arrow(edge, name)}`);
  return [`${indent}${own} {`, ...begins, ...parts, ...own_edges, `${indent}}`, ...note];
}

/** Transitions between the children of a state; those that leave the machine's own border are told at the outermost one. */
function edgesIn(state: DescribedState, { edges, nodes }: MachineDescription): readonly DescribedEdge[] {
  const parentOf = new Map(nodes.map(({ id, parent }) => [id, parent]));
  return edges.filter(({ source, kind, internal }) => {
    if (internal || kind === "initial") return false;
    return (parentOf.get(source) ?? source) === state.id;
  });
}

function arrow(edge: DescribedEdge, name: (id: string) => string): string {
  const guard = edge.guard === null ? "" : ` [${edge.guard}]`;
  const actions = edge.actions.length === 0 ? "" : ` / ${edge.actions.join(", ")}`;
  return `${name(edge.source)} --> ${name(edge.target ?? edge.source)} : ${quoted(`${eventText(edge)}${guard}${actions}`)}`;
}

/** A colon or a quote would end the text. */
function quoted(text: string): string {
  return text.replaceAll('"', "'").replaceAll(":", "∶");
}
