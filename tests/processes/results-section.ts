/** A part of docs/results.md that a script writes: between two comments with its name. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** Takes the place of the part of this name, or is added at the end. */
export function writeResultsSection(file: string, name: string, text: string): void {
  const [begin, end] = [`<!-- ${name}: written by a script -->`, `<!-- end of ${name} -->`];
  const part = `${begin}\n${text.trim()}\n${end}`;
  const before = existsSync(file) ? readFileSync(file, "utf8") : "# Results\n";
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const after =
    from === -1 || to === -1
      ? `${before.trimEnd()}\n\n${part}\n`
      : `${before.slice(0, from)}${part}${before.slice(to + end.length)}`;
  writeFileSync(file, after);
}

/** Rows under a head as a table of Markdown: the first column as text, the others as figures. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
