/** `elecbay broker-files`: what an outside broker reads before it starts. */
import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { mosquittoFiles } from "../main/mosquitto-files.js";
import { registeredIn } from "../main/registered-accounts.js";
import { loadSecrets } from "../main/secrets.js";
import { makeFolder } from "../make-folder.js";
import { natsConfiguration } from "../nats/nats-configuration.js";
import { natsKeys } from "../nats/nats-keys.js";
import { loadScenario } from "../scenario/load-scenario.js";
import { botsOption, type Folders, stateOption } from "./options.js";

const pluginFileName = "dynamic-security.json";

interface BrokerFilesFlags {
  readonly for: "mosquitto" | "nats";
  readonly state: string;
  readonly out: string;
  readonly bots?: number;
}

export function addBrokerFilesCommand(program: Command, folders: Folders): void {
  program
    .command("broker-files")
    .description("Write what a Mosquitto broker or a NATS server reads before it serves a market (docs/brokers.md).")
    .argument("[scenario]", "scenario file", join(folders.scenariosFolder, "swarm.yaml"))
    .addOption(new Option("--for <broker>", "which broker").choices(["mosquitto", "nats"]).default("mosquitto"))
    .addOption(stateOption("the market's state folder: passwords come from it"))
    .requiredOption("--out <folder>", "folder for the files: Mosquitto's plugin writes there too")
    .addOption(botsOption())
    .addHelpText(
      "after",
      `
Examples:
  $ elecbay broker-files scenarios/swarm.yaml --bots 20 --state .elecbay --out mosquitto
  $ elecbay broker-files --for nats --state .elecbay --out nats

Stop the broker first: Mosquitto's plugin writes its file anew while it runs.`,
    )
    .action(async (path: string, flags: BrokerFilesFlags) => {
      const files = flags.for === "nats" ? await natsFiles(flags) : await filesOfMosquitto(path, flags);
      makeFolder(flags.out);
      for (const [name, text] of Object.entries(files)) writeFor(join(flags.out, name), text);
      const names = new Intl.ListFormat("en-GB").format(Object.keys(files));
      process.stdout.write(`wrote ${names} in ${flags.out}\n`);
    });
}

async function filesOfMosquitto(path: string, { state, bots }: BrokerFilesFlags): Promise<Record<string, string>> {
  const scenario = await loadScenario(path, { overrides: bots === undefined ? {} : { bots } });
  const files = mosquittoFiles(scenario.terms, scenario.guests, loadSecrets(state), registeredIn(state));
  return { [pluginFileName]: files.plugin, passwords: files.passwords, access: files.access };
}

async function natsFiles({ state, out }: BrokerFilesFlags): Promise<Record<string, string>> {
  const keys = await natsKeys(loadSecrets(state).seedOf);
  return { "nats.conf": natsConfiguration(keys, resolve(out, "jetstream")) };
}

/** In the place of one that the broker may have made its own. */
function writeFor(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  // The plugin must own its file, to write it anew; the others a broker reads as a user of its own, and the folder is what keeps others out.
  chmodSync(`${file}.new`, file.endsWith(pluginFileName) ? 0o600 : 0o644);
  renameSync(`${file}.new`, file);
}
