/** `elecbay broker-files`: what a Mosquitto broker reads before it starts. */

import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { mosquittoFiles } from "../main/mosquitto-files.js";
import { registeredIn } from "../main/registered-accounts.js";
import { loadSecrets } from "../main/secrets.js";
import { makeFolder } from "../make-folder.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { botsOption, type Folders, stateOption } from "./options.js";

interface BrokerFilesFlags {
  readonly state: string;
  readonly out: string;
  readonly bots?: number;
}

export function addBrokerFilesCommand(program: Command, folders: Folders): void {
  program
    .command("broker-files")
    .description(
      "Write the accounts and the access list of a Mosquitto broker, as its plugin and as its files have them.",
    )
    .argument("[scenario]", "scenario file", join(folders.scenariosFolder, "swarm.yaml"))
    .addOption(stateOption("the market's state folder: passwords come from it"))
    .requiredOption("--out <folder>", "folder for `dynamic-security.json`, `passwords` and `access`")
    .addOption(botsOption())
    .addHelpText(
      "after",
      `
Examples:
  $ elecbay broker-files scenarios/swarm.yaml --bots 20 --state .elecbay --out mosquitto`,
    )
    .action(async (path: string, { state, out, bots }: BrokerFilesFlags) => {
      const scenario = await loadScenario(path, { overrides: bots === undefined ? {} : { bots } });
      const files = mosquittoFiles(scenario.terms, scenario.guests, loadSecrets(state), registeredIn(state));
      makeFolder(out);
      const named = { "dynamic-security.json": files.plugin, passwords: files.passwords, access: files.access };
      for (const [name, text] of Object.entries(named)) {
        writeFileSync(join(out, name), text);
        // The broker reads them as a user of its own; the folder is what keeps others out.
        chmodSync(join(out, name), 0o644);
      }
      process.stdout.write(`wrote ${new Intl.ListFormat("en-GB").format(Object.keys(named))} in ${out}\n`);
    });
}
