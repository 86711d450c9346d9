/**
 * A sandbox: a market to try things in beside the real one, on the same machine. It shares nothing with it: another name in its topics, play
 * money, its own broker and ports, its own state folder, and so its own keys and journals.
 */
import { type Command, CommanderError } from "commander";
import type { LoadOptions } from "../scenario/load-scenario.js";

/** What another market on the machine is likely to have is moved aside, where nobody named it. */
const ownDefaults = { mqttPort: 1884, restPort: 5002, state: ".elecbay-sandbox" } as const;

/** XTS is the currency code of ISO 4217 for testing. */
export const sandboxOverrides: LoadOptions["overrides"] = { market: "sandbox", currency: "XTS" };

interface SandboxFlags {
  readonly sandbox?: true;
  readonly broker?: string;
  readonly mqttPort: number;
  readonly restPort: number;
  readonly state: string;
}

/** The flags as they hold in a sandbox; as they are without one. @throws CommanderError where it would share a broker */
export function sandboxed<Flags extends SandboxFlags>(flags: Flags, command: Command): Flags {
  if (flags.sandbox !== true) return flags;
  if (flags.broker !== undefined) {
    const complaint =
      "error: a sandbox has its own broker, so that nothing leaks into the real market; leave --broker out";
    process.stderr.write(`${complaint}\n`);
    throw new CommanderError(2, "elecbay.sandbox", complaint);
  }
  const isOurs = (name: keyof typeof ownDefaults): boolean => command.getOptionValueSource(name) === "default";
  const moved = Object.entries(ownDefaults).filter(([name]) => isOurs(name as keyof typeof ownDefaults));
  return { ...flags, ...Object.fromEntries(moved) };
}
