/**
 * A machine that is laid out as one SVG file, light and dark by what the reader's screen asks for.
 *
 * States are rounded boxes with their name, below it what is done on entering and leaving, what runs meanwhile (`do`) and transitions that
 * leave no state; parallel states have a dashed border inside which all parts are active at once, final ones a double border.
 */
import { lineHeight, titleHeight } from "./chart-text.js";
import type { LaidOutMachine } from "./lay-out-machine.js";

type Node = LaidOutMachine["nodes"][number];
type Edge = LaidOutMachine["edges"][number];

const margin = 12;

const style = `
svg { color-scheme: light dark; --ink: #1d2733; --soft: #5a6b7d; --box: #ffffff; --group: #f3f6f9; --page: #ffffff; }
@media (prefers-color-scheme: dark) { svg { --ink: #e4ebf2; --soft: #9fb0c2; --box: #1b232c; --group: #141a21; --page: #0e1318; } }
.page { fill: var(--page); }
.box { fill: var(--box); stroke: var(--ink); stroke-width: 1.2; }
.group { fill: var(--group); }
.parallel { stroke-dasharray: 6 4; }
.inner { fill: none; stroke: var(--ink); stroke-width: 1; }
.rule { stroke: var(--soft); stroke-width: 0.6; }
.edge { fill: none; stroke: var(--soft); stroke-width: 1.3; }
.dot, .head { fill: var(--ink); }
text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); white-space: pre; }
.name { font-weight: 700; }
.line { fill: var(--soft); }
`;

/** @param title for readers who cannot see it */
export function drawMachine(machine: LaidOutMachine, title: string): string {
  const [width, height] = [machine.width + 2 * margin, machine.height + 2 * margin];
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    `<rect class="page" x="${-margin}" y="${-margin}" width="${width}" height="${height}"/>`,
    ...machine.nodes.map(drawState),
    ...machine.edges.map(drawLine),
    ...machine.edges.map(drawLabel),
    "</svg>",
  ]
    .filter((line) => line !== "")
    .join("\n")}\n`;
}

function drawState({ type, x, y, width, height, key, lines }: Node): string {
  const isGroup = type === "compound" || type === "parallel";
  const classes = ["box", ...(isGroup ? ["group"] : []), ...(type === "parallel" ? ["parallel"] : [])].join(" ");
  const inner =
    type === "final"
      ? `<rect class="inner" x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="5"/>`
      : "";
  const rule =
    lines.length === 0
      ? ""
      : `<line class="rule" x1="${x}" y1="${y + titleHeight - 2}" x2="${x + width}" y2="${y + titleHeight - 2}"/>`;
  const texts = lines.map(
    ({ text }, index) =>
      `<text class="line" x="${x + 10}" y="${y + titleHeight + 12 + index * lineHeight}">${escaped(text)}</text>`,
  );
  const box = `<rect class="${classes}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>`;
  return [box, inner, rule, `<text class="name" x="${x + 10}" y="${y + 17}">${escaped(key)}</text>`, ...texts].join("");
}

function drawLine({ sections, kind }: Edge): string {
  const [first] = sections;
  if (first === undefined) return "";
  const path = `<path class="edge" d="M${sections.map((point) => point.join(" ")).join("L")}" marker-end="url(#head)"/>`;
  return kind === "initial" ? `${path}<circle class="dot" cx="${first[0]}" cy="${first[1]}" r="5"/>` : path;
}

function drawLabel({ label }: Edge): string {
  if (label === null) return "";
  return label.lines
    .map((line, index) => `<text x="${label.x + 2}" y="${label.y + 12 + index * lineHeight}">${escaped(line)}</text>`)
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
