import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { machineDrawings } from "../../../infra/documents/machine-drawings.js";
import { describeMachine } from "../../../infra/inspect/describe-machine.js";
import { unnamed } from "../../../infra/inspect/names-of-logic.js";
import { ownMachines } from "../../../infra/inspect/own-machines.js";

const root = new URL("../../../", import.meta.url);
const folder = new URL("docs/machines/", root);

describe("docs/machines", () => {
  it("shows every machine as the code has it: `npm run docs` draws them anew", async () => {
    const drawn = await machineDrawings();
    expect(readdirSync(folder).sort()).toEqual([...drawn.keys()].sort());
    const outOfDate = [...drawn].filter(([name, text]) => readFileSync(new URL(name, folder), "utf8") !== text);
    expect(outOfDate.map(([name]) => name)).toEqual([]);
  }, 30_000);

  it("leaves no machine of the program out", () => {
    const files = ["market", "agents"].flatMap((room) =>
      readdirSync(new URL(room, root), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".machine.ts"))
        .map((file) => `${room}/${file}`),
    );
    expect(ownMachines.map(({ source }) => source).sort()).toEqual(files.sort());
  });

  it.each(ownMachines)("has a name for every guard, action, delay and actor of $machine.id", ({ machine }) => {
    expect(JSON.stringify(describeMachine(machine))).not.toContain(unnamed);
  });
});
