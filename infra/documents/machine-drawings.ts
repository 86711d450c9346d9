/** docs/machines: every machine drawn from the code, and the page that shows them all. Pure but for the layout, which repeats. */
import { describeMachine } from "../inspect/describe-machine.js";
import { drawMachine } from "../inspect/draw-machine.js";
import { layOutMachine } from "../inspect/lay-out-machine.js";
import { mermaidOf } from "../inspect/mermaid.js";
import { ownMachines } from "../inspect/own-machines.js";

/** Files of docs/machines by name. */
export async function machineDrawings(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { machine, what } of ownMachines) {
    files.set(
      `${machine.id}.svg`,
      drawMachine(await layOutMachine(describeMachine(machine)), `${machine.id}: ${what}`),
    );
  }
  files.set("README.md", page());
  return files;
}

function page(): string {
  const sections = ownMachines.map(({ machine, what, source }) =>
    [
      `## ${machine.id}`,
      `${what} Source: [${source}](../../${source}).`,
      `![${machine.id}](${machine.id}.svg)`,
      `<details><summary>As Mermaid</summary>\n\n\`\`\`mermaid\n${mermaidOf(describeMachine(machine))}\`\`\`\n\n</details>`,
    ].join("\n\n"),
  );
  return `${[
    "# The machines",
    "Every state machine of this program, drawn from its code by `npm run docs`. Do not edit: a test fails when a drawing is out of date.",
    "A box is a state. Below its name stands what is done on entering (`entry`) and leaving (`exit`), what runs meanwhile (`do`), and what it answers without leaving (`EVENT [guard] / action`). A dot marks where a state begins, a dashed border that all its parts are active at once, a double border an end. An arrow says `EVENT [guard] / actions`; `always` is taken as soon as its guard holds. The running ones show in the inspector: [inspect.md](../inspect.md).",
    ...sections,
  ].join("\n\n")}\n`;
}
