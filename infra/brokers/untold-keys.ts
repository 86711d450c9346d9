/**
 * Keys that were drawn and that a broker which takes them in the clear alone has not confirmed yet: kept in the state folder for that moment, so
 * that whoever's key was renewed when the market was killed is not locked out until the next one.
 *
 * `untold-keys.json`, for its owner alone, beside the secret that opens everything anyway; in no backup, and gone when nothing waits.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { readJson } from "../../market/door/decode.js";
import { makeFolder, privateMode } from "../make-folder.js";
import type { Account } from "../mqtt/accounts.js";
import { isKeyOf } from "../registry/keys.js";

export interface UntoldKeys {
  /** Before the key holds. */
  keep(username: string, key: string): void;
  /** The broker has it, or it holds no more. */
  drop(username: string, key: string): void;
  /** Those that hold, of these accounts; the others are dropped. */
  holding(accounts: readonly Account[]): Promise<ReadonlyMap<string, string>>;
}

const kept = z.object({ keys: z.array(z.tuple([z.string(), z.string()])) });

export function openUntoldKeys(stateFolder: string): UntoldKeys {
  const file = join(stateFolder, "untold-keys.json");
  let keys = existsSync(file) ? (kept.safeParse(readJson(readFileSync(file, "utf8"))).data?.keys ?? []) : [];

  function write(next: typeof keys): void {
    if (next.length === 0 && keys.length === 0) return;
    keys = next;
    if (keys.length === 0) {
      rmSync(file, { force: true });
      return;
    }
    makeFolder(stateFolder, privateMode);
    writeFileSync(`${file}.new`, JSON.stringify({ keys }), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }

  return {
    keep: (username, key) => write([...keys, [username, key]]),
    drop: (username, key) => write(keys.filter(([name, one]) => name !== username || one !== key)),
    async holding(accounts) {
      const hashes = new Map(accounts.map((account) => [account.username, account.key]));
      const found = new Map<string, string>();
      for (const [username, key] of keys) {
        const hash = hashes.get(username);
        if (hash !== undefined && (await isKeyOf(key, hash))) found.set(username, key);
      }
      write(keys.filter(([username, key]) => found.get(username) === key));
      return found;
    },
  };
}
