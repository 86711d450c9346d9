/** Limits of the embedded broker in an operator's own file: those that are named there, in the place of limits.ts. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import { InputError } from "../series/input-error.js";
import { type BrokerLimits, brokerLimits } from "./limits.js";

const names = Object.keys(brokerLimits) as (keyof BrokerLimits)[];
const number = z.number().positive().max(Number.MAX_SAFE_INTEGER);
const schema = z.strictObject(Object.fromEntries(names.map((name) => [name, number.optional()])));

/**
 * @param file YAML or JSON: `mostConnections: 20000` and so on, each name as in limits.ts
 * @throws InputError naming the file and what is wrong in it
 */
export function readLimits(file: string): Partial<BrokerLimits> {
  const parsed = schema.safeParse(readYaml(file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys")
    throw new InputError({ file, column: issue.keys[0] }, `no such limit; there are ${names.join(", ")}`);
  const column = issue?.path.map(String).join(".");
  throw new InputError({ file, column: column === "" ? undefined : column }, issue?.message ?? "it holds no limits");
}

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError({ file }, `it cannot be read: ${(error as Error).message}`);
  }
  try {
    return parse(text) ?? {};
  } catch (error) {
    throw new InputError({ file }, `no YAML: ${(error as Error).message.split("\n", 1)[0]}`);
  }
}
