/**
 * A mechanism of one's own from a TypeScript or JavaScript file: esbuild strips the types and bundles what it imports, since Node 20
 * loads no TypeScript. Relative imports and packages beside the file work; Node's own modules too.
 *
 * What it returns is checked before it counts (market/rules/checked-clearing.ts). It gets copies, so that it cannot change the book.
 */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";
import { type ClearingChecks, ClearingError, checkedClearing } from "../../market/rules/checked-clearing.js";
import { type Auction, mechanismNames } from "../../market/rules/mechanisms/mechanism.js";
import { InputError } from "../series/input-error.js";

type OwnClear = (orders: readonly unknown[], terms: unknown) => unknown;

const ownModule = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be lower-case letters, digits and -, at most 32, a letter first")
    .refine((name) => !mechanismNames.some((ours) => ours === name), "is the name of a mechanism of ours")
    .optional(),
  clear: z.custom<OwnClear>(
    (value) => typeof value === "function",
    "must be a function: export function clear(orders, terms)",
  ),
});

/**
 * @param path of the file, absolute or relative to where the program was started
 * @param checks left out: all. A test of the mechanism's properties lets it break the limits, to say so.
 * @throws InputError where the file cannot be loaded or is no mechanism
 */
export async function loadOwnMechanism(path: string, checks?: ClearingChecks): Promise<Auction> {
  return mechanismFromCode(await codeOf(path), path, checks);
}

/** What a journal remembers of a mechanism of one's own: its JavaScript with all that it imports. Undefined for one of ours. */
export async function ownMechanismCode(name: string, folder: string): Promise<string | undefined> {
  return isMechanismFile(name) ? codeOf(resolve(folder, name)) : undefined;
}

/** Whether a name is that of a file of one's own. */
export function isMechanismFile(name: string): boolean {
  return looksLikeFile.test(name);
}

const looksLikeFile = /[\\/]|\.[cm]?[jt]s$/;

/**
 * @param code as `ownMechanismCode` gave it
 * @param path of the file that it was made from: for its name, and for messages
 * @throws InputError where it cannot be loaded or is no mechanism
 */
export async function mechanismFromCode(code: string, path: string, checks?: ClearingChecks): Promise<Auction> {
  const exported = ownModule.safeParse({ ...(await imported(code, path)) });
  if (!exported.success) {
    const issue = exported.error.issues[0];
    throw new InputError(
      { file: path, column: issue?.path.join(".") },
      `${issue?.message ?? "is no mechanism"}; docs/write-a-mechanism.md shows how`,
    );
  }
  const { clear } = exported.data;
  const name = exported.data.name ?? nameFrom(path);
  return {
    kind: "auction",
    name,
    clears: "gate",
    clear: (orders, terms) => {
      let returned: unknown;
      try {
        returned = clear(
          orders.map((order) => ({ ...order })),
          { ...terms },
        );
      } catch (error) {
        throw new ClearingError(name, `clear threw: ${messageOf(error)}`);
      }
      return checkedClearing(name, orders, returned, checks);
    },
  };
}

/** `./Best_price.ts` is `best-price`. */
function nameFrom(path: string): string {
  const name = basename(path, extname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 32);
  if (name !== "" && !mechanismNames.some((ours) => ours === name)) return name;
  return `own-${name}`.replace(/-$/, "");
}

async function codeOf(path: string): Promise<string> {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new InputError({ file: path }, "there is no such file; name a mechanism of ours or the file of your own");
  }
  return bundled(file, path);
}

async function imported(code: string, path: string): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), "elecbay-mechanism-"));
  try {
    // A file, not a data: URL: what it throws then has lines that can be read.
    const output = join(folder, `${basename(path, extname(path))}.mjs`);
    writeFileSync(output, code);
    return (await import(pathToFileURL(output).href)) as object;
  } catch (error) {
    throw new InputError({ file: path }, `the file cannot be loaded: ${messageOf(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundled(file: string, path: string): Promise<string> {
  // Not at the top: the program starts faster without the compiler.
  const { build } = await import("esbuild");
  try {
    const { outputFiles } = await build({
      ...{ entryPoints: [file], absWorkingDir: dirname(file), bundle: true, write: false, logLevel: "silent" },
      ...{ format: "esm", platform: "node", target: "node20" },
    });
    return outputFiles[0]?.text ?? "";
  } catch (error) {
    throw compileError(error, path);
  }
}

const compileFailure = z.object({
  errors: z
    .array(z.object({ text: z.string(), location: z.object({ file: z.string(), line: z.number() }).nullable() }))
    .min(1),
});

function compileError(error: unknown, path: string): Error {
  const found = compileFailure.safeParse(error).data?.errors[0];
  if (found === undefined) return new InputError({ file: path }, `the file cannot be compiled: ${messageOf(error)}`);
  const file = found.location === null ? path : join(dirname(path), found.location.file);
  return new InputError({ file, line: found.location?.line }, `the file cannot be compiled: ${found.text}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
