/** What is written into a statechart, and how much room it takes: monospaced at 12 px, so that it can be measured without a browser. */
import type { DescribedEdge, DescribedState, MachineDescription } from "./machine-description.js";

/** Pixels of one character of 12 px monospace, with a little to spare. */
export const characterWidth = 7.3;
export const lineHeight = 16;
/** Above the first line of a box: its name. */
export const titleHeight = 26;
const padding = 10;
const longestLine = 34;

export interface ChartLine {
  readonly text: string;
  /** Id of the transition that it tells; null: none. */
  readonly edge: string | null;
}

/** What stands below a state's name. */
export function linesOfState(state: DescribedState, { edges }: MachineDescription): ChartLine[] {
  const plain = (word: string, names: readonly string[]): ChartLine[] =>
    names.map((name) => ({ text: `${word} / ${name}`, edge: null }));
  const inner = edges.filter(({ source, internal }) => internal && source === state.id);
  return [
    ...(state.description === null ? [] : [{ text: state.description, edge: null }]),
    ...(state.tags.length === 0 ? [] : [{ text: `tags: ${state.tags.join(", ")}`, edge: null }]),
    ...plain("entry", state.entry),
    ...plain("exit", state.exit),
    ...plain("do", state.invoke),
    ...inner.map((edge) => ({ text: innerText(edge), edge: edge.id })),
  ];
}

/** The lines of a transition's label. */
export function labelLines(edge: DescribedEdge): string[] {
  if (edge.kind === "initial") return edge.actions.length === 0 ? [] : [`/ ${edge.actions.join(", ")}`];
  const guard = edge.guard === null ? [] : [`[${edge.guard}]`];
  return [...joined([eventText(edge), ...guard], " "), ...joined(edge.actions, ", ", "/ ")];
}

/** `ALARM`, `after 500 ms`, `always`, `done (alarm)`, `any other`. */
export function eventText({ event, kind, delay }: DescribedEdge): string {
  if (kind === "always") return "always";
  if (kind === "after") return `after ${delay}`;
  if (kind === "done" || kind === "error") return `${kind} (${event.split(".").slice(3).join(".") || event})`;
  return event === "*" ? "any other" : event;
}

export function textWidth(lines: readonly string[]): number {
  return Math.ceil(Math.max(0, ...lines.map((line) => [...line].length)) * characterWidth);
}

/** Of a state's box, its children aside. */
export function stateSize(state: DescribedState, lines: readonly ChartLine[]): { width: number; height: number } {
  return {
    width: Math.max(60, textWidth([state.key, ...lines.map(({ text }) => text)]) + 2 * padding),
    height: titleHeight + lines.length * lineHeight + (lines.length === 0 ? 4 : padding),
  };
}

function innerText(edge: DescribedEdge): string {
  const guard = edge.guard === null ? "" : ` [${edge.guard}]`;
  return `${eventText(edge)}${guard} / ${edge.actions.length === 0 ? "nothing" : edge.actions.join(", ")}`;
}

/** Words put together to lines of bounded length. */
function joined(words: readonly string[], separator: string, first = ""): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + separator.length + word.length <= longestLine) {
      lines[lines.length - 1] = `${last}${separator}${word}`;
    } else {
      if (last !== undefined) lines[lines.length - 1] = `${last}${separator}`.trimEnd();
      lines.push(last === undefined ? `${first}${word}` : `${" ".repeat(first.length)}${word}`);
    }
  }
  return lines;
}
